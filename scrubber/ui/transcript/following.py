"""Following a session that grows, and a reply that is being written, without moving the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from scrubber.core.ages import count
from scrubber.ui.transcript.mouse import MouseFrame
from scrubber.ui.transcript.style import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from scrubber.models.cursor import Cursor
    from scrubber.models.event_feed import EventFeed
    from scrubber.models.live_parts import LivePart

_TAIL = 0.6
_TAIL_LINES = 18
"""Share of the page, and lines, that a reply may take while it is written: what is kept of it at
hand fills so much, so that nothing jumps when its beginning is let go of."""


class FollowingFrame(MouseFrame):
    """Shows what is added while the reader is at the end; elsewhere a button offers the way."""

    def __init__(self, feed: EventFeed, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(feed, cursor, parent)
        self._seen = len(feed)
        # What the reader wants, as long as nothing that was laid out shows it.
        self._following = False
        self._new_button = QPushButton(self)
        self._new_button.setObjectName("newEventsButton")
        self._new_button.hide()
        self._new_button.clicked.connect(self.scroll_to_end)
        feed.grown.connect(self._on_grown)
        cursor.index_changed.connect(self._on_index)

    def scroll_to_end(self) -> None:
        """Show the last events and follow the session from now on."""
        self._new_button.hide()
        self._seen = self.pager.count
        self._following = True
        self.pager.show_end()
        self.refresh()

    def scroll_by(self, pixels: float) -> None:
        """Scroll; who is at the end afterwards follows the session."""
        self._following = False
        super().scroll_by(pixels)

    def follows(self) -> bool:
        """Whether the reader is at the end, and so sees what is added."""
        if self._dirty:  # what was laid out last is of yesterday
            return self._following
        return not self.isVisible() or self.pager.at_end()

    def show_reply(self, parts: Sequence[LivePart]) -> None:
        """Show what a model is writing just now, below the last event."""
        follows = self.follows()
        style = self.pager.style
        most = min(self.pager.height * _TAIL, style.line * _TAIL_LINES)
        if self.tail.show(parts, style, most):
            self.pager.below = self.tail.height
            if follows:
                self.pager.show_end()
            self.refresh()
        elif self.pager.page.end is not None:
            top = int(self.pager.page.end)
            self.viewport().update(0, top, self.viewport().width(), int(self.tail.height) + 2)
        if parts and not follows and self._new_button.isHidden():
            self._offer_end("the reply grows")

    def forget_reply(self) -> None:
        """Show nothing below the last event, and begin anew."""
        self.tail.show((), self.pager.style, 0.0)
        self.pager.below = 0.0
        self._seen = self.pager.count
        self._following = False
        self._new_button.hide()

    def ensure_laid_out(self) -> None:
        """Also stay at the end where the page has become another height."""
        dirty, height = self._dirty, self.pager.height
        super().ensure_laid_out()
        if self._following and self.pager.height != height and not self.pager.at_end():
            self.pager.show_end()
            self.pager.lay_out()
        if dirty:
            self._following = self.pager.at_end()
        if self.pager.at_end():
            self._seen = self.pager.count
            self._new_button.hide()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place_button()

    def _on_scroll_bar(self, value: int) -> None:
        self._following = False
        super()._on_scroll_bar(value)

    def _on_index(self, index: int) -> None:
        self._following = self._following and index == self._cursor.length
        self.refresh()

    def _on_grown(self, length: int) -> None:
        if self.follows() or self._seen == 0:
            self.scroll_to_end()
            return
        self._offer_end(count(length - self._seen, "new event"))
        self.refresh()

    def _offer_end(self, words: str) -> None:
        self._new_button.setText(f"{words} ↓")
        self._new_button.adjustSize()
        self._place_button()
        self._new_button.show()

    def _place_button(self) -> None:
        size, area = self._new_button.sizeHint(), self.viewport().geometry()
        x = area.left() + (area.width() - size.width()) // 2
        self._new_button.move(x, area.bottom() - size.height() - 2 * UNIT)
