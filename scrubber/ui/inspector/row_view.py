"""The view of a RowList: an icon, words, an amount, and how much of the whole it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.visible import visible
from scrubber.models.row_list import ListRow, RowList, RowRole, Rows
from scrubber.ui import theme
from scrubber.ui.inspector.labels import MARGIN, UNIT, strong
from scrubber.ui.inspector.tones import tone

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent

Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = (
    *_KEYS,
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Home, Qt.Key.Key_End),
)


class RowDelegate(QStyledItemDelegate):
    """Paints a row; cheap, as a list of thousands is painted while one scrubs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line with some air."""
        return QSize(0, option.fontMetrics.height() + UNIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Background, icon, text, amount, share."""
        row, look = index.data(RowRole.ROW), theme.current()
        assert isinstance(row, ListRow)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, look.surface)
        if option.state & QStyle.StateFlag.State_HasFocus:
            mark = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(mark, option.palette.highlight())
        area = option.rect.adjusted(MARGIN, 0, -MARGIN, 0)
        painter.save()
        colour = tone(row.tone, look)
        if row.icon:
            drawn = theme.pixmap(
                row.icon, colour.name(), _ICON, painter.device().devicePixelRatio()
            )
            painter.drawPixmap(area.left(), area.center().y() - _ICON // 2 + 1, drawn)
            area.setLeft(area.left() + _ICON + UNIT)
        self._words(painter, option, area, row, look)
        if row.share > 0:
            wide = max(round(area.width() * min(row.share, 1.0)), 1)
            painter.fillRect(area.left(), option.rect.bottom() - 1, wide, 2, _pale(colour))
        painter.restore()

    def _words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        area: QRect,
        row: ListRow,
        look: theme.Theme,
    ) -> None:
        painter.setFont(strong(option.font) if row.is_heading else option.font)
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(look.muted)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, row.amount)
        room = area.width() - metrics.horizontalAdvance(row.amount) - (UNIT if row.amount else 0)
        text = " ".join(visible(row.text[:400]).split())
        painter.setPen(look.text)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The whole of a row, as plain text."""
        row = index.data(RowRole.ROW)
        if isinstance(row, ListRow):
            words = "\n".join(part for part in (row.tip or row.text, row.amount) if part)
            QToolTip.showText(event.globalPos(), plain_tooltip(visible(words[:4000])), view)
        return True


def _pale(colour: QColor) -> QColor:
    shade = QColor(colour)
    shade.setAlphaF(0.55)
    return shade


class RowView(QTableView):
    """A list of rows, to read, and to choose from by click or Enter.

    A table of one column: unlike Qt's lists it lays out only what is seen, however many rows there
    are.

    Signals:
        chosen(object): this ListRow.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.rows = RowList(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.clicked.connect(self._on_clicked)

    def _fit(self) -> None:
        """As high as a line with some air."""
        header, high = self.verticalHeader(), self.fontMetrics().height() + UNIT
        header.setMinimumSectionSize(high)
        header.setDefaultSectionSize(high)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def show_rows(self, rows: Rows, *, follow: bool = False) -> None:
        """Show other rows; ``follow``: whoever reads at the end stays at the end."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - UNIT
        self.rows.set_rows(rows)
        if follow and at_end:
            self.scrollToBottom()

    def event(self, event: QEvent, /) -> bool:
        """Where it has the focus, the keys that go up and down are the list's."""
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter chooses the current row."""
        if event.key() in _KEYS and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(RowRole.ROW)
        if isinstance(row, ListRow) and not row.is_heading:
            self.chosen.emit(row)
