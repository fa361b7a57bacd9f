"""The digest by mail: what each file holds, that it fits, and that no paper is in two mails unless asked."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import lxml.html
import pytest
from conftest import BuiltSite
from running import PROJECT, Outcome, built, files_of, lay, run

SITE = """
title = "Lämplight"
base_url = "https://reader.example/d/"
id_authority = "reader.example,2025-01-01"

[mail]
sender = "Lämplight <lamp@reader.example>"
unsubscribe = "{{ unsubscribe_url }}"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
PAPER = "{title}\n\nWe read {title} by lamp and say so.\n\n  • 4 authors\n·\nSep 20"
THEME = "---\ntitle: {title}\norder: {order}\nsummary: On {title}.\n---\n"


def capture(day: str, *titles: str) -> str:
    return HEAD.format(day=day) + "\n\n".join(PAPER.format(title=title) for title in titles)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(
        tmp_path,
        {
            "content/site.toml": SITE,
            "content/captures/2025-12-01.txt": capture("Dec 1", "A Paper on Lamps", "A Paper on Oil"),
            "content/captures/2025-12-04.txt": capture("Dec 4", "A Paper on Lamps", "A Paper on Wicks"),
            "content/digests/2025-12-04.md": "---\ntitle: Of Wicks\n---\nOn [wicks](/themes/wax/), & wax.\n",
            "content/themes/wax.md": THEME.format(title="Wax", order=1),
            "content/themes/oil.md": THEME.format(title="Oil", order=2),
            "content/themes/light.md": THEME.format(title="Light", order=3),
            "content/labels.csv": "paper,theme,more_themes\nA Paper on Oil,oil,\nA Paper on Wicks,wax,oil\n"
            "A Paper on Lamps,light,\n",
        },
    )


def mail(project: Path, *arguments: str) -> Outcome:
    outcome = run("mail", project, *arguments)
    assert outcome.status == 0, outcome.err
    return outcome


def titles(project: Path, name: str) -> list[str]:
    """Return the papers of a mail, which all its files must agree on."""
    html = (project / f"mail/{name}.html").read_text()
    found = [link.text for link in lxml.html.document_fromstring(html).xpath("//h3/a")]
    text = (project / f"mail/{name}.txt").read_text()
    assert re.findall(r"(?m)^A Paper on .*$", text) == found
    return found


def message(project: Path, name: str) -> EmailMessage:
    return message_from_bytes((project / f"mail/{name}.eml").read_bytes(), policy=default)


# The message.


def test_message_has_both_parts_and_valid_headers(project: Path) -> None:
    mail(project)
    found = message(project, "2025-12-04")
    assert {name: str(value) for name, value in found.items()} | {"Content-Type": ""} == {
        "From": "Lämplight <lamp@reader.example>",
        "To": "undisclosed-recipients:;",
        "Subject": "Of Wicks (4 Dec 2025)",
        "Date": "Thu, 04 Dec 2025 00:00:00 +0000",
        "Message-ID": "<2025-12-04@reader.example>",
        "List-Unsubscribe": "<{{ unsubscribe_url }}>",
        "X-Unsent": "1",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert not [header for header in found.values() if header.defects]
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    for kind, ending in (("plain", "txt"), ("html", "html")):
        body = found.get_body((kind,))
        assert body.get_content().replace("\r\n", "\n") == (project / f"mail/2025-12-04.{ending}").read_text()


def test_message_is_plain_ascii_in_short_lines(project: Path) -> None:
    mail(project)
    data = (project / "mail/2025-12-04.eml").read_bytes()
    assert data.isascii()
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 78


def test_unsubscribing_at_an_address_takes_one_click(project: Path) -> None:
    address = "https://reader.example/unsubscribe?" + "x" * 200
    lay(project, {"content/site.toml": SITE.replace("{{ unsubscribe_url }}", address)})
    mail(project)
    found = message(project, "2025-12-04")
    assert found["List-Unsubscribe"] == f"<{address}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f'href="{address}"' in (project / "mail/2025-12-04.html").read_text()
    assert f"Unsubscribe: {address}" in (project / "mail/2025-12-04.txt").read_text()


def test_without_an_address_nothing_is_said_of_unsubscribing(project: Path) -> None:
    lay(project, {"content/site.toml": SITE.replace('unsubscribe = "{{ unsubscribe_url }}"', "")})
    mail(project)
    assert "List-Unsubscribe" not in message(project, "2025-12-04")
    assert "Unsubscribe" not in (project / "mail/2025-12-04.html").read_text()


# The HTML.


def test_html_has_no_style_sheet_no_image_no_script_and_only_full_addresses(project: Path) -> None:
    mail(project)
    root = lxml.html.document_fromstring((project / "mail/2025-12-04.html").read_text())
    assert not root.xpath("//img | //script | //link | //form | //svg | //math")
    assert all(rule.startswith("@media") for rule in root.xpath("//style/text()"))
    assert root.xpath("//h1/@style")
    for address in root.xpath("//@href"):
        assert address.startswith("https://") or address == "{{ unsubscribe_url }}"
    assert "https://reader.example/d/themes/wax/" in root.xpath("//@href")


def test_dark_colours_come_with_the_mail(project: Path) -> None:
    mail(project)
    html = (project / "mail/2025-12-04.html").read_text()
    assert "@media (prefers-color-scheme: dark)" in html
    assert '<meta name="color-scheme" content="light dark">' in html


def test_links_of_the_shipped_mails_lead_to_pages(shipped: BuiltSite, tmp_path: Path) -> None:
    for week in ("2025-w44", "2025-w50"):
        outcome = run("mail", PROJECT, "--week", week, "--dry-run", "-o", tmp_path)
        assert outcome.status == 0, outcome.err
        html = (tmp_path / f"{week}.html").read_bytes()
        assert len(html) < 102_000
        own = [
            address
            for address in lxml.html.document_fromstring(html.decode()).xpath("//@href")
            if address.startswith("https://digest.example/")
        ]
        headings = lxml.html.document_fromstring(html.decode()).xpath("//h3/a/@href")
        assert len(headings) > 80
        assert [address for address in headings if shipped.tree.file_at(address) is None] == []
        assert set(headings) <= set(own)


def test_mail_of_a_huge_issue_is_below_the_size_at_which_gmail_clips(project: Path) -> None:
    names = [f"A Paper on Läntern {number} and its many friends" for number in range(400)]
    lay(project, {"content/captures/2025-12-04.txt": capture("Dec 4", *names)})
    outcome = mail(project)
    html = (project / "mail/2025-12-04.html").read_bytes()
    assert 95_000 < len(html) < 102_000
    shown = titles(project, "2025-12-04")
    assert f"{len(shown)} papers; {400 - len(shown)} more are left to the site." in outcome.out
    assert f"And {400 - len(shown)} more papers." in html.decode()
    rows = (project / "content/mailed.csv").read_text().splitlines()
    assert len(rows) == 1 + len(shown)


def test_text_from_papers_stays_text(project: Path) -> None:
    hostile = 'A Paper on <script>alert("1")</script> & {{ unsubscribe_url }}'
    lay(project, {"content/captures/2025-12-04.txt": capture("Dec 4", hostile)})
    mail(project)
    html = (project / "mail/2025-12-04.html").read_text()
    assert "<script" not in html
    assert titles(project, "2025-12-04") == [hostile]


# Which papers.


def test_newest_issue_is_meant_unless_another_is_named(project: Path) -> None:
    mail(project, "--dry-run")
    mail(project, "--dry-run", "--issue", "2025-12-01")
    mail(project, "--dry-run", "--week", "2025-W49")
    assert titles(project, "2025-12-04") == ["A Paper on Wicks", "A Paper on Lamps"]
    assert sorted(titles(project, "2025-12-01")) == ["A Paper on Lamps", "A Paper on Oil"]
    assert len(titles(project, "2025-w49")) == 3


def test_mail_on_a_theme_has_its_papers_and_no_words_on_all(project: Path) -> None:
    mail(project, "--dry-run", "--week", "2025-w49", "--theme", "oil")
    assert titles(project, "2025-w49-oil") == ["A Paper on Wicks", "A Paper on Oil"]
    assert message(project, "2025-w49-oil")["Subject"] == "Week 49 of 2025: Oil"
    assert "On wicks" not in (project / "mail/2025-w49-oil.txt").read_text()


def test_no_paper_is_in_two_mails_unless_asked(project: Path) -> None:
    outcome = mail(project, "--issue", "2025-12-04")
    assert "Wrote 2 papers to content/mailed.csv" in outcome.out
    mail(project, "--issue", "2025-12-01")
    assert titles(project, "2025-12-01") == ["A Paper on Oil"]
    ledger = (project / "content/mailed.csv").read_text()
    assert re.findall(r"(?m),([\d-]+)$", ledger) == ["2025-12-04", "2025-12-04", "2025-12-01"]
    nothing = run("mail", project, "--week", "2025-w49")
    assert (nothing.status, nothing.err) == (
        1,
        "content/mailed.csv: every paper of 2025-w49 was in another mail.\n"
        "  To send them once more: --again.\n",
    )
    mail(project, "--week", "2025-w49", "--again")
    assert len(titles(project, "2025-w49")) == 3
    assert (project / "content/mailed.csv").read_text() == ledger


def test_making_a_mail_again_gives_the_same_bytes(project: Path) -> None:
    mail(project)
    before, ledger = files_of(project / "mail"), (project / "content/mailed.csv").read_bytes()
    mail(project)
    assert files_of(project / "mail") == before
    assert (project / "content/mailed.csv").read_bytes() == ledger


def test_dry_run_and_drafts_write_no_ledger(project: Path) -> None:
    mail(project, "--dry-run")
    mail(project, "--drafts")
    assert not (project / "content/mailed.csv").exists()
    assert titles(project, "2025-12-04")


def test_ledger_saved_by_a_spreadsheet_is_kept_in_its_way(project: Path) -> None:
    mail(project)
    path = project / "content/mailed.csv"
    path.write_text("\ufeff" + path.read_text().replace(",2025-12-04", ";2025-12-04").replace("d,m", "d;m"))
    mail(project, "--issue", "2025-12-01")
    assert titles(project, "2025-12-01") == ["A Paper on Oil"]
    assert path.read_text().count(";") == 4


def test_new_address_of_the_site_changes_no_ledger(project: Path) -> None:
    mail(project)
    ledger = (project / "content/mailed.csv").read_text()
    mail(project, "--base-url", "https://elsewhere.example/")
    assert (project / "content/mailed.csv").read_text() == ledger


def test_ledger_is_no_unread_file(project: Path) -> None:
    mail(project)
    assert "mailed.csv" not in built(project, "-v").err


# Mistakes.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--issue", "2025-11-01"), "--issue: there is no issue of 1 November 2025.\n"
         "  The newest issue is that of 2025-12-04.\n"),
        (("--week", "2025-w48"), "--week: 2025-w48 has no issue.\n"
         "  The newest week with an issue is 2025-w49.\n"),
        (("--theme", "wex"), "--theme: there is no theme “wex”.\n  Did you mean “wax”?\n"),
        (("--theme", "ink"), "--theme: there is no theme “ink”.\n  The themes are: wax, oil, light.\n"),
        (("--issue", "2025-12-01", "--theme", "wax"), "--theme: 2025-12-01 has no paper on Wax.\n"
         "  Leave out --theme, or name another one.\n"),
    ],
)  # fmt: skip
def test_wish_that_nothing_fulfils_is_explained(
    project: Path, arguments: tuple[str, ...], message: str
) -> None:
    outcome = run("mail", project, *arguments)
    assert (outcome.status, outcome.err) == (1, message)
    assert not (project / "mail").exists()


@pytest.mark.parametrize("arguments", [("--week", "50"), ("--week", "2025-w54"), ("--issue", "soon")])
def test_wrong_week_or_day_is_a_wrong_call(project: Path, arguments: tuple[str, ...]) -> None:
    outcome = run("mail", project, *arguments)
    assert outcome.status == 2
    assert " such as 2025-" in outcome.err


def test_mail_needs_a_sender(project: Path) -> None:
    lay(project, {"content/site.toml": SITE.partition("[mail]")[0]})
    outcome = run("mail", project)
    assert (outcome.status, outcome.err.partition("\n")[0]) == (
        1, "content/site.toml: it is not said who sends the mail.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [("sender", "lamp"), ("sender", "A <b@c>"), ("sender", "A\\nBcc: x@y.example <b@c.example>"),
     ("unsubscribe", "<https://x.example/>"), ("unsubscribe", "https://x.example/\\nBcc: x@y.example")],
)  # fmt: skip
def test_setting_that_would_damage_the_head_is_refused(project: Path, key: str, value: str) -> None:
    lay(project, {"content/site.toml": re.sub(rf"(?m)^{key} = .*$", lambda _: f'{key} = "{value}"', SITE)})
    outcome = run("mail", project)
    line = 7 if key == "sender" else 8
    assert outcome.status == 1
    assert outcome.err.startswith(f"content/site.toml:{line}: ")


def test_damaged_ledger_is_named_by_line(project: Path) -> None:
    lay(project, {"content/mailed.csv": "feed_id,mail\ntag:x,\n"})
    outcome = run("mail", project)
    assert (outcome.status, outcome.err.partition("\n")[0]) == (
        1,
        "content/mailed.csv:2: this row is damaged.",
    )


@pytest.mark.parametrize("folder", ["public", "public/mail", "content/mail"])
def test_mail_never_goes_into_the_site_or_the_content(project: Path, folder: str) -> None:
    built(project)
    before = files_of(project)
    outcome = run("mail", project, "-o", project / folder)
    assert outcome.status == 2
    assert f"a mail cannot go into {'the site' if folder.startswith('p') else 'content/'}." in outcome.err
    assert files_of(project) == before
