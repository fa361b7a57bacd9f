"""What can be said on the command line: a parser of its arguments, command by command.

`COMMANDS` lists them as `--help` does: of the site they are in `publishing`, of its content in `curating`.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Callable

from sitegen.arguments import curating, publishing

COMMANDS: tuple[tuple[str, str, Callable[[ArgumentParser], None]], ...] = (
    ("init", "begin with a small site of examples", curating.init),
    ("build", "build the site from content/", publishing.build),
    ("check", "look for what is wrong with the built site", publishing.check),
    ("import", "copy files of papers into content/", curating.importing),
    ("serve", "preview the site in a browser", publishing.serve),
    ("new", "begin a note, a digest, a theme or a page", curating.new),
    ("mail", "write an issue as a mail to send", publishing.mail),
    ("ping", "tell the hub which feeds have changed", publishing.ping),
    ("themes", "show how papers lie in the themes, and why", curating.themes),
    ("label", "write a paper's theme into labels.csv", curating.label),
    ("resolve", "look up the papers that have no address", curating.resolve),
    ("ids", "show the slugs and feed ids that content/ids.csv lacks", curating.ids),
)
"""The name of each, its line in the list, and what adds its arguments."""


class _Version(Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: ArgumentParser, *_: object) -> None:
        from sitegen import __version__

        print(f"sitegen {__version__}")
        parser.exit()


def make_parser() -> ArgumentParser:
    """Return the parser; what it parses names the `command`, and holds what `cli` needs for every one."""
    parser = ArgumentParser(
        prog="sitegen",
        description="Build a reading digest of research papers from saved listings.",
        epilog="sitegen COMMAND --help says more.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and end")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about, add_arguments in COMMANDS:
        add_arguments(commands.add_parser(name, help=about, allow_abbrev=False))
    return parser
