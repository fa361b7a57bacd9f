"""`sitegen themes`: how papers lie in the themes, why one lies where it does, and a walk through doubt."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from sitegen.asking import read_content
from sitegen.commands.finding import find_paper, root_and_names
from sitegen.commands.review import review
from sitegen.commands.terminal import called, plural, say
from sitegen.config import Surroundings
from sitegen.model import Paper
from sitegen.quality import Quality
from sitegen.survey import Survey, explain, is_curated, survey
from sitegen.tag_survey import TagSurvey, survey_tags
from sitegen.themes import Judgement

_SHOWN = 12


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Print a survey of the themes, or the reasons for one paper; return the exit status."""
    root, words = root_and_names(arguments.names)
    name = " ".join(words)
    parsed, site = read_content(root, surroundings)
    if arguments.review:
        return review(root, parsed, site)
    if name:
        paper = find_paper((*site.papers, *site.withdrawn), name)
        _show_paper(paper, explain(parsed.themes, site.papers, paper), as_json=arguments.json)
    else:
        found = survey(parsed.themes, site.papers)
        tags = survey_tags(parsed.tags, site.papers, parsed.entries)
        if arguments.json:
            _say_json({**_survey_facts(found), "tags": _tag_facts(tags)})
        else:
            _show_survey(found)
            _show_tags(tags)
    return 0


# ------------------------------------------------------------------------ one paper


def _show_paper(paper: Paper, judgement: Judgement, *, as_json: bool) -> None:
    if as_json:
        _say_json(_paper_facts(paper, judgement))
        return
    say(paper.title.plain)
    if is_curated(paper):
        say(f"Theme: {paper.theme.slug}, by the curator.")
        say("What its words say, its own label not heard:")
    if not judgement.ranking:
        say("They fit no theme." if is_curated(paper) else "Theme: unsorted. Its words fit no theme.")
        return
    say(f"Theme: {judgement.ranking[0]} ({judgement.confidence}, by {judgement.lead:.2f})")
    if judgement.reasons:
        say(f"Words that decided: {', '.join(judgement.reasons)}")
    if len(judgement.ranking) > 1:
        say(f"Runner-up: {judgement.ranking[1]}")


def _paper_facts(paper: Paper, judgement: Judgement) -> dict[str, Any]:
    return {
        "paper": paper.slug,
        "title": paper.title.plain,
        "theme": paper.theme.slug,
        "by": "curator" if is_curated(paper) else "words",
        "words_say": {
            "theme": judgement.ranking[0] if judgement.ranking else "unsorted",
            "runner_up": judgement.ranking[1] if len(judgement.ranking) > 1 else None,
            "confidence": judgement.confidence,
            "lead": round(judgement.lead, 4),
            "words": list(judgement.reasons),
        },
    }


# ------------------------------------------------------------------------ all of them


def _show_survey(found: Survey) -> None:
    counts = _confidences(found)
    say(
        f"{plural(found.curated + len(found.automatic), 'paper')}: {found.curated:,} placed by the curator, "
        f"{len(found.automatic):,} by their words ({counts['sure']:,} sure, {counts['likely']:,} likely, "
        f"{counts['doubtful']:,} doubtful, {counts['unsorted']:,} unsorted)."
    )
    say()
    say("papers  by words  theme")
    for size in found.sizes:
        say(f"{size.papers:6,}  {size.automatic:8,}  {size.title}")
    open_ones = [(paper, judgement) for paper, judgement in found.automatic if _is_open(judgement)]
    if open_ones:
        say()
        say(f"Most doubtful ({called()} themes --review walks through them):")
        for paper, judgement in open_ones[:_SHOWN]:
            between = " or ".join(judgement.ranking[:2]) or "unsorted"
            say(f"  {judgement.lead:.2f}  {between}: {paper.title.plain}")
        if len(open_ones) > _SHOWN:
            say(f"  and {len(open_ones) - _SHOWN:,} more")
    if found.unknown:
        say()
        say("Words of unsorted and doubtful papers that no theme's file has:")
        say("  " + ", ".join(f"{word} ({number})" for word, number in found.unknown))
    say()
    if found.quality:
        _show_quality(found.quality)
    else:
        say("Too few papers are labelled to say how often the themes are right.")


def _show_quality(quality: Quality) -> None:
    say(
        f"Right in {quality.right:.1%} of {plural(quality.labels, 'labelled paper')} "
        f"(95 % interval {quality.low:.1%} to {quality.high:.1%}), "
        f"among the first two in {quality.first_two:.1%}; without any label {quality.untaught:.1%}."
    )
    say(f"Called sure: {quality.sure:.1%}; of these {quality.sure_right:.1%} are right.")
    say("By labels learned from: " + ", ".join(f"{number}: {share:.1%}" for number, share in quality.curve))
    if quality.confusions:
        say(f"Most often confused (papers a round, {plural(quality.rounds, 'round')}):")
        for confusion in quality.confusions[:_SHOWN]:
            say(f"  {confusion.papers:4.1f}  {confusion.theme} taken for {confusion.given}")


def _show_tags(tags: TagSurvey) -> None:
    say()
    if tags.papers:
        say(
            f"Tags by phrase, against {plural(tags.papers, 'paper')} that the curator tagged: "
            f"{tags.precision:.1%} are right, {tags.recall:.1%} are found."
        )
    if tags.worst:
        say("right  wrong  missed  tag")
        for score in tags.worst:
            say(f"{score.right:5,}  {score.wrong:5,}  {score.missed:6,}  {score.slug}")
    if tags.proposals:
        say("Keywords and title words that no tag knows, in so many papers:")
        say("  " + ", ".join(f"{name} ({number})" for name, number in tags.proposals))


def _tag_facts(tags: TagSurvey) -> dict[str, Any]:
    return {
        "papers": tags.papers,
        "precision": round(tags.precision, 4),
        "recall": round(tags.recall, 4),
        "worst": [
            {"tag": score.slug, "right": score.right, "wrong": score.wrong, "missed": score.missed}
            for score in tags.worst
        ],
        "proposals": [{"name": name, "papers": number} for name, number in tags.proposals],
    }


def _survey_facts(found: Survey) -> dict[str, Any]:
    counts = _confidences(found)
    return {
        "papers": {"all": found.curated + len(found.automatic), "curated": found.curated, **counts},
        "themes": [
            {"slug": size.slug, "title": size.title, "papers": size.papers, "automatic": size.automatic}
            for size in found.sizes
        ],
        "doubtful": [
            _paper_facts(paper, judgement) for paper, judgement in found.automatic if _is_open(judgement)
        ],
        "unknown_words": [{"word": word, "papers": number} for word, number in found.unknown],
        "quality": _quality_facts(found.quality) if found.quality else None,
    }


def _quality_facts(quality: Quality) -> dict[str, Any]:
    return {
        "labels": quality.labels,
        "rounds": quality.rounds,
        "right": round(quality.right, 4),
        "interval": [round(quality.low, 4), round(quality.high, 4)],
        "first_two": round(quality.first_two, 4),
        "without_labels": round(quality.untaught, 4),
        "sure": {"share": round(quality.sure, 4), "right": round(quality.sure_right, 4)},
        "confusions": [
            {"theme": confusion.theme, "given": confusion.given, "papers": round(confusion.papers, 2)}
            for confusion in quality.confusions
        ],
        "curve": [{"labels": number, "right": round(share, 4)} for number, share in quality.curve],
    }


def _confidences(found: Survey) -> dict[str, int]:
    """Return how many papers are sure, likely, doubtful and unsorted, of those that words placed."""
    counts = Counter(
        judgement.confidence if judgement.ranking else "unsorted" for _, judgement in found.automatic
    )
    return {name: counts[name] for name in ("sure", "likely", "doubtful", "unsorted")}


def _say_json(facts: dict[str, Any]) -> None:
    for line in json.dumps(facts, indent=2).splitlines():
        say(line)


def _is_open(judgement: Judgement) -> bool:
    return judgement.confidence == "doubtful"
