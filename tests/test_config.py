"""The configuration: what may stand in `site.toml`, which address wins, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import lay, problems_of

from sitegen.acceptance import sift
from sitegen.config import Accepted, Config, Surroundings, is_site_url, load_config
from sitegen.errors import BuildError, warning
from sitegen.sources import require_content
from sitegen.toml import decode_tables, decode_toml

TOML = 'title = "Lamp"\nid_authority = "lamp.example,2025-01-01"\nbase_url = "https://lamp.example"\n'


class Word(msgspec.Struct):
    warning: str


def load(folder: Path, toml: str = TOML, **surroundings: Any) -> Config:
    return load_config(lay(folder, {"content/site.toml": toml}), Surroundings(**surroundings))


def mistakes(folder: Path, toml: str) -> list[str]:
    with pytest.raises(BuildError) as caught:
        load(folder, toml)
    return [str(problem) for problem in caught.value.problems]


def test_three_settings_suffice(tmp_path: Path) -> None:
    config = load(tmp_path)
    assert (config.title, config.base_url, config.language) == ("Lamp", "https://lamp.example/", "en")
    assert (config.base_path, config.page_size, config.feed_size, config.preview) == ("/", 24, 50, False)


@pytest.mark.parametrize(
    ("surroundings", "address", "preview"),
    [
        ({}, "https://lamp.example/", False),
        ({"host_url": "https://host.example"}, "https://lamp.example/", False),
        ({"preview_url": "https://preview.example"}, "https://preview.example/", True),
        ({"base_url": "https://mine.example/x"}, "https://mine.example/x/", False),
        (
            {"base_url": "https://mine.example/", "preview_url": "https://p.example"},
            "https://mine.example/",
            True,
        ),
    ],
)
def test_the_command_line_wins_then_the_preview_then_the_file(
    tmp_path: Path, surroundings: dict[str, str], address: str, preview: bool
) -> None:
    config = load(tmp_path, **surroundings, preview=preview)
    assert (config.base_url, config.preview) == (address, preview)


def test_without_an_address_of_our_own_the_hosts_is_used(tmp_path: Path) -> None:
    toml = TOML.rpartition("base_url")[0]
    assert load(tmp_path, toml, host_url="https://host.example").base_url == "https://host.example/"


@pytest.mark.parametrize(
    "url",
    [
        "", "lamp.example", "//lamp.example/", "file:///site/", "https://", "https://[::1", "https://a:b/",
        "https://lamp.example/?x", "https://lamp.example/#x", "https://lamp .example/", "javascript:alert(1)",
        "https://user:secret@lamp.example/", "https://lamp.example/../x/", "https://lamp.example//x/", 'https://"/',
    ],
)  # fmt: skip
def test_what_cannot_be_the_address_of_a_site_is_refused(url: str) -> None:
    assert not is_site_url(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/", "https://user.example/digest", "https://[::1]:80/"]
)
def test_what_can_be_the_address_of_a_site_is_accepted(url: str) -> None:
    assert is_site_url(url)


@given(st.text())
def test_no_text_is_too_strange_to_be_judged_as_an_address(text: str) -> None:
    assert isinstance(is_site_url(text), bool)


def test_every_wrong_setting_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    toml = TOML + 'page_size = 0\nlanguage = "tlh?"\n[subscribe]\nform = "post"\nfield = "1"\n'
    assert [line.partition(": ")[0] for line in mistakes(tmp_path, toml)] == [
        "content/site.toml:4",
        "content/site.toml:5",
        "content/site.toml:7",
        "content/site.toml:8",
    ]


def test_a_day_that_is_none_cannot_stand_in_the_authority(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, TOML.replace("2025-01-01", "2025-13-01"))
    assert mistake.startswith("content/site.toml:2: id_authority “lamp.example,2025-13-01”")


def test_a_folder_without_content_is_told_from_one_without_configuration(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="there is no such folder"):
        require_content(tmp_path)
    (tmp_path / "content").mkdir()
    require_content(tmp_path)
    with pytest.raises(BuildError, match="there is no such file"):
        load_config(tmp_path, Surroundings())


# ------------------------------------------------------------------------ TOML


@given(st.text())
def test_any_text_is_a_table_or_a_problem(text: str) -> None:
    problems = problems_of(lambda: decode_toml(text, "content/x.toml", dict[str, int]))
    assert all(problem.path == "content/x.toml" and problem.message for problem in problems)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("a = 1\na = 2\n", "t.toml:2: this setting stands here a second time."),
        ("[a]\nx = 1\n\n[a]\n", "t.toml:4: a stands here a second time."),
        ('a = "x\n', "t.toml:1: this is not valid TOML: "),
        ("a = 1\nb = \"x\"\n", "t.toml:2: “b” has a wrong value: it is text in quotes; it should be "),
        (f"a = {'9' * 4400}\n", "t.toml: a number in this file is too long."),
        ("[" * 2000, "t.toml"),
    ],
)  # fmt: skip
def test_a_mistake_in_toml_is_named_in_the_authors_words(toml: str, message: str) -> None:
    with pytest.raises(BuildError) as caught:
        decode_tables(toml, "t.toml", int)
    assert str(caught.value.problems[0]).startswith(message)


def test_each_wrong_table_is_named_at_its_own_line() -> None:
    toml = '[a]\nwarning = "x"\n\n[b]\nwarning = 1\n\n["c d"]\nwarning = true\n'
    with pytest.raises(BuildError) as caught:
        decode_tables(toml, "t.toml", Word)
    assert [problem.line for problem in caught.value.problems] == [5, 8]


# ------------------------------------------------------------------------ accepted warnings


def test_an_accepted_warning_is_counted_and_not_shown() -> None:
    found = [
        warning("no-meta", "a.txt", 3, "no meta below “HiBench”"),
        warning("no-meta", "b.txt", 1, "none"),
    ]
    left, accepted = sift(found, [Accepted("no-meta", "a.txt", "HiBench", 9)])
    assert (left, accepted) == ((found[1],), 1)


def test_an_acceptance_of_what_does_not_occur_is_a_warning_at_its_line() -> None:
    found = [warning("no-meta", "a.txt", 3, "none")]
    left, accepted = sift(found, [Accepted("no-metta", "", "", 9)])
    assert accepted == 0
    assert [(problem.path, problem.line) for problem in left] == [("a.txt", 3), ("content/site.toml", 9)]
    assert left[1].hint == "Did you mean “no-meta”?"
