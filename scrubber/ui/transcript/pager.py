"""Turns pages: which rows are in sight, laid out within a budget of time, held by an anchor."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from scrubber.ui.transcript.folds import Folds
from scrubber.ui.transcript.layout import (
    Anchor,
    Page,
    anchor_for,
    held,
    place,
    position_at,
)
from scrubber.ui.transcript.rows import KEPT_ROWS, Row, RowBuilder, RowCache, is_shown
from scrubber.ui.transcript.style import PLAYHEAD, UNIT, Style

if TYPE_CHECKING:
    from scrubber.models.event_feed import EventFeed

BUDGET = 0.008
"""Seconds of laying out per frame; what is left is done in the next one."""

_MARGINS = (2.0 * UNIT, 5.0 * UNIT)
_PLAYHEAD_AT = 0.6
_NEAR = 3
_LOWEST = 12.0 * UNIT


class Pager:
    """The page of a feed at some size. All lengths are logical pixels."""

    def __init__(self, feed: EventFeed, style: Style) -> None:
        self.feed = feed
        self.folds = Folds()
        self.cache = RowCache()
        self.style = style
        self.height = 0.0
        self.playhead = 0
        self.show_hidden = False
        self.fitting: bytes | None = None
        self.below = 0.0
        """Room for what stands below the last row and is no event yet."""
        self.pending = False
        """Whether rows in sight still wait to be laid out although they could be."""
        self.page = Page((), Anchor(0, 0.0), None)
        self._builder = RowBuilder(feed, self.folds)
        self._deadline = 0.0
        self._built = 0
        self._stale = True
        # Whether the next page puts the playhead at its usual height, which depends on the page's.
        self._jumping = False

    @property
    def count(self) -> int:
        """Events of the session."""
        return len(self.feed)

    def set_style(self, style: Style, height: float) -> None:
        """Another width, font, palette or height; what is read stays where it is.

        A playhead that was in sight stays in sight.
        """
        if style == self.style and height == self.height:
            return
        line = None if self._stale else self.page.top_of(self.playhead, self.count)
        seen = line is not None and 0 <= line <= self.height
        if style != self.style:
            self.cache.clear()
        self.style, self.height = style, height
        if line is not None and seen and not self._jumping:
            self._start(BUDGET)
            self._show_line(self.playhead, line)

    def set_show_hidden(self, shown: bool) -> None:
        """Show hidden events too."""
        self.show_hidden = shown
        self._builder.set_show_hidden(shown)
        self.cache.clear()

    def set_fitting(self, fitting: bytes | None) -> None:
        """Show only the events with a 1 in this mask, and those behind it; None: all."""
        self.fitting = fitting
        self._builder.set_fitting(fitting)
        self.cache.clear()

    def lay_out(self, budget: float = BUDGET) -> Page:
        """Lay out what is in sight, at least one row, for at most so many seconds."""
        self._start(budget)
        self._stale = False
        if self._jumping:
            at = Anchor(self.page.anchor.index, round(self.height * _PLAYHEAD_AT))
            self.page = Page(self.page.rows, at, self.page.end)
        margins = (_MARGINS[0], _MARGINS[1] + self.below)
        self.page = place(
            self.page.anchor, self.count, self.height, margins, self._measure, self._beyond
        )
        # Heights that are still guessed would push what was jumped to out of sight once they are
        # known: it stays the anchor until all of the page has been read.
        self._jumping = self._jumping and self._waiting()
        if self._jumping:
            return self.page
        self.page = Page(self.page.rows, held(self.page, self.height), self.page.end)
        return self.page

    def prefetch(self, budget: float = BUDGET) -> bool:
        """Lay out a screen before and behind the page; True if there is more to do."""
        if not self.page.rows or self._waiting():
            return False
        self._start(budget)
        laid_out = sum(placed.row is not None for placed in self.page.rows)
        most = max(0, KEPT_ROWS - laid_out) // 2
        for edge, step in ((self.page.rows[-1].index, 1), (self.page.rows[0].index, -1)):
            filled, index, seen = 0.0, self._beyond(edge, step), 0
            while 0 <= index < self.count and filled < self.height and seen < most:
                filled += self._measure(index)[0]
                index, seen = self._beyond(index, step), seen + 1
        return self.pending

    def row(self, index: int) -> Row | None:
        """The row of an event, laid out now if it can be; not kept if it was not near."""
        cached = self.cache.get(index)
        if cached is not None or not 0 <= index < self.count:
            return cached
        event, content = self.feed.event_at(index), self.feed.content_at(index)
        if event is None or content is None or not is_shown(event, self.show_hidden):
            return None
        if not self._fits(index):
            return None
        return self._builder.build(event, content, self.style)

    def scroll(self, by: float) -> None:
        """Move the page so that what stood ``by`` pixels further down is at the top."""
        anchor = self.page.anchor
        self._move(Anchor(anchor.index, anchor.y - by))

    def scroll_to(self, fraction: float) -> None:
        """Show the place at a fraction, 0…1, of the session."""
        self._start(BUDGET)
        self._move(anchor_for(fraction, self.count, self.height, self._measure))

    def show(self, index: int, y: float) -> None:
        """Put the top of a row at a height of the page."""
        self._move(Anchor(min(max(index, 0), self.count), y))

    def hold(self, index: int) -> None:
        """Keep the top of a row, which is in sight, where it is whatever changes in it."""
        placed = self.page.find(index)
        if placed is not None:
            self._move(Anchor(index, placed.top))

    def at_end(self) -> bool:
        """Whether the end of the session is in sight."""
        return self.page.end is not None and self.page.end + self.below <= self.height + 2.0

    def show_end(self) -> None:
        """Bring the end into sight, and what stands below it."""
        self.show(self.count, self.height - _MARGINS[1] - self.below)

    def all_in_sight(self) -> bool:
        """Whether the whole session fits on the page."""
        first = self.page.rows[0] if self.page.rows else None
        starts = first is None or (first.index == 0 and first.top >= -0.5)
        return starts and self.at_end()

    def set_playhead(self, index: int) -> None:
        """Move the playhead and the page just as far as it takes to see it."""
        if index == self.playhead and self._jumping:
            return
        if self._stale:
            self.lay_out(BUDGET / 2)
        old, self.playhead = self.playhead, index
        first, last = (
            (self.page.rows[0].index, self.page.rows[-1].index) if self.page.rows else (0, 0)
        )
        if not first - _NEAR <= index <= last + _NEAR:
            self._jump(index)
            return
        # What stands in front of both lines stays; the gap of the line moves below it.
        self.hold(min(old, index))
        page = self.lay_out(BUDGET / 2)
        line = page.top_of(index, self.count)
        self._show_line(index, line if line is not None else (index - old) * self.height)

    def show_playhead(self) -> None:
        """Bring the playhead into sight, at the usual height."""
        self._jump(self.playhead)

    def visible_events(self) -> float:
        """How many events the page shows, with fractions."""
        first = position_at(self.page, 0.0, self.count)
        return max(0.05, position_at(self.page, self.height, self.count) - first)

    def _jump(self, index: int) -> None:
        self._move(Anchor(index, 0.0))
        self._jumping = True

    def _show_line(self, index: int, line: float) -> None:
        before = self._measure(index - 1)[0] if index else 0.0
        above = min(before + UNIT, self.height * _PLAYHEAD_AT)
        lowest = self.height - min(_LOWEST, self.height / 4)
        lowest -= self.below if index == self.count else 0.0
        self._move(Anchor(index, min(max(line, above), lowest)))

    def _move(self, anchor: Anchor) -> None:
        """Hold the page by another anchor until it is laid out again."""
        self._stale = True
        self._jumping = False
        self.page = Page(self.page.rows, anchor, self.page.end)

    def _start(self, budget: float) -> None:
        self._deadline = perf_counter() + budget
        self._built = 0
        self.pending = False

    def _fits(self, index: int) -> bool:
        mask = self.fitting
        return mask is None or index >= len(mask) or mask[index] == 1

    def _beyond(self, index: int, by: int) -> int:
        """The next row that is shown, or that the playhead stands in front of; see ``Beyond``."""
        mask = self.fitting
        if mask is None or (by > 0 and index + 1 >= len(mask)) or (by < 0 and index > len(mask)):
            return index + by
        if by > 0:
            found = mask.find(1, index + 1)
            found = found if found >= 0 else min(len(mask), self.count)
            return self.playhead if index < self.playhead < found else found
        found = mask.rfind(1, 0, max(index, 0))
        found = found if found >= 0 else (0 if index > 0 else -1)
        return self.playhead if found < self.playhead < index else found

    def _measure(self, index: int) -> tuple[float, Row | None]:
        gap = PLAYHEAD if index == self.playhead else 0.0
        if not self._fits(index):
            return gap, None
        row = self.cache.get(index)
        if row is not None:
            return row.height + gap, row
        event = self.feed.event_at(index)
        if event is not None and not is_shown(event, self.show_hidden):
            return gap, None
        content = self.feed.content_at(index) if event is not None else None
        if event is None or content is None or self._late():
            return self.cache.height(index, event, self.style) + gap, None
        row = self._builder.build(event, content, self.style)
        self._built += 1
        self.cache.put(row)
        return row.height + gap, row

    def _waiting(self) -> bool:
        """Whether rows in sight are still to be read: nothing should be asked for before them."""
        return any(placed.row is None and placed.height > PLAYHEAD for placed in self.page.rows)

    def _late(self) -> bool:
        late = self._built > 0 and perf_counter() > self._deadline
        self.pending |= late
        return late
