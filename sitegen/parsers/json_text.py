"""JSON, with the line of every object: saved answers of an API and exports come in, nodes go out.

What is no JSON is refused by a message that says what it looks like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sitegen.errors import BuildError, Problem

DEPTH = 4
"""How deep wrappers lie one in another before they are no longer looked into."""

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")
_PYTHON = re.compile(r"\s*[\[{(][\s\[{(]*'|\s*\[?\s*[A-Z]\w*\(")
_PYTHON_WORD = re.compile(r"[\[:,]\s*(?:None|True|False)\b")


class Node(NamedTuple):
    """A value with its line, and what lies in it if that has lines of its own."""

    value: Any
    line: int
    items: tuple[Node, ...] = ()


class _Reader:
    """Reads one text from left to right; knows the line it has come to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._counted = 0
        self._line = 1

    def peek(self) -> str:
        """Go to the next character that is not white space and return it; "" at the end."""
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def line(self) -> int:
        """Return the line of this place."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def node(self, depth: int = DEPTH) -> Node:
        """Read one value. Raises ValueError and RecursionError as `json` does."""
        opening = self.peek()
        line = self.line()
        if not depth or opening not in ("[", "{"):
            value, self.at = _DECODER.raw_decode(self.text, self.at)
            return Node(value, line)
        self.at += 1
        return self._list(line) if opening == "[" else self._object(line, depth)

    def _list(self, line: int) -> Node:
        nodes: list[Node] = []
        while self.peek() != "]" or nodes:
            nodes.append(self.node(0))
            if self._closes("]"):
                break
        else:
            self.at += 1
        return Node([node.value for node in nodes], line, tuple(nodes))

    def _object(self, line: int, depth: int) -> Node:
        values: dict[str, Node] = {}
        while self.peek() != "}" or values:
            if self.text[self.at : self.at + 1] != '"':
                raise json.JSONDecodeError("Expecting a name in double quotes", self.text, self.at)
            key, self.at = _DECODER.raw_decode(self.text, self.at)
            if self.peek() != ":":
                raise json.JSONDecodeError("Expecting a colon", self.text, self.at)
            self.at += 1
            values[key] = self.node(depth - 1)
            if self._closes("}"):
                break
        else:
            self.at += 1
        return Node({key: node.value for key, node in values.items()}, line, tuple(values.values()))

    def _closes(self, closing: str) -> bool:
        """Go past the comma or the closing bracket; return whether it was the bracket."""
        char = self.peek()
        if char not in (",", closing) or not char:
            raise json.JSONDecodeError(f"Expecting a comma or {closing}", self.text, self.at)
        self.at += 1
        return char == closing


def read_json(path: str, text: str) -> list[Node]:
    """Return the values of a file, of which there is one, or one a line.

    Raises `BuildError` that says what the file looks like if it is no JSON.
    """
    reader = _Reader(text)
    nodes: list[Node] = []
    try:
        while reader.peek() or not nodes:
            nodes.append(reader.node())
    except RecursionError:
        raise BuildError([Problem(path, reader.line(), "this JSON is nested too deeply.")]) from None
    except json.JSONDecodeError as error:
        raise BuildError([_no_json(path, text, error)]) from None
    except ValueError:
        raise BuildError([Problem(path, reader.line(), "a number here is too long.")]) from None
    return nodes


def objects(
    nodes: Iterable[Node], wanted: Callable[[dict[str, Any]], bool], depth: int = DEPTH
) -> Iterator[Node]:
    """Yield the objects that `wanted` approves, inside wrappers as well; never one inside another."""
    for node in nodes:
        if isinstance(node.value, dict) and wanted(node.value):
            yield node
        elif depth:
            yield from objects(_inside(node), wanted, depth - 1)


def _inside(node: Node) -> Iterable[Node]:
    """Return what lies in a node; what has no line of its own has the node's."""
    value = node.value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return node.items or (Node(part, node.line) for part in inside)


def error_message(nodes: list[Node]) -> str:
    """Return what a server says instead of an answer ({"error": "Invalid date"}); else ""."""
    value = nodes[0].value if len(nodes) == 1 else None
    if not isinstance(value, dict):
        return ""
    said = [value[name] for name in ("error", "message", "detail", "errors") if value.get(name)]
    return said[0] if said and isinstance(said[0], str) else json.dumps(said[0]) if said else ""


def _no_json(path: str, text: str, error: json.JSONDecodeError) -> Problem:
    """Return the error, in words that tell what happened to the file."""
    if _PYTHON.match(text) or _PYTHON_WORD.search(text, max(0, error.pos - 2), error.pos + 8):
        hint = "Write it with json.dump, not with str or repr."
        return Problem(path, error.lineno, "this looks like Python's own notation, not like JSON.", hint)
    rest = text[error.pos :].strip()
    unfinished = len(rest) < 6 and not text.rstrip().endswith(("]", "}"))
    if not rest or unfinished or error.msg.startswith("Unterminated string"):
        line = text.rstrip().count("\n") + 1
        hint = "Save it once more."
        return Problem(path, line, "the JSON breaks off here: this looks like half a download.", hint)
    message = f"this is not valid JSON: {error.msg.lower()} in column {error.colno}."
    return Problem(path, error.lineno, message, "Save it once more, or mend this place.")
