"""The transcript view: reading, selecting, folding, forking, and following a session that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QPoint, Qt, QVariantAnimation, Signal

from scrubber.core.visible import visible
from scrubber.ui.transcript import menu as menus
from scrubber.ui.transcript.copying import as_markdown
from scrubber.ui.transcript.following import FollowingFrame
from scrubber.ui.transcript.gestures import Target, link_at, target_at
from scrubber.ui.transcript.labels import who
from scrubber.ui.transcript.selection import whole_row

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from scrubber.core.events import Kind
    from scrubber.models.cursor import Cursor
    from scrubber.models.event_feed import EventFeed
    from scrubber.ui.note_marks import NoteMark

_FLASH = 900
"""Milliseconds for which a revealed event lights up."""

_REVEALED_AT = 0.2


class TranscriptView(FollowingFrame):
    """The events of the open session as a page to read, with the playhead drawn between them.

    Signals:
        fork_requested(int): fork after this event was asked for; the event's index.
        edit_requested(int): this event should say something else, on a fork.
        subagent_activated(int): the transcript of the sub-agent of this event was asked for.
        copy_raw_requested(int): the raw record of this event should go to the clipboard.
    """

    fork_requested = Signal(int)
    edit_requested = Signal(int)
    subagent_activated = Signal(int)
    copy_raw_requested = Signal(int)

    def __init__(self, feed: EventFeed, cursor: Cursor, parent: QWidget | None = None) -> None:
        super().__init__(feed, cursor, parent)
        self.setObjectName("transcriptView")
        self.setAccessibleName("Transcript")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(_FLASH)
        self._animation.setEasingCurve(QEasingCurve.Type.InQuad)
        self._animation.valueChanged.connect(self._on_flash)
        feed.reset.connect(self._on_reset)
        feed.loaded.connect(self._on_loaded)
        cursor.session_changed.connect(self._on_session)
        self._on_reset()

    def set_show_hidden(self, shown: bool) -> None:
        """Show the events that neither the model nor a person saw, dimmed."""
        self.pager.set_show_hidden(shown)
        self.refresh()

    def set_fitting(self, fitting: bytes | None) -> None:
        """Show only the events that fit a filter, 1 in the mask; the playhead stays in sight.

        Where the mask only has become longer, with the session, the reader stays where he is.
        """
        grows = fitting is not None and fitting.startswith(self.pager.fitting or b"\2")
        self.pager.set_fitting(fitting)
        if not grows:
            self._selection = None
            self._following = False  # where little fits, everybody is at the end
            self.pager.show_playhead()
        self.refresh()

    def set_notes(self, notes: tuple[NoteMark, ...]) -> None:
        """Mark in the gutter what is written on events."""
        self._notes = {mark.index: mark for mark in notes}
        self.viewport().update()

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
        super().ensure_laid_out()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Find the playhead again: while it was hidden, the page had another size."""
        super().showEvent(event)
        if not event.spontaneous():
            self.pager.show_playhead()
            self.refresh()

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
        add(menu, "Edit and fork…", lambda: self.edit_requested.emit(index), "rename")
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
        self.forget_reply()
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
