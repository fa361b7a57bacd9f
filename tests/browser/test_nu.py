"""The Nu HTML checker, which is the W3C's, reads every page and stylesheet and finds no error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from browser.served import Served
from browser.tools import nu_checker

SOUND = '<!DOCTYPE html><html lang="en"><head><title>Sound</title></head><body><p>Text</p></body></html>'


def errors(folder: Path) -> list[str]:
    """Return what the checker calls an error, with its file and line."""
    ran = nu_checker("--skip-non-html", "--also-check-css", "--format", "json", folder)
    messages = json.loads(ran.stderr)["messages"]
    return [
        f"{message['url'].partition(f'{folder}/')[2]}:{message.get('lastLine', 0)}: {message['message']}"
        for message in messages
        if message["type"] != "info"
    ]


@pytest.mark.parametrize("name", ["digest", "wide"])
def test_every_page_is_valid(name: str, request: pytest.FixtureRequest) -> None:
    served: Served = request.getfixturevalue(name)
    found = errors(served.folder)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("page.html", SOUND.replace("<p>", "<p id=a><p id=a>"), "Duplicate ID “a”."),
        ("deep/down/page.html", SOUND.replace("</p>", "</p></p>"), "No “p” element"),
        ("style.css", "p { colour: red }", "Property “colour” doesn't exist"),
    ],
)
def test_the_checker_sees_a_planted_error(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "sound.html").write_text(SOUND, "utf-8")
    (tmp_path / file).write_text(text, "utf-8")
    found = errors(tmp_path)
    assert found
    assert all(problem.startswith(f"{file}:") for problem in found)
    assert complaint in "\n".join(found)
