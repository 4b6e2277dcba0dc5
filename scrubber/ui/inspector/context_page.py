"""What the model saw: the budget of its window, the blocks in order, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.context.words import cache_text, counted_text, notes, used_text
from scrubber.models.row_list import Rows
from scrubber.ui import theme
from scrubber.ui.inspector.budget_bar import Bar, Legend
from scrubber.ui.inspector.context_rows import block_rows, cache_parts, change_rows, share_parts
from scrubber.ui.inspector.labels import UNIT, Value, strong, tint
from scrubber.ui.inspector.page import Page
from scrubber.ui.inspector.row_view import RowView
from scrubber.ui.inspector.switch import Switch

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.core.context.seen import Seen
    from scrubber.models.library import Library
    from scrubber.models.row_list import ListRow
    from scrubber.ui.inspector.page import Reader

LONGEST = 200_000
"""Events up to which a context is rebuilt while one scrubs: beyond, it would take seconds."""
TOO_LONG = (
    f"Behind #{LONGEST:,} the context is not rebuilt while one scrubs: it would take seconds. "
    "`scrubber context` tells it."
)

BLOCKS, CHANGED = range(2)
"""What the switch chooses from."""


@dataclass(frozen=True, slots=True)
class ContextLook:
    """A context, and the rows that are shown of it."""

    seen: Seen
    rows: Rows
    problem: str = ""
    """Why there is no context to be shown."""


def read_blocks(store: OpenStore, session: str, index: int) -> ContextLook:
    """The context in front of an index, with all of its blocks."""
    if index > LONGEST:
        return _too_long(store, session)
    seen = store.context(session, index)
    return ContextLook(seen, block_rows(seen))


def read_changes(store: OpenStore, session: str, index: int) -> ContextLook:
    """The context in front of an index, with what changed since the index before."""
    if index > LONGEST:
        return _too_long(store, session)
    seen = store.context(session, index)
    changes = store.context_changes(session, max(seen.index - 1, 0), seen.index)
    return ContextLook(seen, change_rows(seen, changes))


def _too_long(store: OpenStore, session: str) -> ContextLook:
    return ContextLook(store.context(session, 0), Rows(), TOO_LONG)


class ContextPage(Page):
    """Budget above, blocks below; a click on a block moves the playhead there."""

    name, icon, is_slow = "Context", "budget", True

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(library, parent)
        self.look: ContextLook | None = None
        """What is shown."""
        self.total = Value(self, Qt.TextElideMode.ElideRight)
        self.total.setFont(strong(self.font(), 1.1))
        self.copy = CopyRequest(self)
        self.counted, self.cache, self.notes = (_wrapped(self) for _ in range(3))
        self.bar, self.legend = Bar(14, self), Legend(self)
        self.cache_bar = Bar(4, self)
        self.switch = Switch("Context", ("Blocks", "Changed here"), self)
        self.rows = RowView("Blocks of the context", self)
        self._lay_out()
        self.copy.wanted.connect(self._copy_request)
        self.switch.changed.connect(self._on_switched)
        self.rows.chosen.connect(self._on_chosen)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setSpacing(UNIT // 2)
        line = QHBoxLayout()
        line.addWidget(self.total, 1)
        line.addWidget(self.copy)
        top.addLayout(line)
        top.addWidget(self.counted)
        top.addSpacing(UNIT // 2)
        for part in (self.bar, self.legend, self.cache, self.cache_bar, self.notes):
            top.addWidget(part)
        top.addSpacing(UNIT // 2)
        top.addWidget(self.switch)
        self.lay_out(top, self.rows)

    def reader(self) -> Reader:
        """The context, and what of it is listed."""
        return read_changes if self.switch.current == CHANGED else read_blocks

    def show_found(self, found: ContextLook) -> None:
        """Show another context."""
        is_other = self.look is None or self.look.seen.session != found.seen.session
        self.look = found
        budget = found.seen.budget
        self.total.show_text("Too long" if found.problem else used_text(budget))
        self.switch.setVisible(not found.problem)
        of = f"of {budget.window:,} · " if budget.window else ""
        self.counted.setText("" if found.problem else _kept(of + counted_text(budget)))
        parts = share_parts(budget)
        self.bar.show_parts(parts, budget.window or budget.total)
        self.legend.show_parts(parts)
        self._show_cache(found.seen)
        told = found.problem or " · ".join(notes(found.seen))
        self.notes.setText(told[:1].upper() + told[1:])
        self.notes.setVisible(bool(told))
        self.rows.show_rows(found.rows, follow=self.switch.current == BLOCKS)
        if is_other:
            self.rows.scrollToBottom()
        self._tint()

    def _show_cache(self, seen: Seen) -> None:
        parts = cache_parts(seen.budget)
        told = cache_text(seen.budget)
        self.cache.setText(_kept(f"Last prompt: {told}") if told else "")
        self.cache.setVisible(bool(told))
        self.cache_bar.setVisible(bool(parts))
        self.cache_bar.show_parts(parts, sum(part.tokens for part in parts))

    def _tint(self) -> None:
        muted = theme.current().muted
        for label in (self.counted, self.cache, self.notes):
            tint(label, muted)

    def _on_switched(self) -> None:
        self.stale.emit()

    def _on_chosen(self, row: ListRow) -> None:
        if row.target is not None:
            self.index_wanted.emit(row.target)

    def _copy_request(self, shape: str) -> None:
        store, look = self.library.store, self.look
        if store is None or look is None:
            return
        session, index = look.seen.session, look.seen.index

        def done(body: bytes) -> None:
            QGuiApplication.clipboard().setText(body.decode("utf-8", "replace"))

        self.library.looks.run(
            "copy request", lambda: store.context_body(session, index, shape), done
        )

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.look is not None:
            self._tint()
            self.copy.refresh()


class CopyRequest(QToolButton):
    """Offers the request in front of the playhead as JSON, in the shape of an API.

    Signals:
        wanted(str): one of the shapes of ``scrubber.api.context``.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setToolTip("Copy the request as JSON")
        self.setAccessibleName("Copy the request as JSON")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        menu = QMenu(self)
        for title, shape in (("OpenAI", "openai"), ("Anthropic", "anthropic")):
            action = menu.addAction(f"Copy Request as {title} JSON")
            action.triggered.connect(partial(self.wanted.emit, shape))
        self.setMenu(menu)
        self.refresh()

    def refresh(self) -> None:
        """Draw in the colours of the palette."""
        self.setIcon(theme.icon("copy", theme.current().muted))


def _wrapped(parent: QWidget) -> QLabel:
    """A label of several lines that never widens the pane."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def _kept(words: str) -> str:
    """Words whose lines break between their parts only, behind a dot."""
    return words.replace(" ", "\u00a0").replace("\u00b7\u00a0", "\u00b7 ")
