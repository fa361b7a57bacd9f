"""The arguments of the commands that bring papers and words into content/."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from sitegen.arguments.common import ANYWHERE, add_project, add_root, add_surroundings
from sitegen.arguments.values import address, day, limit, year

_ABOUT_IMPORT = """\
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


def init(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen init`."""
    parser.description = (
        "Make a small working site with two example papers: settings, a capture, themes, tags, a note, a "
        "digest, an about page, and what Netlify needs. The folder must be new or empty."
    )
    parser.add_argument(
        "directory", nargs="?", type=Path, default=Path(), metavar="DIR", help="the folder (this folder)"
    )
    parser.set_defaults(**ANYWHERE)


def importing(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen import`."""
    parser.description, parser.formatter_class = _ABOUT_IMPORT, RawDescriptionHelpFormatter
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or - for standard input")
    parser.add_argument(
        "--date", type=day, metavar="DATE", help="the day of these files, YYYY-MM-DD: they join its issue"
    )
    parser.add_argument(
        "--year", type=year, metavar="YEAR", help="the year of captures that say only a day, such as “Dec 9”"
    )
    parser.add_argument("-n", "--dry-run", action="store_true", help="say what would happen; write nothing")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every paper in the receipt")
    parser.add_argument("--root", type=Path, default=Path(), metavar="ROOT", help="the project (this folder)")
    parser.set_defaults(base_url=None, as_of=None, drafts=False)


def new(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen new`."""
    parser.description = (
        "Write the head of a new file at its place in content/, and say what to do next. "
        "A file that is there already is never touched."
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    note = kinds.add_parser("note", help="words on one paper", allow_abbrev=False)
    note.add_argument("paper", metavar="PAPER", help="its id, its slug, its title or a part of it")
    digest = kinds.add_parser("digest", help="words on the issue of a day", allow_abbrev=False)
    digest.add_argument("day", type=day, metavar="DATE", help="the day of its captures, YYYY-MM-DD")
    theme = kinds.add_parser("theme", help="one more theme, behind the others", allow_abbrev=False)
    page = kinds.add_parser("page", help="a page of your own", allow_abbrev=False)
    for titled in (theme, page):
        titled.add_argument("title", metavar="TITLE", help="its title, from which its address is made")
    for kind in (note, digest, theme, page):
        add_root(kind)
        kind.set_defaults(**ANYWHERE)


def themes(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen themes`."""
    parser.description = (
        "Show the sizes of the themes, the papers whose theme is doubtful, words that no theme knows, and "
        "how often the program agrees with your labels. With a paper, say which words decided its theme."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="PAPER|ROOT",
        help="a paper to explain, by id, slug or title; a folder is the project (this folder)",
    )
    add_surroundings(parser)
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print it for programs")
    forms.add_argument("--review", action="store_true", help="walk through doubtful papers, one key a paper")


def label(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen label`."""
    parser.description = (
        "Write the theme of a paper into content/labels.csv: there it belongs, whatever its words say. "
        "The themes are the files of content/themes/."
    )
    parser.add_argument("paper", metavar="PAPER", help="its id, its slug, its title or a part of it")
    parser.add_argument("theme", metavar="THEME", help="the slug of the theme")
    add_project(parser)


def resolve(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen resolve`."""
    parser.description = (
        "Look up by title, on the network, the papers whose address no source gives. A paper is taken where "
        "title, date and number of authors fit, and written to content/library/resolved.json; what nearly "
        "fits is listed. Answers are kept in .sitegen-cache/: call it again to go on after an interruption."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="PAPER|ROOT",
        help="papers, by id, slug, title or a part of it (all); a folder is the project (this folder)",
    )
    parser.set_defaults(**ANYWHERE)
    sources = ("arxiv", "openalex", "semanticscholar")
    parser.add_argument("--source", choices=sources, default="arxiv", help="who is asked (arxiv)")
    parser.add_argument("--limit", type=limit, metavar="N", help="ask about N papers at most (all)")
    parser.add_argument("--dry-run", action="store_true", help="write nothing into content/")
    parser.add_argument("--again", action="store_true", help="ask also what was answered before")
    parser.add_argument(
        "--api", type=address, metavar="URL", help="ask a mirror of the source at this address"
    )


def ids(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen ids`."""
    parser.description = (
        "Show the address and the feed id of each paper that content/ids.csv does not have yet. With --write "
        "they are recorded there: do so before you publish, and they stay the same for ever."
    )
    add_project(parser)
    parser.add_argument("--write", action="store_true", help="add them to content/ids.csv")
