"""The commands `label` and `themes`: what they write, what they refuse, what they say."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from factories import make_paper
from running import run, small_project

from sitegen.asking import read_site
from sitegen.commands.label import append_label
from sitegen.config import Surroundings

CANDLES = "arXiv:2411.01234;Training Candles: Gradients that Fit into a Pocket"
TITLE = "Týr and the <SEG> Token: Segments at the Edge of a Page"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path)


def labels(project: Path) -> str:
    return (project / "content/labels.csv").read_text(encoding="utf-8")


def theme_of(project: Path, slug: str) -> tuple[str, bool]:
    """Return the theme of a paper and whether the curator placed it."""
    site = read_site(project, Surroundings())
    paper = next(paper for paper in site.papers if paper.slug == slug)
    return paper.theme.slug, paper.theme_words is None


@pytest.mark.parametrize("name", [TITLE, "tyr and the seg token", "the edge of a page"])
def test_a_label_is_added_at_the_end_and_holds(project: Path, name: str) -> None:
    before = labels(project)
    outcome = run("label", name, "maps", project)
    assert (outcome.status, outcome.err) == (0, "")
    assert labels(project) == before + f"{TITLE},,maps,,\n"
    assert theme_of(project, "tyr-and-the-seg-token-segments-at-the-edge-of-a-page") == ("maps", True)


def test_a_label_is_written_as_the_spreadsheet_writes(project: Path) -> None:
    path = project / "content/labels.csv"
    path.write_text(f"\ufefftheme;id;paper\nlight;{CANDLES}", encoding="utf-8")
    assert run("label", "Sorting Letters by Lamp", "light", project).status == 0
    assert labels(project) == f"theme;id;paper\nlight;{CANDLES}\nlight;;Sorting Letters by Lamp\n"


def test_a_title_with_commas_and_quotes_comes_back_whole(project: Path) -> None:
    capture = project / "content/captures/2025-03-02-evening.txt"
    title = 'On "Lamps", Wicks; and Oil'
    capture.write_text(capture.read_text().replace("Sparse Ovens: Baking with Half the Heat", title))
    assert run("label", title, "light", project).status == 0
    assert labels(project).endswith('"On ""Lamps"", Wicks; and Oil",,light,,\n')
    assert theme_of(project, "on-lamps-wicks-and-oil") == ("light", True)


def test_a_project_without_a_table_gets_one(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    append_label(tmp_path, make_paper(title="On Bread"), "silence")
    assert labels(tmp_path) == "paper,id,theme,more_themes,tags\nOn Bread,arXiv:2410.14649,silence,,\n"


@pytest.mark.parametrize(
    ("paper", "theme", "message"),
    [
        ("On Turnips", "lihgt", "there is no theme “lihgt”.\n  Did you mean “light”?"),
        (
            "On Turnups",
            "light",
            "no source has the paper “On Turnups”.\n  Did you mean “On Turnips, Boiled”?",
        ),
        ("the", "light", "papers fit “the”."),
        ("a", "light", "\n  and 1 more; write more of the title."),
        ("arXiv:2411.01234", "maps", "content/labels.csv:2: this row is about the paper already"),
        ("doi:10.5555/elsewhere.1", "maps", "this note is about the paper already"),
    ],
)
def test_a_label_that_cannot_be_is_refused(project: Path, paper: str, theme: str, message: str) -> None:
    before = labels(project)
    outcome = run("label", paper, theme, project)
    assert outcome.status == 1
    assert message in outcome.err
    assert labels(project) == before


def test_a_table_without_a_column_for_themes_is_left_alone(project: Path) -> None:
    table = "paper,id,tags\nTraining Candles: Gradients that Fit into a Pocket,arXiv:2411.01234,by-hand\n"
    (project / "content/labels.csv").write_text(table)
    outcome = run("label", "Sorting Letters by Lamp", "light", project)
    assert outcome.err.startswith("content/labels.csv:1: the column “theme” is missing.")
    assert labels(project) == table


def test_themes_counts_every_paper_once(project: Path) -> None:
    facts = json.loads(run("themes", project, "--json").out)
    papers = facts["papers"]
    assert papers["all"] == sum(theme["papers"] for theme in facts["themes"])
    assert papers["all"] == sum(count for name, count in papers.items() if name != "all")
    assert facts["quality"] is None


def test_themes_explains_a_paper(project: Path) -> None:
    (project / "content/themes/silence.md").write_text(
        "---\ntitle: Silence\norder: 3\nsummary: Nothing.\nphrases:\n  5: [bread, oven*]\n---\n"
    )
    facts = json.loads(run("themes", project, "Sparse", "Ovens", "--json").out)
    assert (facts["theme"], facts["by"]) == ("silence", "words")
    assert facts["words_say"]["words"][0] in ("oven", "Ovens")
    assert "Words that decided: " in run("themes", "Sparse Ovens", project).out


def test_themes_says_what_the_words_of_a_curated_paper_say(project: Path) -> None:
    out = run("themes", "arXiv:2411.01234", project).out
    assert "Theme: light, by the curator." in out


def test_a_review_writes_one_label_a_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = json.loads(run("themes", project, "--json").out)["doubtful"]
    before = labels(project)
    monkeypatch.setattr("sys.stdin", io.StringIO("s\n?\n2\nq\n"))
    outcome = run("themes", "--review", project)
    assert outcome.out.endswith("1 label written.\n")
    added = labels(project).removeprefix(before)
    assert added.count("\n") == 1
    assert added.startswith(doubtful[1]["title"])
    assert len(json.loads(run("themes", project, "--json").out)["doubtful"]) < len(doubtful)


def test_a_review_ends_with_its_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = labels(project)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run("themes", "--review", project).status == 0
    assert labels(project) == before


def test_words_of_a_title_in_any_order_name_its_paper(project: Path) -> None:
    assert run("label", "token segments tyr", "maps", project).status == 0
    assert theme_of(project, "tyr-and-the-seg-token-segments-at-the-edge-of-a-page") == ("maps", True)
