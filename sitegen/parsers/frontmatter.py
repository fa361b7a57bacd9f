"""Front matter: the YAML block between two lines of three hyphens at the head of a Markdown file.

A field's converter turns its YAML node into a value, so that every mistake has its own line and no
text turns into a number or a date by accident. Anchors and aliases are refused: they can only make
a small file large.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import yaml
from msgspec import Struct

from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.model import Source
from sitegen.text.clean import one_line

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WEB = re.compile(r"https?://[^\s/<>\"\\^`{|}][^\s<>\"\\^`{|}]*")
_DEEPEST = 20
"""How deep lists may lie in lists; the time that the library takes grows with the square of it."""


class FrontMatter(Struct, frozen=True):
    """The fields of a file's front matter, converted, and the Markdown below it."""

    values: dict[str, Any]
    """Only the fields that are there and hold something."""
    lines: dict[str, int]
    """The line of each field."""
    body: str
    body_line: int
    """The line on which the body starts."""


Converter = Callable[[yaml.Node], Any]

_YAML_REASONS = {
    "mapping values are not allowed in this context": "a value with a colon stands without quotes",
    "could not find expected ':'": "this line, or the one above it, lacks its colon",
    "found character that cannot start any token": "a tab or a sign like @, ` or % begins the value",
    "found unexpected end of stream": "a quote opens and closes nowhere",
    "control characters are not allowed": "it holds a control character",
}
"""What the library means, in the author's words."""


class _Mistake(Exception):
    """Raised by a converter: what is wrong, what to write instead, and the node where."""


def read_front_matter(
    source: Source, fields: Mapping[str, Converter], required: tuple[str, ...] = ()
) -> FrontMatter:
    """Return a Markdown file's front matter and body; raise `BuildError` with every mistake in it."""
    block, body, body_line = _split(source)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    mistaken: set[str] = set()
    for key, node, line in _pairs(source, block):
        if key not in fields:
            hint = did_you_mean(key, fields) or f"The fields of this file are: {', '.join(fields)}."
            problems.append(Problem(source.path, line, f"there is no field “{key}”.", hint))
        elif key in lines:
            hint = "Keep one of the two."
            message = f"the field “{key}” stands here a second time; it is on line {lines[key]} already."
            problems.append(Problem(source.path, line, message, hint))
        else:
            lines[key] = line
            try:
                value = fields[key](node)
            except _Mistake as mistake:
                message, hint, wrong = mistake.args
                mistaken.add(key)
                place = 2 + (wrong.start_mark.line if wrong.start_mark else 0)
                problems.append(Problem(source.path, place, f"“{key}” {message}", hint))
            else:
                if value not in ("", (), None):
                    values[key] = value
    for key in required:
        if key not in values and key not in mistaken:
            hint = f"Write it between the lines of hyphens at the head of the file: {key}: …"
            problems.append(Problem(source.path, lines.get(key, 1), f"the field “{key}” is missing.", hint))
    if problems:
        raise BuildError(problems)
    return FrontMatter(values, lines, body, body_line)


def read_any(source: Source) -> tuple[dict[str, yaml.Node], str, int]:
    """Return the fields of a file by someone else by name in lower case, its body and the body's line."""
    if not source.text.startswith("---"):
        return {}, source.text, 1
    block, body, body_line = _split(source)
    return {key.lower(): node for key, node, _ in _pairs(source, block)}, body, body_line


def _split(source: Source) -> tuple[str, str, int]:
    """Return the block, the body and the body's first line."""
    lines = source.text.split("\n")
    if lines[0].rstrip() != "---":
        hint = "The file begins with a line ---, then fields such as title: …, then a line ---."
        raise BuildError([Problem(source.path, 1, "there is no front matter.", hint)])
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    hint = "Close it with a second line of three hyphens."
    raise BuildError([Problem(source.path, 1, "the front matter has no end.", hint)])


def _pairs(source: Source, block: str) -> list[tuple[str, yaml.Node, int]]:
    """Return key, value node and line of each field."""
    depth = 0
    try:
        for event in yaml.parse(block, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise RecursionError
            if isinstance(event, yaml.AliasEvent):
                hint = "Write the value out, or put it into quotes if it begins with an asterisk."
                line = 2 + (event.start_mark.line if event.start_mark else 0)
                raise BuildError([Problem(source.path, line, "the front matter uses a YAML alias.", hint)])
        node = yaml.compose(block, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        reason = _YAML_REASONS.get(reason, reason)
        hint = 'A value with a colon, a # or a leading quote stands in quotes: title: "A: B"'
        line = 2 + mark.line if mark else 2
        message = f"the front matter is not valid YAML: {reason}."
        raise BuildError([Problem(source.path, line, message, hint)]) from None
    except RecursionError:
        message = "the front matter is nested too deeply."
        raise BuildError([Problem(source.path, 2, message)]) from None
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode):
        hint = "Each line is a name, a colon and a value: title: …"
        raise BuildError([Problem(source.path, 2, "the front matter holds no fields.", hint)])
    return [
        (key.value if isinstance(key, yaml.ScalarNode) else "…", value, 2 + key.start_mark.line)
        for key, value in node.value
    ]


# ------------------------------------------------------------------------ converters


def text(node: yaml.Node) -> str:
    """Convert a scalar to text on one line, exactly as it is written."""
    if not isinstance(node, yaml.ScalarNode):
        raise _Mistake("is not text.", "Write it on one line, in quotes if it holds a colon.", node)
    return "" if node.tag.endswith(":null") else one_line(str(node.value))


def day(node: yaml.Node) -> date | None:
    """Convert a scalar such as 2025-12-09 to a date."""
    value = text(node)
    if not value:
        return None
    try:
        if not re.fullmatch(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise _Mistake(f"is “{value}”, which is not a day.", "Write a day as 2025-12-09.", node) from None


def number(node: yaml.Node) -> int:
    """Convert a scalar to a whole number."""
    value = text(node)
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise _Mistake(f"is “{value}”, which is not a whole number.", "Write a number such as 3.", node)
    return int(value)


def flag(node: yaml.Node) -> bool:
    """Convert a scalar to true or false."""
    value = text(node)
    if value.lower() not in ("true", "yes", "on", "false", "no", "off", ""):
        raise _Mistake(f"is “{value}”, which is neither true nor false.", "Write true or false.", node)
    return value.lower() in ("true", "yes", "on")


def names(node: yaml.Node) -> tuple[str, ...]:
    """Convert a list of scalars, or one scalar with commas, to texts."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(value for item in node.value if (value := text(item)))
    return tuple(value for part in text(node).split(",") if (value := part.strip()))


def weights(node: yaml.Node) -> tuple[tuple[str, int], ...]:
    """Convert a mapping of weights (-9 to 9) to names; names alone weigh 2."""
    if not isinstance(node, yaml.MappingNode):
        return tuple((name, 2) for name in names(node))
    pairs = []
    for key, value in node.value:
        weight = text(key)
        if not re.fullmatch(r"-?[1-9]", weight):
            hint = "Write how loud the phrases speak, from 1 to 9, then the phrases: 4: pruning, quantization"
            raise _Mistake(f"has the weight “{weight}”.", hint, key)
        pairs += [(name, int(weight)) for name in names(value)]
    return tuple(pairs)


def lined_names(node: yaml.Node) -> tuple[tuple[str, int], ...]:
    """Convert a list of scalars to texts, each with the line on which it stands."""
    if not isinstance(node, yaml.SequenceNode):
        value = text(node)
        return ((value, 2 + node.start_mark.line),) if value else ()
    return tuple((value, 2 + item.start_mark.line) for item in node.value if (value := text(item)))


def links(node: yaml.Node) -> tuple[tuple[str, str], ...]:
    """Convert a list of `label: address` pairs, or of mappings of label and url, to pairs."""
    hint = "Write a list: - label: Code, and below it   url: https://…"
    if isinstance(node, yaml.MappingNode):
        pairs = [(text(key), text(value), value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        pairs = [_link(item, hint) for item in node.value]
    elif not text(node):
        pairs = []
    else:
        raise _Mistake("is not a list of links.", hint, node)
    for label, url, place in pairs:
        if not _WEB.fullmatch(url):
            raise _Mistake(f"holds “{url}”, which is not a link.", "A link begins with https://.", place)
        if not label:
            raise _Mistake(f"says nothing of “{url}”.", "Write a label before the colon.", place)
    return tuple((label, url) for label, url, _ in pairs)


def _link(node: yaml.Node, hint: str) -> tuple[str, str, yaml.Node]:
    """Return label, address, and where they stand."""
    if isinstance(node, yaml.MappingNode):
        fields = {text(key): text(value) for key, value in node.value}
        if set(fields) == {"label", "url"}:
            return fields["label"], fields["url"], node
        if len(fields) == 1:
            return *next(iter(fields.items())), node
    raise _Mistake("holds something that is not a link.", hint, node)
