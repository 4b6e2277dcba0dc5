"""The rows of a comparison: only what is visible is laid out; columns scroll together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from scrubber.core.compare.outline import Outline
from scrubber.ui import theme
from scrubber.ui.compare.brush import CellBrush
from scrubber.ui.compare.keys import is_own, steps
from scrubber.ui.compare.places import GUTTER, Heights, Places, column_width
from scrubber.ui.compare.rows import Line, described, paint_fold, paint_row

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from scrubber.models.comparison import ComparisonModel

_ABOVE = 3
"""A difference that is gone to stands so many lines below the top."""


class CompareView(QAbstractScrollArea):
    """A list of rows with a cell for each branch; the keys move one cell.

    Signals:
        current_changed(int, int): row of the alignment (-1: a fold) and column.
        activated(int, int): the event of this row and column shall be opened.
        left(): Esc.
        moved(): the columns lie elsewhere.
    """

    current_changed = Signal(int, int)
    activated = Signal(int, int)
    left = Signal()
    moved = Signal()

    def __init__(self, model: ComparisonModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareView")
        self.setAccessibleName("Rows of the comparison")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model = model
        self._item = self._column = 0
        self._outline = Outline(())
        self._set_look()
        model.shown.connect(self._on_shown)
        model.outlined.connect(self._on_outlined)
        model.loaded.connect(self.viewport().update)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self._on_scrolled())

    def _set_look(self) -> None:
        self._brush = CellBrush(self.font(), theme.current())
        self._heights = Heights.of(self._brush.line)
        self._set_outline()

    # ---------------------------------------------------------------------- what it shows

    @property
    def columns(self) -> int:
        """How many branches there are."""
        made = self._model.comparison
        return len(made.columns) if made is not None else 0

    @property
    def row(self) -> int:
        """The row that the keys mean; -1 for a fold."""
        if self._item >= len(self._outline):
            return -1
        row = self._outline.row(self._item)
        return -1 if row is None else row

    @property
    def column(self) -> int:
        """The column that the keys mean."""
        return self._column

    def column_area(self, column: int) -> tuple[int, int]:
        """(left, width) of a column, as it is scrolled now."""
        width = column_width(self.columns, self.viewport().width())
        return GUTTER + column * width - self.horizontalScrollBar().value(), width

    def go_to(self, row: int) -> None:
        """Make a row the current one, some lines below the top."""
        self._item = self._outline.item_of(row)
        top = self._places.top(self._item) if len(self._outline) else 0
        self.verticalScrollBar().setValue(top - _ABOVE * self._heights.alike)
        self._tell()

    def step(self, forward: bool) -> bool:
        """Go to the next or the last difference; whether there is one."""
        made = self._model.comparison
        if made is None or not len(self._outline):
            return False
        here = self._here()
        found = made.alignment.after(here) if forward else made.alignment.before(here)
        if found is not None:
            self.go_to(found)
        return found is not None

    def _here(self) -> int:
        run, place = self._outline.run_of(self._item)
        return run.rows[0] if run.folded else run.rows[place]

    def _on_shown(self, _made: object) -> None:
        """Open at the first divergence."""
        self._item = self._column = 0
        self._set_outline()
        made = self._model.comparison
        first = made.alignment.first if made is not None else None
        self.go_to(first.number if first is not None else 0)

    def _on_outlined(self) -> None:
        """Keep the current row where it is while folds open around it."""
        here = self._here() if len(self._outline) else 0
        off = self._places.top(self._item) - self.verticalScrollBar().value() if here else 0
        self._set_outline()
        self._item = self._outline.item_of(here)
        if len(self._outline):
            self.verticalScrollBar().setValue(self._places.top(self._item) - off)
        self._tell()

    def _set_outline(self) -> None:
        self._outline = self._model.outline
        self._places = Places(self._outline, self._heights)
        self._set_bars()
        self.viewport().update()

    def _set_bars(self) -> None:
        inner, bar = self.viewport().size(), self.verticalScrollBar()
        bar.setRange(0, max(self._places.height - inner.height(), 0))
        bar.setPageStep(inner.height())
        bar.setSingleStep(self._heights.alike)
        across = self.horizontalScrollBar()
        wide = GUTTER + self.columns * column_width(self.columns, inner.width())
        across.setRange(0, max(wide - inner.width(), 0))
        across.setPageStep(inner.width())
        self.moved.emit()

    def _on_scrolled(self) -> None:
        self.viewport().update()
        self.moved.emit()

    def _tell(self) -> None:
        self._describe()
        self.viewport().update()
        self.current_changed.emit(self.row, self._column)

    def _describe(self) -> None:
        made, row = self._model.comparison, self.row
        words = "events that are alike, folded"
        if made is not None and row >= 0:
            words = described(made.alignment.row(row), self._model.cells(row), self._column)
        self.setAccessibleDescription(words)

    # --------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay out and paint what is visible."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._brush.look.background)
        y = self.verticalScrollBar().value()
        item = self._places.item_at(y)
        while item is not None and item < len(self._outline):
            top = self._places.top(item) - y
            if top > self.viewport().height():
                break
            area = QRect(0, top, self.viewport().width(), self._places.height_of(item))
            self._paint_item(painter, item, area)
            item += 1
        self._paint_lines(painter)
        painter.end()

    def _paint_item(self, painter: QPainter, item: int, area: QRect) -> None:
        row, made = self._outline.row(item), self._model.comparison
        current = self._column if item == self._item else -1
        if row is None or made is None:
            run, _ = self._outline.run_of(item)
            paint_fold(painter, self._brush, area, run, self._framed(current))
            return
        line = Line(
            made.alignment.row(row),
            self._model.cells(row),
            [self.column_area(column) for column in range(self.columns)],
            current,
        )
        paint_row(painter, self._brush, area, line, self._framed(current))

    def _framed(self, current: int) -> QColor | None:
        """The colour of the frame around the current cell."""
        look = self._brush.look
        return None if current < 0 else look.accent if self.hasFocus() else look.muted

    def _paint_lines(self, painter: QPainter) -> None:
        """Between the columns."""
        bottom = min(self._places.height, self.viewport().height())
        for column in range(self.columns):
            left, _ = self.column_area(column)
            painter.fillRect(left, 0, 1, bottom, self._brush.look.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._set_bars()
        self._show_column()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours and fonts."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._set_look()

    # ----------------------------------------------------------------- pointer and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell; open a fold."""
        item = self._places.item_at(event.position().y() + self.verticalScrollBar().value())
        if item is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._item, self._column = item, self._column_at(event.position().x())
        if self._outline.row(item) is None:
            self._model.open_fold(item)
        else:
            self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the event."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._activate()

    def _column_at(self, x: float) -> int:
        left, width = self.column_area(0)
        return min(max(int(x - left) // width, 0), self.columns - 1)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from being the window's."""
        if is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, step, open, leave."""
        page = max(self.viewport().height() // max(self._heights.differs, 1), 1)
        moves = steps(page, len(self._outline))
        key = Qt.Key(event.key())
        if key in moves:
            self._move(moves[key], 0)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(0, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_N, Qt.Key.Key_P):
            self.step(key == Qt.Key.Key_N)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def _move(self, down: int, right: int) -> None:
        if not len(self._outline):
            return
        self._item = min(max(self._item + down, 0), len(self._outline) - 1)
        self._column = min(max(self._column + right, 0), self.columns - 1)
        self._show_current()
        self._tell()

    def _show_current(self) -> None:
        bar = self.verticalScrollBar()
        top, height = self._places.top(self._item), self._places.height_of(self._item)
        bar.setValue(min(max(bar.value(), top + height - self.viewport().height()), top))
        self._show_column()

    def _show_column(self) -> None:
        across = self.horizontalScrollBar()
        left, width = self.column_area(self._column)
        if left < GUTTER:
            across.setValue(across.value() + left - GUTTER)
        elif left + width > self.viewport().width():
            across.setValue(across.value() + left + width - self.viewport().width())

    def _activate(self) -> None:
        if not len(self._outline):
            return
        if self._outline.row(self._item) is None:
            self._model.open_fold(self._item)
        else:
            self.activated.emit(self.row, self._column)
