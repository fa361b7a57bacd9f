"""The configuration: `content/site.toml` and what the caller overrides in, a `Config` out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from sitegen.errors import BuildError, Problem
from sitegen.toml import read_toml

PATH = "content/site.toml"

_AUTHORITY = re.compile(r"[A-Za-z0-9@._-]+,[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_SENDER = re.compile(r"([^<>\"@,;:()\\\x00-\x1f\x7f]+ )?<[\w+-]+(\.[\w+-]+)*@[\w-]+(\.[\w-]+)+>", re.ASCII)
_UNSUBSCRIBE = re.compile(r"(?=.{1,500}\Z)[!-;=?-~]+( [!-;=?-~]+)*")
"""Printable ASCII without angle brackets; single spaces, as in "{{ unsubscribe_url }}"."""


class Surroundings(Struct, frozen=True):
    """What decides a build beside the content: the command line and the host's environment."""

    base_url: str = ""
    """`--base-url`, or empty."""
    preview_url: str = ""
    """The address of a deploy preview or branch deploy, or empty."""
    preview: bool = False
    """Whether this is a deploy preview or a branch deploy, which asks not to be indexed."""
    host_url: str = ""
    """The address that the host says the site has, or empty."""
    as_of: date | None = None
    drafts: bool = False


class Accepted(Struct, frozen=True):
    """A warning that the curator has looked at and accepts."""

    warning: str
    """The warning's name: "no-meta"."""
    path: str
    """The file it is about; empty for any."""
    about: str
    """A part of its message; empty for any."""
    line: int
    """Where `site.toml` says so."""


class _AcceptTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    warning: str
    path: str = ""
    about: str = ""
    why: str = ""


class SubscribeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the subscribe form sends an address."""

    form: str = ""
    """ "netlify", the address of another service's form, or empty for no form."""
    field: str = "email"
    """The name of the input for the address, as the service wants it."""


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends the digest by mail."""

    sender: str = ""
    """ "Load-Bearing <digest@digest.example>"; empty where nothing is mailed."""
    unsubscribe: str = ""
    """The address of a page that unsubscribes, or what a mail service puts it in place of."""


class WebSub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who tells subscribers at once that a feed has changed."""

    hub: str = ""
    """The hub's address, or empty."""


class _SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    id_authority: str
    description: str = ""
    base_url: str = ""
    language: str = "en"
    page_size: int = 24
    search: bool = True
    feed_size: int = 50
    related: bool = True
    cards: bool = False
    twins: bool = True
    subscribe: SubscribeForm = SubscribeForm()
    mail: MailSettings = MailSettings()
    websub: WebSub = WebSub()
    accept: tuple[_AcceptTable, ...] = ()


class Config(Struct, frozen=True):
    """All that is configured, checked."""

    title: str
    description: str
    base_url: str
    """Absolute, with a trailing slash."""
    id_authority: str
    language: str
    search: bool
    """Whether the site has a search."""
    page_size: int
    feed_size: int
    related: bool
    """Whether a paper's page names the papers nearest to it."""
    cards: bool
    """Whether social cards are drawn."""
    cards_line: int
    """Where `site.toml` says so; 0 where it does not."""
    twins: bool
    """Whether papers and lists have machine twins: BibTeX, RIS, CSL-JSON, Markdown."""
    subscribe: SubscribeForm
    mail: MailSettings
    websub: WebSub
    accepted: tuple[Accepted, ...]
    preview: bool
    as_of: date | None
    drafts: bool

    @property
    def base_path(self) -> str:
        """The path of the base URL, with slashes at both ends."""
        return urlsplit(self.base_url).path


def load_config(root: Path, surroundings: Surroundings) -> Config:
    """Return the configuration of the project at `root`; raise `BuildError` with every mistake in it."""
    file, text = read_toml(root, PATH, _SiteFile)
    base_url, problems = _base_url(file.base_url, surroundings, text)
    problems += _check(file, text)
    if problems:
        raise BuildError(problems)
    return Config(
        title=file.title.strip(),
        description=file.description.strip(),
        base_url=base_url,
        id_authority=file.id_authority,
        language=file.language,
        search=file.search,
        page_size=file.page_size,
        feed_size=file.feed_size,
        related=file.related,
        cards=file.cards,
        cards_line=_line(text, "cards"),
        twins=file.twins,
        subscribe=file.subscribe,
        mail=file.mail,
        websub=file.websub,
        accepted=_accepted(file.accept, text),
        preview=surroundings.preview,
        as_of=surroundings.as_of,
        drafts=surroundings.drafts,
    )


def _base_url(configured: str, given: Surroundings, text: str) -> tuple[str, list[Problem]]:
    """Return the first address that is set: the command line's, a preview's, our own, the host's."""
    if given.base_url:
        url, path, line = given.base_url, "--base-url", 0
    elif given.preview_url:
        url, path, line = given.preview_url, "DEPLOY_PRIME_URL", 0
    elif configured:
        url, path, line = configured, PATH, _line(text, "base_url")
    elif given.host_url:
        url, path, line = given.host_url, "URL", 0
    else:
        hint = 'Write base_url = "https://your.site/" there, or say --base-url https://your.site/.'
        return "", [Problem(PATH, 0, "the address of the site is not set.", hint)]
    url = url.strip()
    if not is_site_url(url):
        hint = 'It is an address such as "https://digest.example/" or "https://user.example/digest/".'
        return "", [Problem(path, line, f"“{url}” is not the address of a site.", hint)]
    return url.rstrip("/") + "/", []


def is_site_url(url: str) -> bool:
    """Return whether a text can be the address of a site: absolute, without password, query and fragment."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return has_host and is_web and not re.search(r"[\s\"'<>\\?#]|[^:]//|/\.\.?(/|\Z)", url)


def _accepted(tables: Sequence[_AcceptTable], text: str) -> tuple[Accepted, ...]:
    """Return the accepted warnings with the lines where they are; 0 for one that is written inline."""
    starts = [match.start() for match in re.finditer(r"(?m)^[ \t]*\[\[[ \t]*accept[ \t]*\]\]", text)]
    lines = [text.count("\n", 0, start) + 1 for start in starts] + [0] * len(tables)
    return tuple(
        Accepted(table.warning, table.path, table.about, line)
        for table, line in zip(tables, lines, strict=False)
    )


def _check(file: _SiteFile, text: str) -> list[Problem]:
    """Return what is wrong with single settings."""
    problems = []

    def wrong(key: str, message: str, hint: str) -> None:
        problems.append(Problem(PATH, _line(text, key), message, hint))

    if not file.title.strip():
        wrong("title", "the site has no title.", 'Write title = "The name of your digest".')
    if not _AUTHORITY.fullmatch(file.id_authority):
        wrong(
            "id_authority",
            f"id_authority “{file.id_authority}” is not a domain, a comma and a day.",
            'It is a domain that was yours on that day: "digest.example,2025-10-29" (RFC 4151).',
        )
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", file.language):
        wrong(
            "language", f"“{file.language}” is not a language code.", 'It is a code such as "en" or "pt-BR".'
        )
    for key, value, most in (("page_size", file.page_size, 500), ("feed_size", file.feed_size, 500)):
        if not 1 <= value <= most:
            wrong(key, f"{key} is {value}.", f"It is a number from 1 to {most}.")
    form = file.subscribe.form
    if form not in ("", "netlify") and not re.fullmatch(r"https?://[^\s\"'<>]+", form):
        wrong(
            "form",
            f"the subscribe form cannot be sent to “{form}”.",
            'It is "netlify", the https:// address of a form, or "" for no form.',
        )
    if file.mail.sender and not _SENDER.fullmatch(file.mail.sender):
        wrong(
            "sender",
            f"“{file.mail.sender}” cannot send mail.",
            'It is a name and an address: "Your digest <digest@your.site>".',
        )
    if file.mail.unsubscribe and not _UNSUBSCRIBE.fullmatch(file.mail.unsubscribe):
        wrong(
            "unsubscribe",
            f"“{file.mail.unsubscribe}” cannot stand in the head of a mail.",
            "It is an https:// or mailto: address, or the placeholder of your mail service.",
        )
    if file.websub.hub and not re.fullmatch(r"https?://[^\s\"'<>/][^\s\"'<>]*", file.websub.hub):
        wrong("hub", f"“{file.websub.hub}” is not the address of a hub.", "It begins with https://.")
    if not re.fullmatch(r"[A-Za-z][\w.\[\]-]*", file.subscribe.field):
        wrong(
            "field", f"“{file.subscribe.field}” cannot name an input of a form.", 'Most services say "email".'
        )
    return problems


def _line(text: str, key: str) -> int:
    """Return the line of a key, or 0 where it is not set."""
    match = re.search(rf"(?m)^[ \t]*{key}[ \t]*=", text)
    return text.count("\n", 0, match.start()) + 1 if match else 0
