"""What can be said on the command line: a parser of its arguments, command by command.

Values are parsed here: days are days, numbers are in their range, an address is one.
"""

from __future__ import annotations

import argparse
import os
import re
from datetime import date
from pathlib import Path

from sitegen.config import is_site_url

_ANYWHERE = {"base_url": "https://digest.example/", "as_of": None, "drafts": True}
"""For commands that need the papers, drafts too, and to which the address of the site is all the same."""

ABOUT_IMPORT = """\
Copy files of papers to their places in content/, unchanged, and print a receipt:
papers new, merged, changed, contradictory, and what could not be read.

What a file is, its content says:
  a saved Daily Papers page (text)       goes to content/captures/DAY.txt
  an answer of the Daily Papers API      goes to content/captures/DAY.json
  BibTeX, RIS, nbib (PubMed), CSL-JSON (Zotero), an arXiv API answer, an RSS or
  Atom feed, a Markdown digest           go to content/library/

The papers of one day's files are an issue. The day is that of --date, else the one
with which the file's name begins, else the one that the page or the answer names.
Papers without a day get pages, but join no issue.

Calling it twice changes nothing. A file never takes the place of a fuller one.

  sitegen import ~/Downloads/daily.txt --year 2025
  sitegen import library.bib api-answers/ --dry-run
  curl -s https://huggingface.co/api/daily_papers?date=2025-10-01 | sitegen import -
"""


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from sitegen import __version__

        print(f"sitegen {__version__}")
        parser.exit()


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; what it parses names the `command`, and holds what `cli` needs for every one."""
    parser = argparse.ArgumentParser(
        prog="sitegen",
        description="Build a reading digest of research papers from saved listings.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="begin with a small site of examples", allow_abbrev=False)
    init.description = (
        "Make a small working site with two example papers: settings, a capture, themes, tags, a note, a "
        "digest, an about page, and what Netlify needs. The folder must be new or empty."
    )
    init.add_argument(
        "directory", nargs="?", type=Path, default=Path(), metavar="DIR", help="the folder (this folder)"
    )
    init.set_defaults(**_ANYWHERE)

    build = commands.add_parser("build", help="build the site from content/", allow_abbrev=False)
    _add_common(build)
    build.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site goes (ROOT/public)")
    build.add_argument("--strict", action="store_true", help="a warning counts as an error")
    build.add_argument(
        "--verify", action="store_true", help="then compare the site with one that is built from nothing"
    )
    build.add_argument(
        "-j",
        "--jobs",
        type=_jobs,
        default=_cores(),
        metavar="N",
        help="the most processes (one for each core)",
    )
    build.add_argument(
        "--executor",
        type=_executor,
        metavar="dask://HOST:PORT",
        help="let the workers of a dask cluster make pages too",
    )
    loudness = build.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    loudness.add_argument("-v", "--verbose", action="store_true", help="print each file that changed")

    about_check = "look for what is wrong with the built site"
    _add_check(commands.add_parser("check", help=about_check, allow_abbrev=False))
    _add_import(
        commands.add_parser(
            "import",
            help="copy files of papers into content/",
            description=ABOUT_IMPORT,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )

    _add_serve(commands.add_parser("serve", help="preview the site in a browser", allow_abbrev=False))

    about_new = "begin a note, a digest, a theme or a page"
    _add_new(commands.add_parser("new", help=about_new, allow_abbrev=False))

    _add_mail(commands.add_parser("mail", help="write an issue as a mail to send", allow_abbrev=False))
    ping = commands.add_parser("ping", help="tell the hub which feeds have changed", allow_abbrev=False)
    _add_common(ping)
    ping.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site is (ROOT/public)")

    about_themes = "show how papers lie in the themes, and why"
    _add_themes(commands.add_parser("themes", help=about_themes, allow_abbrev=False))

    label = commands.add_parser("label", help="write a paper's theme into labels.csv", allow_abbrev=False)
    label.add_argument("paper", metavar="PAPER", help="its id, its slug, its title or a part of it")
    label.add_argument("theme", metavar="THEME", help="the slug of the theme")
    _add_common(label)

    about_resolve = "look up the papers that have no address"
    _add_resolve(commands.add_parser("resolve", help=about_resolve, allow_abbrev=False))

    about_ids = "show the slugs and feed ids that content/ids.csv lacks"
    ids = commands.add_parser("ids", help=about_ids, allow_abbrev=False)
    _add_common(ids)
    ids.add_argument("--write", action="store_true", help="add them to content/ids.csv")
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.description = (
        "Look for what is wrong with the built site and its content, and name the source that caused it: "
        "links, pages, feeds, redirects, drafts that leaked. Call it with the --as-of of the build."
    )
    _add_common(check)
    check.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site is (ROOT/public)")
    check.add_argument("--strict", action="store_true", help="a warning counts as an error")
    check.add_argument("--external", action="store_true", help="ask outside links whether they are there")
    forms = check.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print it for programs")
    forms.add_argument("--github", action="store_true", help="print it as annotations of GitHub Actions")
    check.set_defaults(jobs=_cores())


def _add_import(importing: argparse.ArgumentParser) -> None:
    importing.add_argument(
        "files", nargs="+", metavar="FILE", help="a file, a folder, or - for standard input"
    )
    importing.add_argument(
        "--date", type=_day, metavar="DATE", help="the day of these files, YYYY-MM-DD: they join its issue"
    )
    importing.add_argument(
        "--year", type=_year, metavar="YEAR", help="the year of captures that say only a day, such as “Dec 9”"
    )
    importing.add_argument(
        "-n", "--dry-run", action="store_true", help="say what would happen; write nothing"
    )
    importing.add_argument("-v", "--verbose", action="store_true", help="name every paper in the receipt")
    importing.add_argument(
        "--root", type=Path, default=Path(), metavar="ROOT", help="the project (this folder)"
    )
    importing.set_defaults(base_url=None, as_of=None, drafts=False)


def _add_themes(themes: argparse.ArgumentParser) -> None:
    themes.add_argument(
        "names",
        nargs="*",
        metavar="PAPER|ROOT",
        help="a paper to explain, by id, slug or title; a folder is the project (this folder)",
    )
    _add_surroundings(themes)
    forms = themes.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print it for programs")
    forms.add_argument("--review", action="store_true", help="walk through doubtful papers, one key a paper")


def _add_new(new: argparse.ArgumentParser) -> None:
    new.description = (
        "Write the head of a new file at its place in content/, and say what to do next. "
        "A file that is there already is never touched."
    )
    kinds = new.add_subparsers(dest="kind", required=True, metavar="KIND")
    note = kinds.add_parser("note", help="words on one paper", allow_abbrev=False)
    note.add_argument("paper", metavar="PAPER", help="its id, its slug, its title or a part of it")
    digest = kinds.add_parser("digest", help="words on the issue of a day", allow_abbrev=False)
    digest.add_argument("day", type=_day, metavar="DATE", help="the day of its captures, YYYY-MM-DD")
    theme = kinds.add_parser("theme", help="one more theme, behind the others", allow_abbrev=False)
    page = kinds.add_parser("page", help="a page of your own", allow_abbrev=False)
    for parser in (theme, page):
        parser.add_argument("title", metavar="TITLE", help="its title, from which its address is made")
    for parser in (note, digest, theme, page):
        parser.add_argument(
            "root", nargs="?", type=Path, default=Path(), metavar="ROOT", help="the project (this folder)"
        )
        parser.set_defaults(**_ANYWHERE)


def _add_resolve(resolve: argparse.ArgumentParser) -> None:
    resolve.description = (
        "Look up by title, on the network, the papers whose address no source gives. A paper is taken where "
        "title, date and number of authors fit, and written to content/library/resolved.json; what nearly "
        "fits is listed. Answers are kept in .sitegen-cache/: call it again to go on after an interruption."
    )
    resolve.add_argument(
        "names",
        nargs="*",
        metavar="PAPER|ROOT",
        help="papers, by id, slug, title or a part of it (all); a folder is the project (this folder)",
    )
    resolve.set_defaults(**_ANYWHERE)
    sources = ("arxiv", "openalex", "semanticscholar")
    resolve.add_argument("--source", choices=sources, default="arxiv", help="who is asked (arxiv)")
    resolve.add_argument("--limit", type=_limit, metavar="N", help="ask about N papers at most (all)")
    resolve.add_argument("--dry-run", action="store_true", help="write nothing into content/")
    resolve.add_argument("--again", action="store_true", help="ask also what was answered before")
    resolve.add_argument(
        "--api", type=_address, metavar="URL", help="ask a mirror of the source at this address"
    )


def _add_mail(mail: argparse.ArgumentParser) -> None:
    _add_common(mail)
    which = mail.add_mutually_exclusive_group()
    which.add_argument("--issue", type=_day, metavar="DATE", help="the issue of this day (the newest)")
    which.add_argument("--week", type=_week, metavar="WEEK", help="the issues of a week: 2025-w50")
    mail.add_argument("--theme", metavar="SLUG", help="only the papers of this theme")
    mail.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the mail goes (ROOT/mail)")
    mail.add_argument("--again", action="store_true", help="also papers that another mail had before")
    mail.add_argument("--dry-run", action="store_true", help="write nothing into content/mailed.csv")


def _add_serve(serve: argparse.ArgumentParser) -> None:
    _add_common(serve)
    watch = argparse.BooleanOptionalAction
    serve.add_argument("--watch", action=watch, default=True, help="follow the content (this is the default)")
    serve.add_argument("--poll", action="store_true", help="look now and then, for drives that tell nothing")
    serve.add_argument("--port", type=_port, metavar="N", help="the port (the last one, or a free one)")
    serve.add_argument("--host", action="store_true", help="let other machines on the network see it")
    serve.add_argument("--open", action="store_true", help="open the browser")
    serve.set_defaults(jobs=_cores())


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "root", nargs="?", type=Path, default=Path(), metavar="ROOT", help="the project (this folder)"
    )
    _add_surroundings(parser)


def _add_surroundings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--base-url", type=_address, metavar="URL", help="the address of the site, instead of site.toml's"
    )
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help="build as on this day, YYYY-MM-DD (that of the newest source)",
    )
    parser.add_argument("--drafts", action="store_true", help="show drafts as well")


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _jobs(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of processes, such as 2")
    return int(text)


def _executor(text: str) -> str:
    found = re.fullmatch(r"dask://([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})", text, re.ASCII)
    if not found or not 1 <= int(found[2]) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}” is no executor such as dask://localhost:8786")
    return text


def _limit(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of papers, such as 20")
    return int(text)


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day such as 2025-12-09") from None


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}” is not a year such as 2025")
    return int(text)


def _week(text: str) -> str:
    if not re.fullmatch(r"\d{4}-[wW](0[1-9]|[1-4]\d|5[0-3])", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"“{text}” is not a week such as 2025-w50")
    return text.lower()


def _address(text: str) -> str:
    if not is_site_url(text):
        example = "https://digest.example/"
        raise argparse.ArgumentTypeError(f"“{text}” is not the address of a site, such as {example}")
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port, which is a number from 1 to 65535")
    return int(text)
