"""The configuration: `content/site.toml` and what the caller overrides in, a `Config` out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from sitegen.errors import BuildError, Problem
from sitegen.toml import read_toml

PATH = "content/site.toml"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides a build beside the content: the command line and the host's environment."""

    base_url: str = ""
    """`--base-url`, or empty."""
    preview_url: str = ""
    """The address of a deploy preview or branch deploy, or empty; it makes the build a preview."""
    host_url: str = ""
    """The address that the host says the site has, or empty."""
    as_of: date | None = None
    drafts: bool = False


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A warning that the curator has looked at and accepts."""

    warning: str
    """The warning's name: "no-meta"."""
    path: str = ""
    """The file it is about; empty for any."""
    about: str = ""
    """A part of its message; empty for any."""
    why: str = ""


class SubscribeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the subscribe form sends an address."""

    form: str = ""
    """ "netlify", the address of another service's form, or empty for no form."""
    field: str = "email"
    """The name of the input for the address, as the service wants it."""


class _SiteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    id_authority: str
    description: str = ""
    base_url: str = ""
    language: str = "en"
    page_size: int = 40
    feed_size: int = 50
    subscribe: SubscribeForm = SubscribeForm()
    accept: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All that is configured, checked."""

    title: str
    description: str
    base_url: str
    """Absolute, with a trailing slash."""
    id_authority: str
    language: str
    page_size: int
    feed_size: int
    subscribe: SubscribeForm
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
        page_size=file.page_size,
        feed_size=file.feed_size,
        subscribe=file.subscribe,
        accepted=file.accept,
        preview=bool(surroundings.preview_url),
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
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s\"'<>\\?#]", url):
        hint = 'It is an address such as "https://digest.example/" or "https://user.example/digest/".'
        return "", [Problem(path, line, f"“{url}” is not the address of a site.", hint)]
    return url.rstrip("/") + "/", []


def _check(file: _SiteFile, text: str) -> list[Problem]:
    """Return what is wrong with single settings."""
    problems = []

    def wrong(key: str, message: str, hint: str) -> None:
        problems.append(Problem(PATH, _line(text, key), message, hint))

    if not file.title.strip():
        wrong("title", "the site has no title.", 'Write title = "The name of your digest".')
    if not re.fullmatch(r"[A-Za-z0-9@._-]+,\d{4}(-\d\d(-\d\d)?)?", file.id_authority):
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
    if form not in ("", "netlify") and urlsplit(form).scheme not in ("http", "https"):
        wrong(
            "form",
            f"the subscribe form cannot be sent to “{form}”.",
            'It is "netlify", the https:// address of a form, or "" for no form.',
        )
    if not re.fullmatch(r"[A-Za-z][\w.\[\]-]*", file.subscribe.field):
        wrong(
            "field", f"“{file.subscribe.field}” cannot name an input of a form.", 'Most services say "email".'
        )
    return problems


def _line(text: str, key: str) -> int:
    """Return the line of a key, or 0 where it is not set."""
    match = re.search(rf"(?m)^[ \t]*{key}[ \t]*=", text)
    return text.count("\n", 0, match.start()) + 1 if match else 0
