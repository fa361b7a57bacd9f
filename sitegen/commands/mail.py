"""`sitegen mail`: writes an issue or a week as files to send, and remembers which papers they had."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from sitegen.commands.terminal import complain, plural, say
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem
from sitegen.mail import Mail, Wish, make_mail
from sitegen.model import Kind, Source
from sitegen.parsers.tables import MAILED_COLUMNS, delimiter_of, parse_mailed

LEDGER = "content/mailed.csv"


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Write the mail, and its papers into the ledger; return the exit status."""
    root: Path = arguments.root
    out: Path = arguments.output or root / "mail"
    if problem := _misplaced(out, root):
        complain([problem])
        return 2
    wish = Wish(arguments.issue, arguments.week or "", arguments.theme or "", arguments.again)
    try:
        ledger = _read(root / LEDGER)
        mailed = parse_mailed(Source(LEDGER, Kind.MAILED, ledger)) if ledger else {}
        mail = make_mail(root, surroundings, wish, mailed)
    except BuildError as error:
        complain(error.problems)
        return 1
    try:
        _write(mail, out)
        new = [paper.feed_id for paper in mail.papers if paper.feed_id not in mailed]
        is_kept = bool(new) and not arguments.dry_run and not surroundings.drafts
        if is_kept:
            _append(root / LEDGER, ledger, mail.name, new)
    except OSError as error:
        complain([Problem(str(error.filename), 0, f"this cannot be written: {error.strerror}.")])
        return 1
    _report(mail, out, len(new) if is_kept else 0)
    return 0


def _misplaced(out: Path, root: Path) -> Problem | None:
    """Return what is wrong with the folder: a mail is no part of the site, and content holds originals."""
    place = out.resolve()
    if any((folder / ".sitegen").is_dir() for folder in (place, *place.parents)):
        return Problem(str(out), 0, "a mail cannot go into the site.", "Choose another folder with -o.")
    if place.is_relative_to((root / "content").resolve()):
        return Problem(str(out), 0, "a mail cannot go into content/.", "Choose another folder with -o.")
    return None


def _read(path: Path) -> str:
    """Return the ledger; empty where there is none yet."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise BuildError([Problem(LEDGER, 0, "this file cannot be read as UTF-8 text.")]) from None


def _write(mail: Mail, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for ending, data in (("html", mail.html), ("txt", mail.text), ("eml", mail.message)):
        _replace(out / f"{mail.name}.{ending}", data)


def _append(path: Path, before: str, name: str, feed_ids: Iterable[str]) -> None:
    """Write the ledger with the papers at its end, as a spreadsheet may have saved it; no row changes."""
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter=delimiter_of(before), lineterminator="\n")
    if not before:
        writer.writerow(MAILED_COLUMNS)
    elif not before.endswith("\n"):
        rows.write("\n")
    writer.writerows((feed_id, name) for feed_id in feed_ids)
    _replace(path, (before + rows.getvalue()).encode())


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one step."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def _report(mail: Mail, out: Path, kept: int) -> None:
    rest = f"; {mail.omitted:,} more are left to the site" if mail.omitted else ""
    say(f"{mail.subject}: {plural(len(mail.papers), 'paper')}{rest}.")
    sizes: Sequence[tuple[str, bytes]] = (("html", mail.html), ("txt", mail.text), ("eml", mail.message))
    for ending, data in sizes:
        say(f"Wrote {out / f'{mail.name}.{ending}'} ({len(data) / 1000:,.1f} kB)")
    if kept:
        say(f"Wrote {plural(kept, 'paper')} to {LEDGER}: no other mail will have them. Keep the file.")
