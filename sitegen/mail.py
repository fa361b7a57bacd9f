"""An issue or a week as a mail: HTML, plain text, and both in one message to send.

Out come bytes; nothing is sent and nothing is written. The HTML stays below the size at which Gmail clips a
mail: what does not fit is left to the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import blake2b
from pathlib import Path

import jinja2
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from sitegen import config as configuration
from sitegen.asking import read_site
from sitegen.config import Config, Surroundings
from sitegen.dates import long_day
from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.feeds import letter_html, letter_text, shortened_to
from sitegen.model import Facts, Letter, Paper, Site
from sitegen.plan import make_facts
from sitegen.plan.letters import issue_letter, week_letter, weeks
from sitegen.sources import template_folders

SIZE = 100_000
"""The most bytes of a mail's HTML. Gmail clips at 102 kB, and who sends it adds a little."""


class Wish(Struct, frozen=True):
    """Which mail to make."""

    issue: date | None = None
    week: str = ""
    """ "2025-w50"; without an issue and a week the newest issue is meant."""
    theme: str = ""
    """Only the papers of this theme."""
    again: bool = False
    """Also papers that another mail had before."""


class Mail(Struct, frozen=True):
    """A mail, made."""

    name: str
    """Its own for ever, and that of its files: "2025-12-09" or "2025-w50-model-compression"."""
    subject: str
    html: bytes
    text: bytes
    message: bytes
    """Both as one message (RFC 5322)."""
    papers: tuple[Paper, ...]
    """Those in it, in order."""
    omitted: int
    """How many more are left to the site."""


def make_mail(root: Path, surroundings: Surroundings, wish: Wish, mailed: Mapping[str, str]) -> Mail:
    """Return the mail that is wished for; `mailed` says by feed id which mail had a paper first.

    Raises `BuildError` for mistakes in the content, for a wish that nothing fulfils, and where every paper
    was in another mail.
    """
    site = read_site(root, surroundings)
    config = configuration.load_config(root, surroundings)
    if not config.mail.sender:
        hint = 'Below [mail], write sender = "Your digest <digest@your.site>".'
        raise BuildError([Problem(configuration.PATH, 0, "it is not said who sends the mail.", hint)])
    letter = _letter(site, config, wish)
    if not wish.again:
        letter = _without(letter, {key for key, name in mailed.items() if name != letter.name})
    if not letter.groups:
        message = f"every paper of {letter.name} was in another mail."
        raise BuildError([Problem("content/mailed.csv", 0, message, "To send them once more: --again.")])
    return _made(letter, make_facts(site, config), config, template_folders(root))


# ------------------------------------------------------------------------ which papers


def _letter(site: Site, config: Config, wish: Wish) -> Letter:
    """Return the letter that is wished for."""
    letters = {}
    if wish.week:
        letters = {found.name: found for found in (week_letter(week, config) for week in weeks(site.issues))}
        letter = letters.get(wish.week)
    else:
        issues = {issue.day: issue for issue in site.issues}
        day = wish.issue or max(issues, default=None)
        letter = issue_letter(issues[day], config) if day in issues else None
    if letter is None:
        raise BuildError([_nothing(site, wish, sorted(letters))])
    return _on_theme(letter, site, wish.theme) if wish.theme else letter


def _nothing(site: Site, wish: Wish, names: list[str]) -> Problem:
    if not site.issues:
        return Problem("content/", 0, "there is no issue yet.", "An issue is made of the sources of one day.")
    if wish.week:
        hint = f"The newest week with an issue is {names[-1]}."
        return Problem("--week", 0, f"{wish.week} has no issue.", hint)
    assert wish.issue
    hint = f"The newest issue is that of {site.issues[0].day}."
    return Problem("--issue", 0, f"there is no issue of {long_day(wish.issue)}.", hint)


def _on_theme(letter: Letter, site: Site, slug: str) -> Letter:
    """Return the letter with the papers of one theme, without the words on all of them."""
    titles = {theme.link.slug: theme.link.title for theme in site.themes}
    if slug not in titles:
        hint = did_you_mean(slug, titles) or f"The themes are: {', '.join(titles)}."
        raise BuildError([Problem("--theme", 0, f"there is no theme “{slug}”.", hint)])
    groups = []
    for group in letter.groups:
        papers = tuple(paper for paper in group.papers if slug in _themes(paper))
        groups.append(replace(group, papers=papers))
    kept = tuple(group for group in groups if group.papers)
    if not kept:
        hint = "Leave out --theme, or name another one."
        raise BuildError([Problem("--theme", 0, f"{letter.name} has no paper on {titles[slug]}.", hint)])
    name, title = f"{letter.name}-{slug}", f"{letter.title}: {titles[slug]}"
    return replace(letter, name=name, title=title, groups=kept, issues=())


def _themes(paper: Paper) -> set[str]:
    return {paper.theme.slug, *(theme.slug for theme in paper.more_themes)}


def _without(letter: Letter, feed_ids: set[str]) -> Letter:
    groups = (
        replace(group, papers=tuple(paper for paper in group.papers if paper.feed_id not in feed_ids))
        for group in letter.groups
    )
    return replace(letter, groups=tuple(group for group in groups if group.papers))


# ------------------------------------------------------------------------ the mail itself


def _made(letter: Letter, facts: Facts, config: Config, folders: tuple[Path, ...]) -> Mail:
    templates = _Templates(facts, config, folders)
    shown = shortened_to(letter, lambda part: len(templates.html(part)) <= SIZE)
    html, text = templates.html(shown), templates.text(shown)
    return Mail(
        name=letter.name,
        subject=_subject(letter),
        html=html,
        text=text,
        message=_message(letter, html, text, config),
        papers=tuple(paper for group in shown.groups for paper in group.papers),
        omitted=shown.omitted,
    )


class _Templates:
    """The templates of a mail, and what they see beside the letter."""

    def __init__(self, facts: Facts, config: Config, folders: tuple[Path, ...]) -> None:
        import css_inline

        self._facts = facts
        self._unsubscribe = config.mail.unsubscribe
        self._inliner = css_inline.CSSInliner(
            keep_at_rules=True, minify_css=True, load_remote_stylesheets=False
        )
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
            autoescape=jinja2.select_autoescape(("html",)),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def html(self, letter: Letter) -> bytes:
        """Return the mail's HTML, its style in the elements, for no mail program reads a style sheet."""
        body = Markup(letter_html(letter, self._facts))  # noqa: S704  # escaped by feeds.letter
        return (self._inliner.inline(self._rendered("mail.html", letter, body)) + "\n").encode()

    def text(self, letter: Letter) -> bytes:
        """Return the mail's plain text."""
        return self._rendered("mail.txt", letter, letter_text(letter, self._facts)).encode()

    def _rendered(self, name: str, letter: Letter, body: str) -> str:
        mail = {
            "subject": _subject(letter),
            "preview": letter.summary,
            "body": body,
            "reason": f"You get this mail because you subscribed to {self._facts.title}.",
            "unsubscribe": self._unsubscribe,
        }
        return self._environment.get_template(name).render(mail=mail, site=self._facts)


def _subject(letter: Letter) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in letter.title).split())


def _message(letter: Letter, html: bytes, text: bytes, config: Config) -> bytes:
    """Return both parts as one message that any mail program opens, the same bytes for the same letter."""
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(config.mail.sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = "undisclosed-recipients:;"
    message["Subject"] = _subject(letter)
    message["Date"] = format_datetime(datetime(*letter.published.timetuple()[:3], tzinfo=UTC))
    message["Message-ID"] = f"<{letter.name}@{config.id_authority.partition(',')[0].rpartition('@')[2]}>"
    if config.mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{config.mail.unsubscribe}>"
        if config.mail.unsubscribe.startswith("https:"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["X-Unsent"] = "1"  # mail programs open it as a draft, ready to send
    message.set_content(text.decode(), cte="quoted-printable")
    message.add_alternative(html.decode(), subtype="html", cte="quoted-printable")
    message.set_boundary("=_" + blake2b(html + text, digest_size=12).hexdigest())
    # Headers stay on one line, or Python would encode a long address beyond recognition.
    return message.as_bytes(policy=SMTP.clone(max_line_length=998))
