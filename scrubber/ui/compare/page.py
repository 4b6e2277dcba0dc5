"""Two to eight branches side by side, in the place of the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scrubber.models.comparison import ComparisonModel
from scrubber.ui import theme
from scrubber.ui.compare.bar import CompareBar
from scrubber.ui.compare.detail import CompareDetail
from scrubber.ui.compare.heads import ColumnHeads
from scrubber.ui.compare.view import CompareView

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from scrubber.models.comparison import Cells
    from scrubber.models.library import Library
    from scrubber.transfer.comparing import Comparison
    from scrubber.transfer.progress import Progress


class ComparePage(QWidget):
    """Bar, heads, rows, and below them the current row in full.

    Signals:
        wanted(): the page shall be seen.
        left(): it shall not, any more.
        event_activated(str, int): this event of a session shall be opened.
        event_pointed(str, int): this event is the current one.
    """

    wanted = Signal()
    left = Signal()
    event_activated = Signal(str, int)
    event_pointed = Signal(str, int)

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePage")
        self.model = ComparisonModel(library, self)
        self.bar = CompareBar(self)
        self.view = CompareView(self.model, self)
        self.heads = ColumnHeads(self.model, self.view, self)
        self.detail = CompareDetail(self)
        self.detail.leave_room(self.view.verticalScrollBar().sizeHint().width())
        self._lay_out()
        self._connect()
        self.refresh_colours()

    def _lay_out(self) -> None:
        upper = QWidget(self)
        rows = QVBoxLayout(upper)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.heads)
        rows.addWidget(self.view, 1)
        self.halves = QSplitter(Qt.Orientation.Vertical, self)
        self.halves.setHandleWidth(1)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(upper)
        self.halves.addWidget(self.detail)
        self.halves.setStretchFactor(0, 3)
        self.halves.setStretchFactor(1, 1)
        self.halves.setSizes([460, 170])
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._waiting())
        self._stack.addWidget(self.halves)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)

    def _waiting(self) -> QWidget:
        """What is seen while it compares."""
        holder = QWidget(self)
        self._far = QProgressBar(holder)
        self._far.setTextVisible(False)
        self._far.setMaximumSize(320, 8)
        self._told = QLabel(holder)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._told.setWordWrap(True)
        self._told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stop = QPushButton("Stop", holder)
        self._stop.setObjectName("compareStop")
        self._stop.clicked.connect(self.model.cancel)
        column = QVBoxLayout(holder)
        column.addStretch(1)
        for part in (self._told, self._far, self._stop):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return holder

    def _connect(self) -> None:
        model, bar, view = self.model, self.bar, self.view
        model.begun.connect(self._on_begun)
        model.progressed.connect(self._on_progressed)
        model.shown.connect(self._on_shown)
        model.failed.connect(self._on_failed)
        model.stale.connect(bar.show_stale)
        model.detailed.connect(self._on_detailed)
        bar.left.connect(self.left)
        bar.step_wanted.connect(view.step)
        bar.again_wanted.connect(model.again)
        bar.everything_changed.connect(model.set_everything)
        view.left.connect(self.left)
        view.current_changed.connect(self._on_current)
        view.activated.connect(self._on_activated)

    def come_back(self) -> None:
        """Be seen again, as it was left."""
        self.wanted.emit()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, wherever on the page the keys go."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def refresh_colours(self) -> None:
        """Follow the palette."""
        self.bar.refresh_icons()
        self.detail.refresh_colours()
        line = theme.current().line.name()
        self.bar.setStyleSheet(f"#compareBar {{ border-bottom: 1px solid {line}; }}")
        self.halves.handle(1).setStyleSheet(f"background: {line};")

    # What happens

    def _on_begun(self, number: int) -> None:
        self.bar.show_busy(number)
        self._told.setText(f"Comparing {number} sessions…")
        self._far.setRange(0, 0)
        self._far.show()
        self._stop.show()
        self._stack.setCurrentIndex(0)
        self.wanted.emit()

    def _on_progressed(self, progress: Progress) -> None:
        if progress.bytes_total:
            self._far.setRange(0, 1000)
            self._far.setValue(min(1000, progress.bytes * 1000 // progress.bytes_total))

    def _on_shown(self, made: Comparison) -> None:
        self.bar.show_result(made)
        self._stack.setCurrentIndex(1)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, reason: str) -> None:
        words = f"Not compared: {reason}" if reason else "Stopped"
        self.bar.show_problem(words)
        self._told.setText(words)
        self._far.hide()
        self._stop.hide()

    def _on_current(self, row: int, column: int) -> None:
        if row < 0:
            self.detail.clear()
            return
        self.model.want_detail(row)
        where = self._event(row, column)
        if where is not None:
            self.event_pointed.emit(*where)

    def _on_detailed(self, row: int, cells: Cells) -> None:
        if row == self.view.row:
            self.detail.show_row(cells, self.view.column)

    def _on_activated(self, row: int, column: int) -> None:
        where = self._event(row, column)
        if where is not None:
            self.event_activated.emit(*where)

    def _event(self, row: int, column: int) -> tuple[str, int] | None:
        made = self.model.comparison
        if made is None:
            return None
        place = made.alignment.row(row).places[column]
        return None if place is None else (made.columns[column].session.id, place)
