"""A context as rows and stretches of bars; plain values, made on the store's thread."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from scrubber.core.ages import amount, count
from scrubber.core.context.blocks import Share
from scrubber.core.context.words import change_line
from scrubber.core.describe import describe
from scrubber.core.events import Mark
from scrubber.models.row_list import ListRow, Rows
from scrubber.ui.inspector.budget_bar import Part
from scrubber.ui.transcript.labels import icon_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from scrubber.core.context.blocks import Block
    from scrubber.core.context.budget import Budget
    from scrubber.core.context.delta import Change
    from scrubber.core.context.seen import Seen


def block_rows(seen: Seen) -> Rows:
    """The tools, if they are recorded, and the blocks in order, a heading in front of a summary."""
    blocks, total = seen.blocks, max(seen.budget.total, 1)
    keys: list[Hashable] = [block.key for block in blocks]
    others = _others(seen, total)
    for place, row in others:
        keys.insert(place, row.key)
    places, rows = [place for place, _ in others], dict(others)

    def make(number: int) -> ListRow:
        if number in rows:
            return rows[number]
        return block_row(blocks[number - bisect_left(places, number)], total)

    return Rows(tuple(keys), make)


def _others(seen: Seen, total: int) -> list[tuple[int, ListRow]]:
    """Rows that are no blocks, with their places in the list."""
    found: list[tuple[int, ListRow]] = []
    if seen.tools_at is not None:
        tokens = seen.budget.shares.get(Share.TOOLS, 0)
        words = f"{count(len(seen.tool_names), 'tool')}: {', '.join(seen.tool_names)}"
        size, name, target = f"≈{amount(tokens)}", Share.TOOLS.name, seen.tools_at + 1
        found.append((0, ListRow("tools", words, size, "settings", name, tokens / total, target)))
    at = _boundary(seen)
    if at is not None:
        words = f"Compacted: stands for {count(seen.summed_up, 'block')}"
        found.append((at + len(found), ListRow("boundary", words, is_heading=True)))
    return found


def _boundary(seen: Seen) -> int | None:
    """Which block is the summary that stands for others; None: none does."""
    if not seen.summed_up:
        return None
    first = seen.boundaries[-1] if seen.boundaries else 0
    found = (at for at, block in enumerate(seen.blocks) if block.index == first)
    return next(found, None)


def block_row(block: Block, total: int, sign: str = "") -> ListRow:
    """A block, and how much it is of a total."""
    text = describe(block.event, 200)
    is_sealed = bool(int(block.event.marks) & int(Mark.SEALED))
    if block.is_made_up:
        text = f"made up: {text}"
    return ListRow(
        (sign, block.key) if sign else block.key,
        f"{sign}{text}",
        f"≈{amount(block.tokens)}" if block.tokens or not is_sealed else "sealed",
        icon_name(block.event),
        "error" if block.event.is_error else block.share.name,
        block.tokens / total,
        None if block.is_made_up else block.index + 1,
        tip=f"#{block.index + 1:,} · {block.share.value}\n{describe(block.event, 1000)}",
    )


def change_rows(seen: Seen, changes: tuple[Change, ...]) -> Rows:
    """The changes, a heading in front of each."""
    return Rows.of(_changes(seen, changes))


def _changes(seen: Seen, changes: tuple[Change, ...]) -> Iterator[ListRow]:
    total = max(seen.budget.total, 1)
    if not changes:
        yield ListRow("same", "The same as at the index before", is_heading=True)
    for number, change in enumerate(changes):
        line = change_line(change)
        yield ListRow(("change", number), line[:1].upper() + line[1:], is_heading=True)
        for block in change.dropped:
            yield block_row(block, total, "− ")
        for block in change.added:
            yield block_row(block, total, "+ ")


def share_parts(budget: Budget) -> tuple[Part, ...]:
    """The shares as stretches."""
    return tuple(
        Part(share.value, share.name, tokens, f"≈{amount(tokens)}", share is Share.UNSEEN)
        for share, tokens in budget.shares.items()
    )


def cache_parts(budget: Budget) -> tuple[Part, ...]:
    """What of the last counted prompt was cached, written, and fresh."""
    usage = budget.usage
    if usage is None or not (usage.cache_read or usage.cache_write):
        return ()
    parts = (
        Part("cached", Share.USER.name, usage.cache_read, amount(usage.cache_read)),
        Part("written", Share.RESULTS.name, usage.cache_write, amount(usage.cache_write)),
        Part("fresh", "", usage.input, amount(usage.input)),
    )
    return tuple(part for part in parts if part.tokens)
