"""What changed between two contexts: what came, what went, and what took the place of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.context.blocks import Block


@dataclass(frozen=True, slots=True)
class Change:
    """Blocks in a row that are gone, and those that stand in their place; one of the two may be
    empty."""

    dropped: tuple[Block, ...]
    added: tuple[Block, ...]

    @property
    def word(self) -> str:
        """``added``, ``dropped`` or ``replaced``."""
        if not self.dropped:
            return "added"
        return "replaced" if self.added else "dropped"


def delta(before: Sequence[Block], after: Sequence[Block]) -> tuple[Change, ...]:
    """The changes from one context to another, in the order of the later one."""
    same = _common_start(before, after)
    return tuple(_changes(before[same:], after[same:]))


def _common_start(before: Sequence[Block], after: Sequence[Block]) -> int:
    """How many blocks both begin with; nearly all of them, as a rule."""
    pairs = zip(before, after, strict=False)
    return next(
        (at for at, (one, other) in enumerate(pairs) if one.key != other.key),
        min(len(before), len(after)),
    )


def _changes(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Change]:
    """Walk along the blocks that both have; what has moved back counts as gone and come."""
    places = {block.key: at for at, block in enumerate(before)}
    at = 0
    added: list[Block] = []
    for block in after:
        place = places.get(block.key, -1)
        if place < at:
            added.append(block)
            continue
        yield from _change(before[at:place], added)
        at, added = place + 1, []
    yield from _change(before[at:], added)


def _change(dropped: Sequence[Block], added: Sequence[Block]) -> Iterator[Change]:
    if dropped or added:
        yield Change(tuple(dropped), tuple(added))
