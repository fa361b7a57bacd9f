"""Pages saved as plain text: lines in, listings out; titles are told by where they stand.

A block that is missing or too many spoils its own listing at most, never what follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from sitegen.parsers.saved_page.lines import Line
from sitegen.parsers.saved_page.listing import (
    LONGEST_TITLE,
    NUMBER,
    Block,
    Listing,
    Listings,
    blocks_of,
    is_furniture,
    one_line,
)
from sitegen.parsers.saved_page.meta import Meta, is_date, read_meta

_ENDS = (".", ".)", '."', '.")', ".'", ".”", "。")
"""How a sentence ends; a title rarely does."""
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def plain_listings(lines: Sequence[Line]) -> Listings:
    """Return the listings of a page saved as plain text.

    Between two meta blocks stand one listing or, where meta blocks are missing, several.
    """
    runs = _runs(lines)
    genuine = len(runs) > 1
    day: Block | None = None
    found: list[Listing] = []
    unread: list[Block] = []
    for number, (blocks, meta) in enumerate(runs):
        # A later head is that of another page, pasted below the first.
        if number == 0 or any(_is_heading(block) for block in blocks):
            head, blocks, named = _without_head(blocks, meta)
            genuine = genuine or any(_is_heading(block) for block in head)
            day = day or named
            unread += [block for block in head if not _is_known(block)]
        if meta is None:
            blocks, beyond = _without_footer(blocks)
            unread += beyond
        blocks, votes, comments = _without_numbers(blocks)
        if comments is not None and found and (before := found[-1].meta) and not before.date:
            found[-1] = replace(found[-1], meta=replace(before, comments=comments))
        listings, lost = _split(blocks, meta, votes)
        found += listings
        unread += lost
    return Listings(tuple(found), tuple(unread), day, genuine)


def _runs(lines: Sequence[Line]) -> list[tuple[list[Block], Meta | None]]:
    """Return the blocks above each meta block, each run with that meta block; the last run has none."""
    runs: list[tuple[list[Block], Meta | None]] = []
    start = index = 0
    while index < len(lines):
        if (read := read_meta(lines, index)) is None:
            index += 1
            continue
        meta, after = read
        runs.append((blocks_of(lines[start:index]), meta))
        start = index = after
    return [*runs, (blocks_of(lines[start:]), None)]


def _without_head(blocks: list[Block], meta: Meta | None) -> tuple[list[Block], list[Block], Block | None]:
    """Return the head of the page, the blocks below it, and the day that it names.

    It ends with the last block above the first title that is known to be part of it. The title stands
    above the first abstract; without one, above the meta block.
    """
    heading = next((index for index, block in enumerate(blocks) if _is_heading(block)), 0)
    title = len(blocks) - 1 if meta else len(blocks)
    for index in range(heading, len(blocks)):
        if not _is_short(blocks[index]):
            title = index - 1
            break
    known = [index for index in range(max(title, 0)) if _is_known(blocks[index])]
    day = next((blocks[index] for index in known if is_date(blocks[index].text)), None)
    end = known[-1] + 1 if known else 0
    return blocks[:end], blocks[end:], day


def _is_heading(block: Block) -> bool:
    return block.text in ("Daily Papers", "# Daily Papers")


def _is_known(block: Block) -> bool:
    return is_furniture(block.text) or is_date(block.text)


def _without_footer(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Return the blocks above the footer, and those of the footer that are not known to be one."""
    long = max((i for i, block in enumerate(blocks) if not _is_short(block)), default=-1)
    end = next((i for i in range(long + 1, len(blocks)) if is_furniture(blocks[i].text)), len(blocks))
    beyond = [block for block in blocks[end:] if not is_furniture(block.text)]
    if end and NUMBER.fullmatch(blocks[end - 1].text):
        end -= 1
    if end and blocks[end - 1].text.startswith("•"):
        # A meta block that was cut off after a few characters.
        end -= 1
        beyond = [blocks[end], *beyond]
    if long < 0 and end > 2:
        return [], blocks[:end] + beyond
    return blocks[:end], beyond


def _without_numbers(blocks: list[Block]) -> tuple[list[Block], int | None, int | None]:
    """Return the blocks without what stands above a title, and the votes and comments found there.

    The last number above a title counts its votes; one before that, the comments on the paper above.
    """
    numbers: list[int | None] = []
    index = 0
    while index + 1 < len(blocks):
        text = blocks[index].text
        number = NUMBER.fullmatch(text)
        if number and _is_short(blocks[index + 1]):
            numbers.append(None if number["number"] == "-" else int(number["number"]))
            index += 1
        elif text.lower() == "submitted by":
            index += 2
        elif text.lower().startswith("submitted by ") and len(text) < 60:
            index += 1
        else:
            break
    votes = numbers[-1] if numbers else None
    return blocks[index:], votes, numbers[-2] if len(numbers) > 1 else None


def _split(
    blocks: Sequence[Block], meta: Meta | None, votes: int | None
) -> tuple[list[Listing], list[Block]]:
    """Return the listings of one run, the last with the meta block, and the blocks that are of none."""
    starts = _titles(blocks)
    if not starts:
        orphan = [Block(meta.line, "authors and date of a paper without a title")] if meta else []
        return [], [*blocks, *orphan]
    listings = []
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        body = blocks[start + 1 : end]
        listings.append(
            Listing(
                line=blocks[start].line,
                title=one_line(blocks[start].text),
                abstract="\n\n".join(block.text for block in body),
                paragraphs=len(body),
                meta=meta if end == len(blocks) else None,
                upvotes=votes if start == starts[0] else None,
            )
        )
    return listings, list(blocks[: starts[0]])


def _titles(blocks: Sequence[Block]) -> list[int]:
    """Return which blocks of a run are titles.

    The first one is. Of the others, a short one that ends without a full stop and names no address
    is, unless it stands where only an abstract can: right below a title and last in the run.
    """
    titles: list[int] = []
    for index, block in enumerate(blocks):
        if not titles:
            if len(block.text) <= LONGEST_TITLE:
                titles.append(index)
        elif _is_short(block) and not (titles[-1] == index - 1 and index == len(blocks) - 1):
            titles.append(index)
    return titles


def _is_short(block: Block) -> bool:
    """Return whether the block reads like a title rather than like a part of an abstract."""
    return (
        len(block.text) <= LONGEST_TITLE
        and not block.text.endswith(_ENDS)
        and _ADDRESS.search(block.text) is None
    )
