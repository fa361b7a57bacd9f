"""The arguments of the commands that make the site, look at it and send it out."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path

from sitegen.arguments.common import add_project
from sitegen.arguments.values import cores, day, executor, jobs, port, week


def build(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen build`."""
    parser.description = (
        "Make the site from the project's content/, and say what changed. Only the pages and feeds that an "
        "edit shows in are made; a mistake in the content stops the build, and the last site stays."
    )
    add_project(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site goes (ROOT/public)")
    parser.add_argument("--strict", action="store_true", help="a warning counts as an error")
    parser.add_argument(
        "--verify", action="store_true", help="then compare the site with one that is built from nothing"
    )
    parser.add_argument(
        "-j",
        "--jobs",
        type=jobs,
        metavar="N",
        help="the most processes (one for each core; one alone for 50,000 papers and more, to spare memory)",
    )
    parser.set_defaults(cores=cores())
    parser.add_argument(
        "--executor",
        type=executor,
        metavar="dask://HOST:PORT",
        help="let the workers of a dask cluster make pages too",
    )
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    loudness.add_argument("-v", "--verbose", action="store_true", help="print each file that changed")


def check(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen check`."""
    parser.description = (
        "Look for what is wrong with the built site and its content, and name the source that caused it: "
        "links, pages, feeds, redirects, drafts that leaked. Call it with the --as-of of the build."
    )
    add_project(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site is (ROOT/public)")
    parser.add_argument("--strict", action="store_true", help="a warning counts as an error")
    parser.add_argument("--external", action="store_true", help="ask outside links whether they are there")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print it for programs")
    forms.add_argument("--github", action="store_true", help="print it as annotations of GitHub Actions")
    parser.set_defaults(jobs=cores())


def serve(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen serve`."""
    parser.description = (
        "Build the site for this machine, show it at http://localhost:PORT/, and follow the content: pages "
        "change in the browser when a file is saved. The built site in ROOT/public stays as it is."
    )
    add_project(parser)
    parser.add_argument(
        "--watch", action=BooleanOptionalAction, default=True, help="follow the content (this is the default)"
    )
    parser.add_argument("--poll", action="store_true", help="look now and then, for drives that tell nothing")
    parser.add_argument("--port", type=port, metavar="N", help="the port (the last one, or a free one)")
    parser.add_argument("--host", action="store_true", help="let other machines on the network see it")
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.set_defaults(jobs=cores())


def mail(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen mail`."""
    parser.description = (
        "Write an issue, or all issues of a week, as .html, .txt and .eml, ready to send; nothing is sent. "
        "content/mailed.csv remembers its papers, so that no other mail has them. The sender stands below "
        "[mail] in content/site.toml."
    )
    add_project(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--issue", type=day, metavar="DATE", help="the issue of this day (the newest)")
    which.add_argument("--week", type=week, metavar="WEEK", help="the issues of a week: 2025-w50")
    parser.add_argument("--theme", metavar="SLUG", help="only the papers of this theme")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the mail goes (ROOT/mail)")
    parser.add_argument("--again", action="store_true", help="also papers that another mail had before")
    parser.add_argument("--dry-run", action="store_true", help="write nothing into content/mailed.csv")


def ping(parser: ArgumentParser) -> None:
    """Add the arguments of `sitegen ping`."""
    parser.description = (
        "After a deploy, tell the WebSub hub of site.toml which feeds have changed since it was last told."
    )
    add_project(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the site is (ROOT/public)")
