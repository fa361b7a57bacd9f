"""What a preview will show of the content as it lies there: planned on warm memory, and not made yet."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from sitegen.build import Draft, rebuild
from sitegen.cache import open_memory, save_memory
from sitegen.config import Surroundings, load_config
from sitegen.model import Document, Planned
from sitegen.recall import programs
from sitegen.serve.coming import Coming
from sitegen.serve.made import Made
from sitegen.serve.preview import Preview
from sitegen.serve.rules import Rules, read_redirects, read_rules
from sitegen.serve.sight import Sight, inputs_of

_REDIRECTS = "_redirects"
"""A host reads this file and does not serve it."""


class Plan(Struct, frozen=True):
    """A site that is planned, and how it is served."""

    draft: Draft
    base_path: str
    rules: Rules

    def preview(self, made: Made, coming: Coming | None) -> Preview:
        """Return the preview of what is made and what is coming."""
        files = dict(made.files) | dict.fromkeys(coming.left if coming else (), "")
        files.pop(_REDIRECTS, None)
        found = (planned.target for planned in reversed(self.draft.planned) if planned.path == _REDIRECTS)
        rules = self.rules
        if isinstance(document := next(found, None), Document):
            own = read_redirects(document.text, self.base_path)
            rules = replace(rules, redirects=(*own, *rules.redirects))
        papers = self.draft.report.search.papers
        return Preview(self.base_path, MappingProxyType(files), rules, papers, coming=coming)

    def left(self, made: Made) -> list[Planned]:
        """Return what is not made."""
        vouchers = made.vouchers
        return [
            planned
            for planned in self.draft.planned
            if (voucher := vouchers.get(planned.path)) is None or voucher.fingerprint != planned.fingerprint
        ]


class Planner:
    """Plans the site of one project again and again."""

    def __init__(self, root: Path, place: Path, surroundings: Surroundings, port: int, jobs: int) -> None:
        self._root, self._place, self._surroundings = root, place, surroundings
        self._host, self._jobs = f"http://localhost:{port}", jobs
        self._memory = open_memory(root, programs())

    def plan(self, sight: Sight) -> Plan:
        """Return the plan of what is seen; raise `BuildError`."""
        rules = read_rules(self._root)
        base_path = load_config(self._root, self._surroundings).base_path
        surroundings = replace(self._surroundings, base_url=f"{self._host}{base_path}")
        inputs = inputs_of(sight, surroundings)
        draft = rebuild(self._root, self._place, surroundings, inputs, self._memory, jobs=self._jobs)
        return Plan(draft, base_path, rules)

    def doubt(self) -> None:
        """Read the templates again: those that were read may be newer than what was seen."""
        self._memory.maker = None

    def save(self) -> None:
        """Write down what is worth remembering."""
        save_memory(self._root, self._memory)
