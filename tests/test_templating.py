"""Our Jinja environment prints what Jinja's own does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from sitegen.compiled import Compiled
from sitegen.templating import Environment, html

PIECES = {
    "base.html": """
{% from 'macros.html' import box %}<b>{{ title }}</b>{% block main %}{% endblock %}{{ box(title) }}
""",
    "macros.html": """
{% macro box(text, level=2) %}<h{{ level }}>{{ text }}{{ shout(text) }}</h{{ level }}>{% endmacro %}
{% macro around() %}<p>{{ caller("<i>") }}</p>{% endmacro %}
""",
}
TEMPLATES = (
    "{{ title }} {{ safe }} {{ number }} {{ none }} {{ badge }} {{ title ~ safe }} {{ title|upper }}",
    "{% extends 'base.html' %}{% block main %}{{ super() }}{{ self is defined }}<{{ title }}>{% endblock %}",
    "{% from 'macros.html' import around %}{% call(x) around() %}{{ x }}{{ title }}{% endcall %}",
    "{% import 'macros.html' as all %}{{ all.box(safe, level=3) }}{{ all.box(text=title) }}",
    "{% for word in words %}{{ loop.index }}{{ word }}{{ loop.cycle('a', '&') }}{% else %}-{% endfor %}",
    "{% set row = cycler('<', '>') %}{{ row.next() }}{{ row.next() }}{{ range(3)|join('&') }}",
    "{% autoescape false %}{{ title }}{{ shout(title) }}{% endautoescape %}{{ title }}",
    "{% from 'macros.html' import box %}{% autoescape false %}{{ title }}{% endautoescape %}{{ box('<&>') }}",
    "{% filter upper %}{{ title }}{% endfilter %}{% include 'macros.html' %}{{ missing is defined }}",
    "{% macro f() %}{{ varargs }}{{ kwargs|length }}{% endmacro %}{{ f(1, '<', a=2) }}{{ whole() }}",
    "{% for word in words if word != 'b' %}{% set last = word %}{{ last|e }}{{ missing }}{% endfor %}",
    "{{ title.nothing }}",
    "{{ shout() }}",
    "{% include 'none.html' %}",
)


@dataclass
class Badge:
    """Says itself how it looks in HTML."""

    def __html__(self) -> str:
        return "<badge>"


@jinja2.pass_context
def whole(context: jinja2.runtime.Context) -> str:
    return str(context["title"]) + "<"


def shout(text: str) -> str:
    return f"{text}!<"


def environments() -> tuple[jinja2.Environment, jinja2.Environment]:
    loader = jinja2.DictLoader(PIECES)
    plain = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ours = Environment(loader)
    for environment in (plain, ours):
        environment.globals.update(shout=shout, whole=whole)
    return plain, ours


def outcome(environment: jinja2.Environment, template: str) -> str:
    """Return what a template prints, or how it fails."""
    values = {
        "title": "a <b> & 'c' \"d\"",
        "safe": Markup("<em>e</em>"),
        "number": 7,
        "none": None,
        "badge": Badge(),
        "words": ("b", "<"),
    }
    try:
        return environment.from_string(template).render(values)
    except (jinja2.TemplateError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_prints_what_it_prints_with_plain_jinja(template: str) -> None:
    plain, ours = environments()
    assert outcome(ours, template) == outcome(plain, template)


def test_globals_of_one_template_are_no_others() -> None:
    _, ours = environments()
    first = ours.get_template("base.html")
    assert ours.get_template("macros.html", globals={"title": "own"}).globals["title"] == "own"
    assert "title" not in ours.globals
    with pytest.raises(jinja2.UndefinedError):
        first.render()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a template of ours."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "page.html").write_text("one {{ 1 }}", encoding="utf-8")
    return tmp_path / "home"


def printed(*folders: Path) -> str:
    """Return what the template prints in a new environment, the last folder of which is ours."""
    environment = Environment(jinja2.FileSystemLoader([str(folder) for folder in folders]))
    environment.bytecode_cache = Compiled(folders[-1])  # not that of all tests
    return environment.get_template("page.html").render()


def test_the_code_of_our_own_templates_is_kept_beside_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(home) == "one 1"
    [kept] = (home / "__pycache__").iterdir()
    monkeypatch.setattr(Environment, "compile", None)
    assert printed(home) == "one 1"
    assert [*(home / "__pycache__").iterdir()] == [kept]


def test_a_changed_template_is_compiled_again(home: Path) -> None:
    printed(home)
    (home / "page.html").write_text("two", encoding="utf-8")
    assert printed(home) == printed(home) == "two"


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[:-1] + b"\0"])
def test_damaged_code_is_not_run(home: Path, damage: Callable[[bytes], bytes]) -> None:
    printed(home)
    [kept] = (home / "__pycache__").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert printed(home) == "one 1"
    assert kept.read_bytes() == whole


def test_no_file_of_a_project_is_taken_for_code(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "project"
    own.mkdir()
    (own / "page.html").write_text("own", encoding="utf-8")
    assert printed(own, home) == "own"
    assert not (own / "__pycache__").exists()
    assert not (home / "__pycache__").exists()


def test_python_can_be_told_to_keep_no_code(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert printed(home) == "one 1"
    assert not (home / "__pycache__").exists()


def test_a_folder_that_refuses_is_no_mistake(home: Path) -> None:
    (home / "__pycache__").write_text("", encoding="utf-8")
    assert printed(home) == "one 1"


@given(st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none(), st.floats(), st.builds(Badge)))
def test_any_value_is_printed_as_markupsafe_escapes_it(value: object) -> None:
    assert html(value) == escape(value)
