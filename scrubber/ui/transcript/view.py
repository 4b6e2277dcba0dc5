"""The transcript view: reading, selecting, folding, forking, and following a session that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPoint, Qt, QVariantAnimation, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from scrubber.core.ages import count
from scrubber.core.visible import visible
from scrubber.ui.transcript import menu as menus
from scrubber.ui.transcript.copying import as_markdown
from scrubber.ui.transcript.gestures import Target, link_at, target_at
from scrubber.ui.transcript.labels import who
from scrubber.ui.transcript.mouse import MouseFrame
from scrubber.ui.transcript.selection import whole_row
from scrubber.ui.transcript.style import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent, QShowEvent

    from scrubber.core.events import Kind
    from scrubber.models.cursor import Cursor
    from scrubber.models.event_feed import EventFeed
    from scrubber.models.live_parts import LivePart

_FLASH = 900
"""Milliseconds for which a revealed event lights up."""

_REVEALED_AT = 0.2
_TAIL = 0.6
"""Share of the page that a reply may take while it is written."""


class TranscriptView(MouseFrame):
    """The events of the open session as a page to read, with the playhead drawn between them.

    Signals:
        fork_requested(int): fork after this event was asked for; the event's index.
        subagent_activated(int): the transcript of the sub-agent of this event was asked for.
        copy_raw_requested(int): the raw record of this event should go to the clipboard.
    """

    fork_requested = Signal(int)
    subagent_activated = Signal(int)
    copy_raw_requested = Signal(int)

    def __init__(self, feed: EventFeed, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(feed, cursor, parent)
        self.setObjectName("transcriptView")
        self.setAccessibleName("Transcript")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._seen = len(feed)
        self._following = False
        self._new_button = QPushButton(self)
        self._new_button.setObjectName("newEventsButton")
        self._new_button.hide()
        self._new_button.clicked.connect(self.scroll_to_end)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(_FLASH)
        self._animation.setEasingCurve(QEasingCurve.Type.InQuad)
        self._animation.valueChanged.connect(self._on_flash)
        feed.reset.connect(self._on_reset)
        feed.grown.connect(self._on_grown)
        feed.loaded.connect(self._on_loaded)
        cursor.index_changed.connect(self._on_index)
        cursor.session_changed.connect(self._on_session)
        self._on_reset()

    def set_show_hidden(self, shown: bool) -> None:
        """Show the events that neither the model nor a person saw, dimmed."""
        self.pager.set_show_hidden(shown)
        self.refresh()

    def set_highlight(self, text: str) -> None:
        """Mark every occurrence of a text, whatever its case; ``""`` marks nothing."""
        self._needle = visible(text).lower()
        self.viewport().update()

    def reveal(self, index: int) -> None:
        """Scroll to an event, unless it is in full sight, and light it up for a moment."""
        self.ensure_laid_out()
        placed = self.pager.page.find(index)
        if placed is None or placed.top < 0 or placed.bottom > self.pager.height:
            self.pager.show(index, round(self.pager.height * _REVEALED_AT))
            self.refresh()
        self._animation.stop()
        self._animation.setStartValue(float(index) + 0.999)
        self._animation.setEndValue(float(index))
        self._animation.start()

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
        style, most = self.pager.style, self.pager.height * _TAIL
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
        self._describe()

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if self.has_selection():
            menus.copy_text(self.selected_text())

    def toggle_fold(self, index: int) -> None:
        """Fold or unfold an event; its first line stays where it is."""
        event = self.pager.feed.event_at(index)
        if event is not None:
            self.pager.hold(index)
            self.pager.folds.toggle(event)
            self.pager.cache.drop(index)
            self._selection = None
            self.refresh()

    def fold_kind(self, kind: Kind, folded: bool, keep: int) -> None:
        """Fold or unfold all events of a kind; the row ``keep`` stays where it is."""
        self.pager.hold(keep)
        self.pager.folds.set_kind(kind, folded, keep)
        self.pager.cache.clear()
        self._selection = None
        self.refresh()

    def ensure_laid_out(self) -> None:
        """Also follow the playhead: where it was between two frames does not matter."""
        if self._dirty and self.pager.playhead != self._cursor.index:
            self._set_style()
            self.pager.set_playhead(self._cursor.index)
            self._describe()
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

    def showEvent(self, event: QShowEvent, /) -> None:
        """Find the playhead again: while it was hidden, the page had another size."""
        super().showEvent(event)
        if not event.spontaneous():
            self.pager.show_playhead()
            self.refresh()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place_button()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        line, page = self.pager.style.line * 2, self.pager.height * 0.9
        steps = {
            Qt.Key.Key_Up: -line,
            Qt.Key.Key_Down: line,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        if event.matches(menus.COPY_KEY):
            self.copy()
        elif event.matches(menus.ALL_KEY):
            self._select_current()
        elif event.key() in steps and event.modifiers() in menus.PLAIN:
            self.scroll_by(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_fold(self._current())
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        self.ensure_laid_out()
        target = target_at(self.pager, event.pos().toPointF())
        if target is not None and target.placed.row is not None:
            self._popup(target, event.pos(), event.globalPos())

    def _popup(self, target: Target, at: QPoint, where: QPoint) -> None:
        index, kind = target.index, target.placed.row.event.kind if target.placed.row else None
        menu, add = menus.emptied_menu(self), menus.add_action
        add(menu, "Copy", self.copy, "copy", self.has_selection())
        link = link_at(self.pager, target, at.toPointF())
        if link:
            add(menu, "Copy link address", lambda: menus.copy_text(link))
        add(menu, "Copy event as Markdown", lambda: self._copy_markdown(index))
        add(menu, "Copy event as JSON", lambda: self.copy_raw_requested.emit(index))
        menu.addSeparator()
        add(menu, "Move playhead here", lambda: self._cursor.set_index(index + 1))
        add(menu, "Fork after this event…", lambda: self.fork_requested.emit(index), "fork")
        if kind is not None and menus.can_fold(kind):
            words = menus.plural(kind)
            menu.addSeparator()
            add(menu, f"Fold all {words}", lambda: self.fold_kind(kind, True, index), "fold")
            add(menu, f"Unfold all {words}", lambda: self.fold_kind(kind, False, index), "unfold")
        menu.popup(where)

    def _copy_markdown(self, index: int) -> None:
        event, content = self.pager.feed.event_at(index), self.pager.feed.content_at(index)
        if event is not None and content is not None:
            menus.copy_text(as_markdown(event, content, who(event)))

    def _current(self) -> int:
        return max(0, self.pager.playhead - 1)

    def _select_current(self) -> None:
        placed = self.pager.page.find(self._current())
        self._selection = whole_row(placed.row) if placed and placed.row else None
        self.viewport().update()

    def _on_reset(self) -> None:
        self.pager.folds.clear()
        self.pager.cache.clear()
        self._selection = self._flash = self._hovered = self._pointed = None
        self.tail.show((), self.pager.style, 0.0)
        self.pager.below = 0.0
        self._seen = self.pager.count
        self._new_button.hide()
        self.pager.playhead = self._cursor.index
        self._set_style()
        self.pager.show_playhead()
        self._describe()
        self.refresh()

    def _on_session(self, _session: str) -> None:
        """Start where the playhead of the other session stands."""
        self.pager.playhead = self._cursor.index
        self.pager.show_playhead()
        self.refresh()

    def _on_index(self, index: int) -> None:
        self._following = self._following and index == self._cursor.length
        self.refresh()

    def _on_scroll_bar(self, value: int) -> None:
        self._following = False
        super()._on_scroll_bar(value)

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

    def _on_loaded(self, first: int, last: int) -> None:
        self.pager.cache.drop_provisional()
        if first < last:
            self.refresh()

    def _on_flash(self, value: float) -> None:
        """The value is the index of the event plus how much it is lit."""
        index, lit = int(value), value - int(value)
        self._flash = (index, lit) if lit > 0.01 else None
        self.viewport().update()

    def _describe(self) -> None:
        index = self._current()
        event = self.pager.feed.event_at(index) if index < self.pager.count else None
        words = f"event {index + 1}, {who(event)}: {event.text}" if event is not None else ""
        if self.tail.text:
            words = f"being written: {self.tail.text}"
        self.setAccessibleDescription(visible(words))

    def _place_button(self) -> None:
        size, area = self._new_button.sizeHint(), self.viewport().geometry()
        x = area.left() + (area.width() - size.width()) // 2
        self._new_button.move(x, area.bottom() - size.height() - 2 * UNIT)
