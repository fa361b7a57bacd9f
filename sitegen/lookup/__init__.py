"""Papers looked up by title at a service on the network: a paper in, what was found and what nearly fits out.

`services` says how each service is asked and its answers are read, `client` asks politely, `judging`
decides. With `network` the only room that speaks to other hosts.
"""

from __future__ import annotations

from sitegen.lookup.client import Client, Closed, Unreachable
from sitegen.lookup.judging import Near, Verdict, judge, written_id
from sitegen.lookup.services import SERVICES, Refused, Service
from sitegen.model import Entry

__all__ = [
    "SERVICES",
    "Client",
    "Closed",
    "Near",
    "Refused",
    "Service",
    "Unreachable",
    "Verdict",
    "look_up",
    "written_id",
]


def look_up(client: Client, service: Service, paper: Entry) -> Verdict:
    """Return what a service has of a paper; further questions are asked only while nothing is found.

    Raises what `Client.ask` raises.
    """
    answers: list[Entry] = []
    verdict = Verdict()
    for question in service.questions(paper.title):
        answers += client.ask(question, service.read)
        verdict = judge(paper, answers)
        if verdict.found:
            break
    return verdict
