"""Which theme a paper gets: the curator's where there is one, else the one that its words speak for.

The model is taught by the theme files and by every paper that the curator has placed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from msgspec.structs import replace

from sitegen import routes, text
from sitegen.evidence import phrase_book, read_evidence
from sitegen.memory import Memory
from sitegen.merged import Merged
from sitegen.model import Theme, ThemeLink
from sitegen.phrases import PhraseBook
from sitegen.themes import Judgement, ThemeModel, judge, learn

UNSORTED = "unsorted"
HUES = 16


def theme_links(themes: Sequence[Theme]) -> dict[str, ThemeLink]:
    """Return the link of each theme by slug, Unsorted included; colours go round after 16."""
    links = {
        theme.slug: ThemeLink(
            theme.slug, theme.title, routes.theme_url(theme.slug), (place - 1) % HUES + 1, place
        )
        for place, theme in enumerate(themes, start=1)
    }
    links[UNSORTED] = ThemeLink(UNSORTED, "Unsorted", routes.theme_url(UNSORTED), 0, len(themes) + 1)
    return links


def chosen_theme(facts: Merged) -> str:
    """Return the slug of the theme that a note or a label names; empty without one."""
    return (facts.note.theme if facts.note else "") or (facts.label.theme if facts.label else "")


def primary_theme(facts: Merged, judgement: Judgement | None) -> str:
    """Return the slug of the one theme; Unsorted where neither the curator nor the words say one."""
    if judgement is None:
        return chosen_theme(facts)
    return judgement.ranking[0] if judgement.ranking else UNSORTED


def further_themes(facts: Merged) -> tuple[str, ...]:
    """Return the slugs of the further themes that a note or a label names."""
    return (facts.note.themes if facts.note else ()) or (facts.label.more_themes if facts.label else ())


class Placement:
    """The themes and all that was taught about them; a site where all is placed never pays for it."""

    def __init__(
        self, themes: Sequence[Theme], papers: Sequence[Merged], memory: Memory | None = None
    ) -> None:
        self._themes = themes
        self._papers = papers
        self._memory = memory or Memory()

    @cached_property
    def _labelled(self) -> list[Merged]:
        return [facts for facts in self._papers if chosen_theme(facts)]

    @cached_property
    def _book(self) -> PhraseBook:
        return self._memory.recent.call(phrase_book, "themes", tuple(self._themes))

    @cached_property
    def _model(self) -> ThemeModel:
        model: ThemeModel | None = self._memory.themes.get(self.fingerprint, ThemeModel)
        if model is None:
            model = self._learn()
            self._memory.themes.keep(self.fingerprint, model)
        return model

    def _learn(self) -> ThemeModel:
        return learn(
            self._themes,
            [
                (
                    chosen_theme(facts),
                    read_evidence(text.plain(facts.title), text.prose(facts.abstract).plain, self._book),
                )
                for facts in self._labelled
            ],
        )

    @cached_property
    def fingerprint(self) -> bytes:
        """The hash of all that decides where papers belong, beside their words."""
        themes = [replace(theme, source="", body="", body_line=0) for theme in self._themes]
        taught = [
            (slug, facts.title, facts.abstract) for facts in self._papers if (slug := chosen_theme(facts))
        ]
        return self._memory.key(themes, taught)

    def judge(self, title: str, abstract: str) -> Judgement:
        """Return where a paper belongs by the plain text of its title and abstract."""
        return judge(read_evidence(title, abstract, self._book), self._model)
