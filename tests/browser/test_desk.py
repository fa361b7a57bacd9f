"""What a reader does with scripts: the reading desk, keys, density, colours, and what they cost."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.pages import page_types
from browser.served import Rules, Served, read_rules, serve
from browser.test_axe import RULES, RUN
from browser.test_clean import watched
from browser.tools import PROJECT, axe_script, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ISSUE = "/2025/12/09/"
EVOPRESS = "evopress-towards-optimal-dynamic-model-compression-via-evolutionary-search"
DEPTH = "do-language-models-use-their-depth-efficiently"
DARK, LIGHT = "rgb(22, 21, 19)", "rgb(251, 250, 246)"
SIZES = pytest.mark.parametrize("width", [360, 1280])
KEPT = "() => JSON.parse(localStorage.getItem('sitegen:/'))"
NODE = ".group [data-paper='{}']"
SAVE, READ, HIDE = (f"[data-action={action}]" for action in ("saved", "read", "hidden"))


@contextmanager
def reader(
    browser: Browser, served: Served, kept: object = None, base: str = "/", **options: Any
) -> Iterator[Page]:
    """Open a page of a reader whose browser keeps something already; nothing may be complained of."""
    with watched(browser, served, **options) as (page, complaints):
        if kept is not None:
            text = kept if isinstance(kept, str) else json.dumps({"version": 1} | dict(kept))  # type: ignore[call-overload]
            page.goto(served.at("/thanks/"))
            page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"sitegen:{base}", text])
        yield page
        assert not complaints


def pressed(page: Page, node: str, action: str) -> bool:
    return page.get_attribute(f"{node} {action}", "aria-pressed") == "true"


def focused(page: Page) -> str:
    """Return the slug of the paper whose title has the focus."""
    return str(page.evaluate("document.activeElement.closest('[data-paper]')?.dataset.paper ?? ''"))


def downloaded(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_text("utf-8")


# ---- save, mark read, hide


@pytest.mark.parametrize("action", [SAVE, READ])
def test_what_is_done_to_a_paper_is_there_after_a_reload_and_on_its_own_page(
    browser: Browser, digest: Served, action: str
) -> None:
    node = NODE.format(DEPTH)
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        page.click(f"{node} {action}")
        assert pressed(page, node, action)
        page.reload()
        assert pressed(page, node, action)
        page.goto(digest.at(f"/papers/{DEPTH}/"))
        assert pressed(page, ".reach", action)
        page.click(f".reach {action}")
        page.goto(digest.at(ISSUE))
        assert not pressed(page, node, action)
        assert page.evaluate(KEPT)["papers"] == {}


def test_several_tabs_agree(browser: Browser, digest: Served) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        other = page.context.new_page()
        other.goto(digest.at(ISSUE))
        page.click(f"{NODE.format(DEPTH)} {SAVE}")
        other.wait_for_selector(f"{NODE.format(DEPTH)} {SAVE}[aria-pressed=true]")
        other.click(f"{NODE.format(EVOPRESS)} {READ}")
        other.click(".scheme")
        page.wait_for_selector(f"{NODE.format(EVOPRESS)} {READ}[aria-pressed=true]")
        page.wait_for_selector("[data-scheme=light]")
        assert set(page.evaluate(KEPT)["papers"]) == {DEPTH, EVOPRESS}


def test_a_hidden_paper_is_counted_and_can_be_shown_and_taken_back(browser: Browser, digest: Served) -> None:
    node = NODE.format(EVOPRESS)
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        page.focus(f"{node} {HIDE}")
        page.keyboard.press("Enter")
        assert not page.is_visible(node)
        assert focused(page) == DEPTH
        assert page.inner_text(".view-hidden") == "1 hidden: show"
        page.click(".view-hidden")
        assert page.is_visible(node)
        page.click(".view-hidden")
        page.click(".toast button")
        assert page.is_visible(node)
        assert focused(page) == EVOPRESS
        assert not page.is_visible(".view-hidden")


def test_a_theme_whose_papers_are_all_hidden_leaves_the_list(browser: Browser, digest: Served) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        for _ in range(page.locator(".group").first.locator(".entry").count()):
            page.locator(".group").first.locator(".entry:visible").first.locator(HIDE).click()
        assert not page.is_visible("#picks")


def test_muted_words_hide_papers_that_have_the_whole_word(browser: Browser, digest: Served) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at("/desk/"))
        page.fill("#desk-mute", "LANGUAGE model, transp")
        page.keyboard.press("Enter")
        page.goto(digest.at(ISSUE))
        assert not page.is_visible(NODE.format(DEPTH))
        assert page.locator(".entry:visible", has_text="Transparent Image Layer").count()
        hidden = page.locator(".group > .entry").count() - page.locator(".group > .entry:visible").count()
        assert page.inner_text(".view-hidden") == f"{hidden} hidden by muted words: show"
        page.goto(digest.at("/desk/"))
        page.click(".desk-words button >> nth=0")
        page.goto(digest.at(ISSUE))
        assert page.is_visible(NODE.format(DEPTH))


def test_papers_that_came_after_the_last_visit_are_marked_until_the_next(
    browser: Browser, digest: Served
) -> None:
    new = "[...document.querySelectorAll('.is-new')].map((node) => node.dataset.day)"
    with reader(browser, digest, {"visit": {"at": 1, "newest": "2025-12-09"}}) as page:
        for _ in range(2):
            page.goto(digest.at("/"))
            assert set(page.evaluate(new)) == {"2025-12-11"}
        page.goto(digest.at(ISSUE))
        assert not page.evaluate(new)
        later = page.evaluate(KEPT)["visit"] | {"at": 1}
        assert later["newest"] == "2025-12-11"
    for visit in (later, {}):
        with reader(browser, digest, {"visit": visit}) as page:
            page.goto(digest.at("/"))
            assert not page.evaluate(new)


# ---- keys


def test_keys_walk_through_a_list_and_act_on_the_paper_that_has_the_focus(
    browser: Browser, digest: Served
) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        visited = []
        for key in "jjjk":
            page.keyboard.press(key)
            visited.append(focused(page))
        assert visited[:2] == [EVOPRESS, DEPTH]
        assert visited[3] == DEPTH
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        page.keyboard.press("s")
        page.keyboard.press("m")
        assert pressed(page, NODE.format(DEPTH), SAVE)
        assert pressed(page, NODE.format(DEPTH), READ)
        assert page.inner_text("[role=status]") == "Marked as read"
        page.keyboard.press("o")
        page.wait_for_url(f"**/papers/{DEPTH}/")
        page.keyboard.press("k")
        page.wait_for_url(f"**/papers/{EVOPRESS}/")
        page.keyboard.press("s")
        assert pressed(page, ".reach", SAVE)


def test_keys_do_nothing_while_typing_or_with_modifiers_or_when_turned_off(
    browser: Browser, digest: Served
) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at("/"))
        page.keyboard.press("Control+j")
        page.keyboard.press("Alt+j")
        assert not focused(page)
        page.focus("#subscribe-address")
        page.keyboard.type("jks?")
        assert page.input_value("#subscribe-address") == "jks?"
        page.goto(digest.at("/desk/"))
        page.uncheck("[name=keys]")
        page.goto(digest.at(ISSUE))
        page.keyboard.press("j")
        page.keyboard.press("?")
        assert not focused(page)
        assert not page.query_selector("dialog")
        page.click(".help")
        page.check("dialog input")
        page.click("dialog button")
        page.goto(digest.at(ISSUE))
        page.keyboard.press("j")
        assert focused(page) == EVOPRESS


def test_help_is_a_dialog_that_names_each_key_and_closes_with_escape(
    browser: Browser, digest: Served
) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        page.keyboard.press("j")
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        assert {"j", "k", "o", "s", "m", "?"} <= set(dialog.locator("kbd").all_inner_texts())
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        page.keyboard.press("Escape")
        assert dialog.count() == 0
        assert focused(page) == EVOPRESS


def test_slash_goes_to_the_search_that_the_navigation_names(browser: Browser, digest: Served) -> None:
    about = (digest.folder / "about" / "index.html").read_text("utf-8").replace("/feeds/", "/search/")
    with reader(browser, digest) as page:
        page.route("**/search/", lambda route: route.fulfill(body="Search", content_type="text/html"))
        page.route("**/about/", lambda route: route.fulfill(body=about, content_type="text/html"))
        page.goto(digest.at("/about/"))
        page.keyboard.press("/")
        page.wait_for_url("**/search/")


# ---- the desk


def test_the_desk_lists_what_was_kept_and_lets_go_of_it(browser: Browser, digest: Served) -> None:
    papers = {
        EVOPRESS: {"title": "EvoPress", "saved": 2e12},
        DEPTH: {"title": "Depth", "saved": 1e12, "hidden": 5},
    }
    with reader(browser, digest, {"papers": papers}) as page:
        page.goto(digest.at("/desk/"))
        assert page.locator("[data-list=saved] a").all_inner_texts() == ["EvoPress", "Depth"]
        day = page.inner_text("[data-list=saved] li:last-child .desk-day")
        assert day.endswith(" Sep 2001"), "as all pages name a month"
        page.focus(f"[data-list=saved] li:first-child {SAVE}")
        page.keyboard.press("Enter")
        assert page.locator("[data-list=saved] a").all_inner_texts() == ["Depth"]
        page.keyboard.press("Enter")
        assert page.inner_text("[data-list=saved] .desk-empty").startswith("Nothing is saved")
        assert page.evaluate("document.activeElement.textContent").startswith("To read")
        page.click("[data-list=hidden] a")
        page.wait_for_url(f"**/papers/{DEPTH}/")


def test_an_export_is_read_again_and_adds_to_what_is_there(browser: Browser, digest: Served) -> None:
    kept = {
        "papers": {EVOPRESS: {"title": "“Evo” & <i>", "saved": 7}},
        "muted": ["gold fish"],
        "scheme": "dark",
    }
    with reader(browser, digest, kept) as page:
        page.goto(digest.at("/desk/"))
        exported = downloaded(page, ".desk-export")
    file: Any = {"name": "desk.json", "mimeType": "application/json", "buffer": exported.encode()}
    with reader(browser, digest, {"papers": {DEPTH: {"title": "Depth", "read": 3}}}) as page:
        page.goto(digest.at("/desk/"))
        page.set_input_files("#desk-import", file)
        page.wait_for_selector("text=Read: 1 papers, 1 muted words.")
        now = page.evaluate(KEPT)
        assert now["papers"] == kept["papers"] | {DEPTH: {"title": "Depth", "read": 3}}
        assert now["muted"] == ["gold fish"]
        assert page.get_attribute("html", "data-scheme") == "dark"
        page.set_input_files("#desk-import", file | {"buffer": b'{"papers": 1}'})
        page.wait_for_selector("text=nothing was changed")
        assert page.evaluate(KEPT) == now
        page.on("dialog", lambda dialog: dialog.accept())
        page.click(".desk-clear")
        page.wait_for_selector("text=Everything is forgotten")
        assert page.evaluate(KEPT)["papers"] == {}


def test_the_saved_list_is_exported_as_each_papers_own_bibtex(browser: Browser, digest: Served) -> None:
    own = "@misc{evopress2024,\n  title = {EvoPress}\n}"
    papers = {
        EVOPRESS: {"title": "EvoPress", "saved": 2},
        "gone": {"title": "50% of {x}_1 & \\y", "saved": 1},
    }
    with reader(browser, digest, {"papers": papers}) as page:
        page.route(f"**/{EVOPRESS}/paper.bib", lambda route: route.fulfill(body=own + "\n"))
        page.route("**/gone/paper.bib", lambda route: route.fulfill(body="<!DOCTYPE html>"))
        page.goto(digest.at("/desk/"))
        text = downloaded(page, ".desk-bibtex")
    first, second = text.split("\n\n")
    assert first == own
    assert second == (
        "@misc{gone,\n  title = {{50\\% of \\{x\\}\\_1 \\& \\textbackslash{}y}},\n"
        f"  note = {{Listed at {digest.at('/papers/gone/')}}}\n}}\n"
    )


# ---- what is kept may be missing, full, damaged or hostile


BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("", "SecurityError"); }
})"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"


@pytest.mark.parametrize("fault", [BLOCKED, FULL])
def test_where_nothing_can_be_kept_it_holds_for_the_page_and_says_so(
    browser: Browser, digest: Served, fault: str
) -> None:
    with reader(browser, digest) as page:
        page.add_init_script(fault)
        page.goto(digest.at(ISSUE))
        for action in (SAVE, READ):
            page.click(f"{NODE.format(EVOPRESS)} {action}")
            assert pressed(page, NODE.format(EVOPRESS), action)
        assert "until you leave this page" in page.inner_text("[role=status]")
        assert pressed(page, NODE.format(EVOPRESS), SAVE)
        page.click("[data-show=titles]")
        assert page.get_attribute("html", "data-density") == "titles"
        page.goto(digest.at("/desk/"))
        assert page.is_visible(".desk-unkept")


ATTACK = "<img src=x onerror=\"document.title='broken'\">"


@pytest.mark.parametrize(
    "kept",
    [
        "{", "null", "[]", "7", '"text"', '{"version": 1, "papers": 3, "muted": {}, "visit": "x", "keys": 0}',
        '{"papers": {"__proto__": {"saved": 1}, "constructor": null, "a b": {"saved": 1}, "a": 1}}',
        json.dumps({
            "version": 1, "scheme": ATTACK, "density": ATTACK, "muted": [ATTACK, 7, None],
            "visit": {"at": ATTACK, "newest": ATTACK}, "papers": {
                "constructor": {"title": ATTACK, "saved": 1, "read": 1e300, "hidden": "x"},
                ATTACK: {"saved": 1},
            },
        }),
    ],
)  # fmt: skip
def test_damaged_or_hostile_memory_is_only_ever_text(browser: Browser, digest: Served, kept: str) -> None:
    with reader(browser, digest, kept) as page:
        for url in (ISSUE, "/desk/"):
            page.goto(digest.at(url))
            assert not page.query_selector("img")
            page.click(".scheme")
            assert page.get_attribute("html", "data-scheme") == ("light" if url == ISSUE else "dark")
        assert page.locator("[data-list=saved] a").all_inner_texts() in ([], [ATTACK])


def test_what_a_later_version_kept_is_left_alone(browser: Browser, digest: Served) -> None:
    later = '{"version": 2, "everything": "else"}'
    with reader(browser, digest, later) as page:
        page.goto(digest.at(ISSUE))
        page.click(".scheme")
        assert page.evaluate("localStorage.getItem('sitegen:/')") == later


def test_two_sites_on_one_host_do_not_mix(browser: Browser, tmp_path: Path) -> None:
    folder = build(PROJECT, tmp_path / "site", "https://user.example/digest/")
    with (
        serve(folder, Rules(read_rules(folder).headers), prefix="/digest/") as served,
        reader(browser, served, {"scheme": "dark"}) as page,
    ):
        page.goto(served.at(ISSUE))
        assert page.get_attribute("html", "data-scheme") is None
        page.click(f"{NODE.format(EVOPRESS)} {SAVE}")
        page.goto(served.at("/desk/"))
        page.click("[data-list=saved] a")
        page.wait_for_url(served.at(f"/papers/{EVOPRESS}/"))
        assert page.evaluate("Object.keys(localStorage).sort()") == ["sitegen:/", "sitegen:/digest/"]


# ---- no flash, no shift


FRAMES = """() => {
  window.frames_ = [];
  const look = () => {
    if (document.body) frames_.push(getComputedStyle(document.body).backgroundColor);
    requestAnimationFrame(look);
  };
  look();
}"""
SHIFTS = """() => new Promise((resolve) => {
  const moved = [];
  const place = ({ x, y }) => `${Math.round(x)},${Math.round(y)}`;
  const say = ({ node, previousRect, currentRect }) =>
    `${node?.parentElement.outerHTML.slice(0, 80)} from ${place(previousRect)} to ${place(currentRect)}`;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) => {
    moved.push([value, ...sources.map(say)]);
  })).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(moved), 150);
})"""


@pytest.mark.parametrize(("system", "chosen", "colour"), [("light", "dark", DARK), ("dark", "light", LIGHT)])
def test_the_chosen_colours_are_there_in_the_first_frame(
    browser: Browser, digest: Served, system: str, chosen: str, colour: str
) -> None:
    with reader(browser, digest, {"scheme": chosen}, color_scheme=system) as page:
        page.add_init_script(f"({FRAMES})()")
        page.route("**/reading.*.js", lambda route: (page.wait_for_timeout(200), route.continue_()))
        page.goto(digest.at(ISSUE))
        assert set(page.evaluate("frames_")) == {colour}
        active = (
            "[...document.querySelectorAll('[name=theme-color]')].filter((m) => matchMedia(m.media).matches)"
        )
        assert page.evaluate(f"{active}.map((meta) => meta.content)") == [
            {"light": "#fbfaf6", "dark": "#161513"}[chosen]
        ]


def test_the_toggle_goes_through_system_light_and_dark(browser: Browser, digest: Served) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    with reader(browser, digest, color_scheme="dark") as page:
        page.goto(digest.at("/"))
        seen = [page.evaluate(background)]
        for _ in range(3):
            page.click(".scheme")
            seen.append(page.evaluate(background))
        assert seen == [DARK, LIGHT, DARK, DARK]
        assert page.get_attribute("html", "data-scheme") is None


def test_density_is_remembered(browser: Browser, digest: Served) -> None:
    with reader(browser, digest) as page:
        page.goto(digest.at(ISSUE))
        page.click("[data-show=abstracts]")
        page.goto(digest.at("/themes/model-compression/"))
        assert page.locator(".group details:not([open])").count() == 0
        page.click("[data-show=titles]")
        page.reload()
        assert not page.is_visible(".group .facts, .group .entry-teaser, .group details")
        page.click("[data-show=teasers]")
        assert page.locator(".group .entry-teaser:visible").count()
        assert page.locator(".group details[open]").count() == 0


@SIZES
@pytest.mark.parametrize("density", ["titles", "", "abstracts"])
def test_nothing_moves_while_a_page_of_a_busy_reader_arrives_in_pieces(
    browser: Browser, slow_digest: Served, density: str, width: int
) -> None:
    kept = {
        "density": density,
        "scheme": "dark",
        "muted": ["language", "image"],
        "visit": {"at": 1, "newest": "2025-12-08"},
        "papers": {EVOPRESS: {"title": "E", "hidden": 1}, DEPTH: {"title": "D", "saved": 1, "read": 1}},
    }
    with reader(browser, slow_digest, kept, viewport={"width": width, "height": 900}) as page:
        found = {}
        for url in page_types(slow_digest.folder).values():
            page.goto(slow_digest.at(url))
            found[url] = page.evaluate(SHIFTS)
        assert {url: moved for url, moved in found.items() if moved} == {}


def test_where_the_second_script_does_not_come_no_control_is_shown(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        page.route("**/reading.*.js", lambda route: route.abort())
        page.goto(digest.at(ISSUE))
        assert page.locator("button:visible").count() == 0


def test_without_scripts_there_is_no_control_but_the_forms(browser: Browser, digest: Served) -> None:
    with watched(browser, digest, scripts=False) as (page, _):
        for url in page_types(digest.folder).values():
            page.goto(digest.at(url))
            assert page.locator("button:visible:not(.subscribe button)").count() == 0, url


# ---- access, print, copying, cost


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_full_desk_in_a_marked_list_and_in_the_help(
    browser: Browser, digest: Served, scheme: str, width: int
) -> None:
    kept = {
        "scheme": scheme,
        "muted": ["image"],
        "visit": {"at": 1, "newest": "2025-12-08"},
        "papers": {
            EVOPRESS: {"title": "EvoPress", "saved": 1e12, "read": 1e12},
            DEPTH: {"title": "Depth", "hidden": 1e12},
        },
    }
    with reader(browser, digest, kept, viewport={"width": width, "height": 900}) as page:
        for url, do in (("/desk/", ""), ("/desk/", "?"), (ISSUE, ".view-hidden"), (ISSUE, HIDE)):
            page.goto(digest.at(url))
            if do == "?":
                page.keyboard.press(do)
            elif do:
                page.click(f"{do} >> visible=true >> nth=0")
            page.evaluate(axe_script())
            found = page.evaluate(RUN, RULES)
            assert not found, "\n".join([f"{url} {do}", *found])


def test_print_has_no_control(browser: Browser, digest: Served) -> None:
    with reader(browser, digest, {"scheme": "dark"}) as page:
        for url in (ISSUE, f"/papers/{EVOPRESS}/"):
            page.goto(digest.at(url))
            page.emulate_media(media="print")
            assert page.locator("button:visible").count() == 0
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
            assert page.pdf().startswith(b"%PDF")


def test_the_copy_button_copies_the_address_of_a_feed(browser: Browser, digest: Served) -> None:
    with reader(browser, digest, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(digest.at("/feeds/"))
        page.click(".feed-rows button >> nth=0")
        page.wait_for_selector("button:text-is('Copied')")
        assert page.evaluate("navigator.clipboard.readText()") == digest.at("/feed.xml")


@pytest.mark.parametrize(
    ("url", "most"), [(f"/papers/{EVOPRESS}/", 25_000), ("/", 30_000), (ISSUE, 40_000), ("/papers/", 40_000)]
)
def test_a_page_is_small_and_needs_five_requests(
    browser: Browser, digest: Served, url: str, most: int
) -> None:
    with reader(browser, digest) as page:
        bodies: list[bytes] = []
        page.on("response", lambda answer: bodies.append(answer.body()))
        page.goto(digest.at(url))
        page.wait_for_load_state("networkidle")
    assert len(bodies) <= 5
    assert sum(len(gzip.compress(body)) for body in bodies) <= most
