"""Text: TeX-lite, mathematics, links and Markdown; what goes in comes out, and nothing of it is alive."""

from __future__ import annotations

import difflib
import html
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from casefile import read_cases, write_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from patience import ends_soon

from sitegen.model import Prose
from sitegen.text import markdown, plain, prose, summary, teaser, title
from sitegen.text.maths import formula
from sitegen.text.symbols import GREEK, OPERATORS
from sitegen.text.texlite import RULES

TESTS = Path(__file__).parent
CASES = TESTS / "cases"
CAPTURES = sorted((TESTS.parent / "content" / "captures").glob("*.txt"))

MATHML = {
    "math", "mi", "mn", "mo", "mtext", "mspace", "mrow", "msup", "msub", "msubsup", "mfrac", "msqrt",
    "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "mphantom", "menclose",
}  # fmt: skip
ELEMENTS = MATHML | {"a", "em", "strong", "code", "sup", "sub", "i", "span"}
ATTRIBUTES = {
    "alttext", "display", "class", "tabindex", "mathvariant", "fence", "form", "stretchy", "accent",
    "accentunder",
    "movablelimits",
    "displaystyle", "symmetric", "separator", "largeop", "columnalign", "notation", "scriptlevel", "width",
    "height", "depth", "voffset", "lspace", "rspace", "linethickness", "minsize", "maxsize",
}  # fmt: skip


def elements(markup: str) -> list[ElementTree.Element]:
    """Return the elements of a fragment; raise ParseError unless it is well-formed XML."""
    return list(ElementTree.fromstring(f"<p>{markup}</p>").iter())[1:]


def assert_safe(markup: str) -> None:
    for element in elements(markup):
        assert element.tag in ELEMENTS
        for name, value in element.attrib.items():
            if element.tag == "a":
                assert name == "href"
                assert value.startswith(("https://", "http://"))
            else:
                assert name in ATTRIBUTES


def shown_maths(text: str) -> str:
    setting = prose(text)
    feed = "" if setting.feed_html == setting.html else f"feed: {setting.feed_html}\n"
    warnings = "".join(f"\nwarning: {source}" for source in setting.warnings)
    return f"{setting.html}\n{feed}plain: {setting.plain}{warnings}"


def shown_links(text: str) -> str:
    setting = prose(text)
    lifted = "".join(f"\n{link.label}: {link.url}" for link in setting.links)
    return f"{setting.html}{lifted}"


def shown_markdown(text: str) -> str:
    shown = markdown(text, path="content/notes/x.md", line=10, base_path="/digest/", prefix="x-")
    problems = "".join(f"\n{problem.severity} {problem.code} {problem}" for problem in shown.problems)
    return f"{shown.html}plain: {shown.plain}{problems}"


SHOWN = {
    "texlite.txt": lambda text: f"{prose(text).html}\nplain: {plain(text)}",
    "maths.txt": shown_maths,
    "links.txt": shown_links,
    "markdown.txt": shown_markdown,
}


def updates(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))


@pytest.mark.parametrize("name", SHOWN)
def test_each_case_is_shown_as_its_file_says(name: str, request: pytest.FixtureRequest) -> None:
    show = SHOWN[name]
    cases = [(title, source, show(source)) for title, source, _ in read_cases(CASES / name)]
    if updates(request):
        write_cases(CASES / name, cases)
    assert read_cases(CASES / name) == cases


def test_each_rule_of_the_repair_has_a_case() -> None:
    titles = [title for title, _, _ in read_cases(CASES / "texlite.txt")]
    assert [rule.name for rule in RULES if not any(rule.name in title for title in titles)] == []


# The real captures


def real_blocks() -> list[tuple[str, int, str]]:
    """Return the titles and abstracts of the captures: file, line and text of every longer block."""
    blocks = []
    for path in CAPTURES:
        line = 1
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            if "\n" not in block.strip() and len(block) > 20:
                blocks.append((path.name, line, block))
            line += block.count("\n") + 2
    return blocks


real = pytest.mark.skipif(not CAPTURES, reason="the captures are not in content/captures")


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, symbols spelled as TeX names them.

    Two texts with the same letters hold the same words in the same order. What a repair may change is
    listed here, apart from the code that repairs.
    """
    names = {symbol: name for name, symbol in (GREEK | OPERATORS).items() if not name.startswith("var")}
    names |= {"×": "times", "~": "sim", ">": "textgreater", "°": "circ"}
    text = text.replace(".~", ". ")
    text = re.sub(r"\\(%|\(|\)|[\"'](?=[a-z]))", r"\1", text)
    text = "".join(names.get(char, char) for char in text)
    folded = unicodedata.normalize("NFKD", text)
    return "".join(char for char in folded if char.isalnum())


@real
def test_no_abstract_and_no_title_loses_a_letter() -> None:
    blocks = real_blocks()
    assert len(blocks) > 350
    for name, line, raw in blocks:
        assert letters_of(plain(raw)) == letters_of(raw), f"{name}:{line}"


def as_seen(raw: str) -> str:
    """Return what a page shows: text with its marks, a formula by its reading, a link by its words."""
    markup = re.sub(r'<math alttext="([^"]*)".*?</math>', r"\1", str(prose(raw).html))
    return html.unescape(re.sub(r"</?(?:a|span)\b[^>]*>", "", markup))


@real
def test_the_captures_are_set_without_a_warning() -> None:
    for name, line, raw in real_blocks():
        assert_safe(str(prose(raw).html))
        assert not prose(raw).warnings, f"{name}:{line}"


def changes(raw: str, shown: str) -> list[str]:
    before, after = raw.split(), shown.split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        f"    {' '.join(before[i:j])}  ->  {' '.join(after[k:m])}"
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    ]


@real
def test_the_repairs_of_the_real_captures_are_those_in_the_list(request: pytest.FixtureRequest) -> None:
    lines = []
    for name, line, raw in real_blocks():
        found = changes(raw, as_seen(raw))
        if found:
            lines += [f"{name}:{line}", *found]
    golden = CASES / "repairs-real.txt"
    text = "\n".join(lines) + "\n"
    if updates(request):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


# Whatever comes


SPECIAL = st.text(alphabet="\\\\${}^_`'\"~-%&<>()[]ab12 .,:/\u202e\x00\ud800\ue000é𝐱", max_size=60)
PIECES = st.lists(st.sampled_from([
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\emph{", "\\textbf{", "{\\em ", "{bf ", "{", "}", "^", "_",
    "^{", "_{", "\\frac", "\\text{", "<script>", "&", "https://github.com/o/r", "\\href{", "\\url{", "``",
    "''", "`", "--", "---", "~", " ", "x", "2", "times", "sim", "5", "ell", "\\'", '\\"',
    "\\left(", "\\right)",
    "\\sqrt", "\\begin{matrix}", "\\end{matrix}", "\\color{red}", "\\style{a:b}", "\\%", "%",
    "\\sum", "\\hat",
    "\\def",
]), max_size=25).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), SPECIAL, PIECES))
def test_any_text_becomes_safe_html(raw: str) -> None:
    shown = prose(raw)
    for markup in (str(shown.html), str(shown.feed_html), str(teaser(raw, 20))):
        assert_safe(markup)
        markup.encode("utf-8")
    assert all(element.tag != "a" for element in elements(str(teaser(raw, 20))))
    assert "<script" not in shown.plain or "<script" in raw
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown.plain)
    assert len(summary(raw, 20)) <= 20


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abc XYZ.,;!?<>&\"'()0123456789é中\n", max_size=80))
def test_ordinary_text_is_not_changed(raw: str) -> None:
    ordinary = re.sub("'{2,}", "'", raw)
    assert plain(ordinary) == " ".join(ordinary.split())
    assert html.unescape(str(prose(ordinary).html)) == plain(ordinary)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), PIECES))
def test_any_mathematics_is_mathml_or_nothing(tex: str) -> None:
    found = formula("".join(char for char in tex if char.isprintable()))
    if found:
        assert all(element.tag in MATHML for element in elements(found.html))
        assert_safe(found.html)
        assert_safe(found.feed)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), PIECES, st.text(alphabet="[]()!<>*_`#|-$^:/\n javscript", max_size=80)))
def test_any_markdown_holds_no_live_script(text: str) -> None:
    shown = markdown(text, path="x.md", line=1, base_path="/")
    markup = str(shown.html).lower()
    assert not re.search(r"<(?:script|iframe|object|style|base|form|input|svg)", markup)
    assert not re.search(r"(?:href|src)=\"\s*(?:javascript|vbscript|data|file):", markup)
    assert all(1 <= problem.line <= text.count("\n") + text.count("\r") + 1 for problem in shown.problems)


N = 100_000
HOSTILE = {
    "one letter": "a" * 1_000_000,
    "dollars": "$" * N,
    "dollars apart": "$a " * N,
    "open braces": "{" * N,
    "backslashes": "\\" * N,
    "nested braces": "{" * 10_000 + "}" * 10_000,
    "nested emphasis": "\\emph{" * 10_000 + "}" * 10_000,
    "nested powers": "$" + "x^{" * 10_000 + "}" * 10_000 + "$",
    "open mathematics": "\\(x " * N,
    "open switches": "{\\em " * 20_000,
    "carets": "^" * N,
    "open powers": "a^{" * N,
    "open indices": "a_{" * N,
    "backticks": "``a" * N,
    "apostrophes": "'" * N,
    "dashes": "-" * N,
    "tildes": "a~" * N,
    "schemes": "https://" * N,
    "a host without end": "https://a." + "b." * N,
    "brackets behind an address": "https://a.example/" + ")" * N,
    "open labels": "https://a.example/x{" * 20_000,
    "open commands": "\\href{a}{" * N,
    "lost names": "lambdacdot" * N,
    "lost numbers": "sim" + "1," * N,
    "spaces": " " * N + "\\",
    "sentences": "e.g. A" * N,
    "nothing that is valid": "\ud800\u202e\x00" * N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    raw = HOSTILE[name]
    shown, _, _ = ends_soon(lambda: (prose(raw), summary(raw), teaser(raw)))
    assert_safe(str(shown.html)[:100_000] if "<" not in shown.html else str(shown.html))


def test_deeply_nested_emphasis_makes_few_elements() -> None:
    depth = str(prose("\\emph{" * 10_000 + "x" + "}" * 10_000).html).count("<em>")
    assert depth == 6


HOSTILE_TEX = (
    "\\sqrt" * 160 + "x", "\\left(" * 80 + "\\right)" * 80, "x^{" * 16 + "}" * 16, "'" * 900, "^" * 900,
    "\\hat" * 200 + "x", "\\begin{matrix}" * 30 + "\\end{matrix}" * 30, "{" * 500 + "}" * 500, "x" * 5000,
    "\\text{" * 100,
)  # fmt: skip


@pytest.mark.parametrize("tex", HOSTILE_TEX)
def test_hostile_mathematics_ends_at_once(tex: str) -> None:
    found = ends_soon(lambda: formula(tex))
    assert found is None or all(element.tag in MATHML for element in elements(found.html))


# Teasers and summaries


def test_a_short_text_is_its_own_teaser_without_links() -> None:
    assert teaser("See https://github.com/o/r.") == "See https://github.com/o/r."


def test_a_teaser_ends_after_a_word_with_an_ellipsis() -> None:
    assert teaser("One two three, four five", 16) == "One two three…"
    assert teaser("One two three four", 14) == "One two three…"
    assert teaser("One two three four", 13) == "One two…"


def test_a_teaser_never_cuts_a_formula_or_the_word_it_belongs_to() -> None:
    assert teaser("We use ($\\frac{a}{b}$) here", 12) == "We use…"
    assert teaser("We use DA^{2}net here", 10) == "We use…"
    assert "</math>" in teaser("We use $x^2+1$ in all of this", 16)


def test_a_teaser_closes_what_it_opened() -> None:
    assert teaser("An \\emph{important and long} text", 16) == "An <em>important…</em>"


def test_a_teaser_of_one_endless_word_is_cut_within_it() -> None:
    assert teaser("a" * 50, 10) == "a" * 9 + "…"


def test_a_summary_is_the_first_sentence() -> None:
    assert summary("We cut 50\\% of it. It works.") == "We cut 50% of it."
    assert summary("Is it so? It is.") == "Is it so?"
    assert summary("No end") == "No end"
    assert summary("") == ""


def test_a_summary_does_not_end_at_an_abbreviation() -> None:
    text = "Models (e.g. Llama) by Smith et al. Were tested, see Fig. 3 of J. Doe, in v1.5. Then more."
    assert summary(text) == "Models (e.g. Llama) by Smith et al. Were tested, see Fig. 3 of J. Doe, in v1.5."


def test_a_long_summary_is_cut_at_a_word() -> None:
    assert summary("one two three four five", 15) == "one two three…"
    assert summary("a" * 300) == "a" * 199 + "…"


# Forms


def test_prose_keeps_the_sources_of_what_could_not_be_set() -> None:
    shown = prose("so $x_{$ it")
    assert isinstance(shown, Prose)
    assert shown.warnings == ("$x_{$",)


def test_feeds_share_the_html_where_there_is_no_mathematics() -> None:
    shown = prose("O(n^2) text")
    assert shown.feed_html is shown.html


def test_direction_and_control_characters_are_dropped() -> None:
    assert plain("a\u202eb\u2066c\x00d\x9be\ufeff") == "abcde"
    assert plain("a\ud800b\ufffec\U0001fffe") == "a\ufffdb\ufffdc\ufffd"


def test_markdown_keeps_its_lines_when_characters_are_dropped() -> None:
    shown = markdown("a\x00\u202e\r\n\r\n[x](javascript:y)", path="n.md", line=5, base_path="/")
    assert [(problem.path, problem.line) for problem in shown.problems] == [("n.md", 7)]


def test_a_heading_takes_the_level_it_is_given() -> None:
    shown = markdown("# A\n\n## B", path="n.md", line=1, base_path="/", heading=3)
    assert shown.html == "<h3>A</h3>\n<h4>B</h4>\n"


def test_headings_skip_no_level() -> None:
    shown = markdown("### A\n\n# B\n\n###### C\n\n## D", path="n.md", line=1, base_path="/")
    assert re.findall(r"<(h\d)>", shown.html) == ["h2", "h2", "h3", "h3"]


def test_at_the_root_links_stay_as_they_are() -> None:
    shown = markdown("[a](/papers/)", path="n.md", line=1, base_path="/")
    assert shown.html == '<p><a href="/papers/">a</a></p>\n'


def test_text_without_mathematics_loads_no_heavy_library() -> None:
    code = (
        "import sys; from sitegen.text import prose, teaser; "
        "prose('RNiO$_3$ O(n^2), 5$\\\\times$'); teaser('a'); "
        "print([name for name in ('latex2mathml', 'markdown_it', 'pygments', 'xml.etree.ElementTree')"
        " if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TESTS.parent
    )
    assert found.stdout.strip() == "[]"


def test_prose_without_marks_is_held_once() -> None:
    shown = prose("P < 0.05 & more")
    assert (shown.marked, shown.marked_for_feeds) == (None, None)
    assert shown.html == shown.feed_html == Markup("P &lt; 0.05 &amp; more")


def test_title_holds_no_link() -> None:
    shown = title("See https://a.example/x and $x^2$")
    assert "<a" not in shown.html
    assert "https://a.example/x" in shown.html
    assert shown.links == ()
