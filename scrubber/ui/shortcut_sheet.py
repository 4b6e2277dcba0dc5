"""All keys on one sheet, made from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.fuzzy import match
from scrubber.ui import theme
from scrubber.ui.actions import MENUS, SPECS, Spec
from scrubber.ui.key_caps import KeyCaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_UNIT = 8
_COLUMN = 33 * _UNIT
_BETWEEN = 4 * _UNIT
_MOST_COLUMNS = 4
_SCROLL_BAR = QStyle.PixelMetric.PM_ScrollBarExtent


class ShortcutSheet(QDialog):
    """A window of keys that stays open beside the work; what is typed filters it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutSheet")
        self.setWindowTitle("Keyboard Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName("Filter the shortcuts")
        self.filter.setClearButtonEnabled(True)
        self.sheet = Columns(groups(), self)
        self._lay_out()
        self.filter.textChanged.connect(self.sheet.set_filter)
        self._take_size()

    def _take_size(self) -> None:
        """As many columns as the screen has room for, beside a scroll bar if it must be."""
        room, bar = self.screen().availableGeometry(), self.style().pixelMetric(_SCROLL_BAR)
        beside = 6 * _UNIT + bar
        columns = (room.width() - beside + _BETWEEN) // (_COLUMN + _BETWEEN)
        columns = max(1, min(columns, _MOST_COLUMNS))
        width = columns * (_COLUMN + _BETWEEN) - _BETWEEN + 2 * _UNIT
        height = self.sheet.fit(width) + 10 * _UNIT
        self.resize(width + beside, min(height, room.height() * 9 // 10))

    def _lay_out(self) -> None:
        area = QScrollArea(self)
        area.setWidget(self.sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * _UNIT, 2 * _UNIT, 1 * _UNIT, 2 * _UNIT)
        column.setSpacing(2 * _UNIT)
        self.filter.setMaximumWidth(_COLUMN)
        column.addWidget(self.filter)
        column.addWidget(area)

    def open(self) -> None:
        """Show it beside the work; where one is open already, that one comes to the front."""
        parent = self.parentWidget()
        others = parent.findChildren(ShortcutSheet) if parent is not None else []
        other = next((one for one in others if one is not self and one.isVisible()), None)
        if other is not None:
            self.deleteLater()
        shown = other or self
        shown.show()
        shown.activateWindow()
        shown.filter.setFocus(Qt.FocusReason.PopupFocusReason)


def groups() -> dict[str, list[tuple[str, list[QKeySequence]]]]:
    """What has a key, by menu: the words and the shortcuts."""
    found: dict[str, list[tuple[str, list[QKeySequence]]]] = {}
    for menu in MENUS:
        rows = [
            (spec.text.rstrip("…"), keys)
            for spec in SPECS
            if spec.menu == menu and (keys := sequences(spec))
        ]
        if rows:
            found[menu] = rows
    return found


def sequences(spec: Spec) -> list[QKeySequence]:
    """The shortcuts of an action on this system."""
    found: list[QKeySequence] = []
    for key in spec.keys:
        found += [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key)[:1]
    return found


class Group(QWidget):
    """The shortcuts of one menu."""

    def __init__(
        self, title: str, rows: Sequence[tuple[str, list[QKeySequence]]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._title = QLabel(title, self)
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold)
        self._title.setFont(font)
        self._rows: list[tuple[QLabel, KeyCaps]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(_UNIT - 2)
        grid.setHorizontalSpacing(_UNIT)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0, 1, 2)
        for line, (words, keys) in enumerate(rows, 1):
            label, shown = QLabel(words, self), KeyCaps(keys, self)
            grid.addWidget(label, line, 0)
            grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((label, shown))
        self._tint()

    def set_filter(self, words: str) -> bool:
        """Show only what fits; gives whether anything does."""
        any_fits = False
        for label, shown in self._rows:
            text = f"{self._title.text()} {label.text()} {shown.accessibleName()}"
            fits = match(words, text) is not None
            label.setVisible(fits)
            shown.setVisible(fits)
            any_fits = any_fits or fits
        return any_fits

    def _tint(self) -> None:
        palette, colour = self._title.palette(), theme.current().muted
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self._title.setPalette(palette)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_rows"):
            self._tint()


class Columns(QWidget):
    """Groups side by side, in as many columns as there is room for, of about the same height."""

    def __init__(
        self, found: dict[str, list[tuple[str, list[QKeySequence]]]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.groups = [Group(title, rows, self) for title, rows in found.items()]
        self._nothing = QLabel("No shortcut fits", self)
        self._nothing.setEnabled(False)
        self._nothing.hide()

    def set_filter(self, words: str) -> None:
        """Show only what fits."""
        shown = [group for group in self.groups if group.set_filter(words)]
        for group in self.groups:
            group.setVisible(group in shown)
        self._nothing.setVisible(not shown)
        self._place()

    def fit(self, width: int) -> int:
        """Take this width; gives the height that is needed. Nothing waits for being shown."""
        self.resize(width, 1)
        self._place()
        return self.minimumHeight()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Place the groups anew."""
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        """What the scroll area asks for."""
        return QSize(_COLUMN, self.minimumHeight())

    def _place(self) -> None:
        shown = [group for group in self.groups if not group.isHidden()]
        room = self.width() - 2 * _UNIT
        columns = max(1, min((room + _BETWEEN) // (_COLUMN + _BETWEEN), len(shown)))
        width = min((room - (columns - 1) * _BETWEEN) // columns, _COLUMN + 8 * _UNIT)
        bottoms = [0] * columns
        heights = [group.sizeHint().height() for group in shown]
        for group, height, column in zip(shown, heights, share_out(heights, columns), strict=True):
            group.setGeometry(column * (width + _BETWEEN), bottoms[column], width, height)
            bottoms[column] += height + 3 * _UNIT
        self._nothing.adjustSize()
        self.setMinimumHeight(max(bottoms))


def share_out(heights: Sequence[int], columns: int) -> list[int]:
    """A column for each group, in reading order, so that the highest column is as low as can be."""
    limit = max(max(heights, default=0), -(-sum(heights) // max(columns, 1)))
    while (shared := _within(heights, limit)) and shared[-1] >= columns:
        limit += 8
    return shared


def _within(heights: Sequence[int], limit: int) -> list[int]:
    found, column, filled = [], 0, 0
    for height in heights:
        if filled and filled + height > limit:
            column, filled = column + 1, 0
        filled += height
        found.append(column)
    return found
