"""Lists of papers cut into pages: groups with headings, contents, page numbers, neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import FeedLink, Group, Line, Link, Listing, Page, Pagination, Paper, Redirect, SocialCard
from sitegen.recent import Recent
from sitegen.routes import list_page_url

CONTENTS_LIMIT = 36
"""A table of contents of more lines than this helps nobody."""
_NEIGHBOURS = 2
"""How many page numbers stand on each side of the current one."""


class ListPlan(Struct, frozen=True):
    """A whole list, before it is cut into pages."""

    url: str
    title: str
    """Of its first page; others say their number too."""
    description: str
    crumbs: tuple[Link, ...]
    section: str
    listing: Listing
    """What the first page shows; `groups` holds all papers, and there is no pagination yet."""
    feeds: tuple[FeedLink, ...]
    """Announced in the head of each page."""
    card: SocialCard | None = None


def list_pages(plan: ListPlan, size: int, recent: Recent) -> Iterator[Page]:
    """Yield the pages of a list with at most `size` papers each; an empty list has one page.

    The folder of the further pages is an address too, and leads to the first.
    """
    chunks = list(_cut(plan.listing.groups, size)) or [()]
    rest = replace(plan, listing=replace(plan.listing, contents=_contents(plan, chunks), groups=()))
    given = rest, len(chunks)
    frame = recent.of(("list", plan.url), given, lambda: given)  # the very one of the build before, if equal
    for number, groups in enumerate(chunks, start=1):
        yield recent.call(_list_page, (plan.url, number), frame, number, groups)
    if len(chunks) > 1:
        yield recent.call(moved_page, f"{plan.url}page/", f"{plan.url}page/", Link(plan.title, plan.url))


def _list_page(frame: tuple[ListPlan, int], number: int, groups: tuple[Group, ...]) -> Page:
    """Return one page of a list whose plan has no papers in it, by the number of all."""
    plan, count = frame
    cut = pagination(plan.url, number, count) if count > 1 else None
    listing = replace(plan.listing, groups=groups, pagination=cut)
    title, description = plan.title, plan.description
    if number > 1:
        page_of = f"page {number}"
        title = f"{title}, {page_of}"
        description = f"{page_of.capitalize()} of {count}: {description}"
        heading = f"{listing.heading}, {page_of}"
        none = type(listing.lead)("")
        listing = replace(
            listing, heading=heading, parts=(), lead=none, about=none, chart=None, discussed=None
        )
    days = [paper.updated for group in groups for paper in group.papers if paper.updated]
    return Page(
        url=list_page_url(plan.url, number),
        template="listing.html",
        title=title,
        description=description,
        body=listing,
        crumbs=plan.crumbs if number == 1 else (*plan.crumbs, Link(plan.listing.heading, plan.url)),
        feeds=plan.feeds,
        updated=max(days, default=None),
        section=plan.section,
        card=plan.card,
    )


def moved_page(url: str, to: Link, origin: tuple[str, int] = ("", 0)) -> Page:
    """Return the page at an address that sends its visitor on."""
    return Page(
        url=url,
        template="redirect.html",
        title=f"Moved: {url}",
        description=f"This page has moved to {to.url}.",
        body=Redirect(to),
        crumbs=(),
        feeds=(),
        updated=None,
        indexed=False,
        origin=origin,
    )


def group_of(title: str, anchor: str, papers: Sequence[Paper], url: str = "", hue: int = 0) -> Group:
    """Return a whole group, as it stands before a list is cut."""
    return Group(title, anchor, url, hue, False, tuple(papers))


def _cut(groups: Sequence[Group], size: int) -> Iterator[tuple[Group, ...]]:
    """Yield the groups of each page; a group that does not fit goes on upon the next page."""
    page: list[Group] = []
    room = size
    for group in groups:
        rest = group
        while rest.papers:
            page.append(_part(rest, rest.papers[:room], rest.continued))
            rest = _part(rest, rest.papers[room:], True)
            room -= len(page[-1].papers)
            if room == 0:
                yield tuple(page)
                page, room = [], size
    if page:
        yield tuple(page)


def _part(group: Group, papers: tuple[Paper, ...], continued: bool) -> Group:
    return Group(group.title, group.anchor, group.url, group.hue, continued, papers)


def _contents(plan: ListPlan, chunks: Sequence[tuple[Group, ...]]) -> tuple[Line, ...]:
    """Return a line for each group, linked to where it begins."""
    if not 2 <= len(plan.listing.groups) <= CONTENTS_LIMIT:
        return ()
    counts = {group.anchor: len(group.papers) for group in plan.listing.groups}
    return tuple(
        Line(
            title=group.title,
            url=f"{list_page_url(plan.url, number)}#{group.anchor}",
            count=counts[group.anchor],
            hue=group.hue,
        )
        for number, groups in enumerate(chunks, start=1)
        for group in groups
        if not group.continued
    )


def pagination(url: str, number: int, count: int) -> Pagination:
    """Return where page `number` of `count` stands in the list at `url`."""
    near = range(max(1, number - _NEIGHBOURS), min(count, number + _NEIGHBOURS) + 1)
    shown = sorted({1, *near, count})
    pages: list[Link | None] = []
    for before, page in zip([0, *shown], shown, strict=False):
        if page - before > 1:
            pages.append(None)
        pages.append(Link(str(page), list_page_url(url, page)))
    return Pagination(
        number=number,
        count=count,
        previous=list_page_url(url, number - 1) if number > 1 else "",
        next=list_page_url(url, number + 1) if number < count else "",
        pages=tuple(pages),
    )
