"""Small pieces of the inspector: one-line values that shorten themselves, links, badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from scrubber.core.timeline.text import plain_tooltip
from scrubber.core.visible import visible
from scrubber.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )

UNIT = 8
"""The grid, in logical pixels."""

MARGIN = UNIT + UNIT // 2
"""Beside the contents of a tab."""

_TOOLTIP = 4000
_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Value(QLabel):
    """One line of text that is shortened to its place; the whole of it is in the tooltip.

    Signals:
        activated(): it is a link, and the user has followed it.
    """

    activated = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self.full = ""
        self._elide = elide
        self._link = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_link(False)

    def show_text(self, text: str) -> None:
        """Show another text; control characters in it are seen."""
        shown = " ".join(visible(text).split("\n"))
        if shown == self.full:
            return
        self.full = shown
        self.setAccessibleName(shown)
        self._fit()

    def set_link(self, link: bool) -> None:
        """Whether a click or Enter activates it; if not, its text can be selected."""
        self._link = link
        flags = Qt.TextInteractionFlag.NoTextInteraction if link else _SELECTABLE
        self.setTextInteractionFlags(flags)
        # A pane full of tab stops would be a maze: only what does something is one.
        focus = Qt.FocusPolicy.StrongFocus if link else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(focus)
        hand, beam = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.IBeamCursor
        self.setCursor(hand if link else beam)

    def set_inert(self) -> None:
        """Let its text be looked at only: a click takes no focus, and so no keys, away."""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.unsetCursor()

    def set_colour(self, colour: QColor) -> None:
        """Draw the text in a colour."""
        tint(self, colour)

    def set_elide(self, elide: Qt.TextElideMode) -> None:
        """Where the text is shortened."""
        if elide is not self._elide:
            self._elide = elide
            self._fit()

    def copied(self) -> str:
        """What a copy of it gives: the selection as it is seen, or all of the text."""
        shortened = self.text() != self.full
        return self.full if shortened or not self.hasSelectedText() else self.selectedText()

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self.full) + 2, self._height())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(2 * UNIT, self._height())

    def _height(self) -> int:
        return self.fontMetrics().height() + 2

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self.full, self._elide, max(self.width() - 1, 0))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(plain_tooltip(self.full[:_TOOLTIP]) if shown != self.full else "")

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Shorten the text anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent, /) -> None:
        """Measure anew with another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """Offer to copy the whole text, shortened or not."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy").triggered.connect(self._copy)
        menu.popup(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.copied())

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Follow the link."""
        if self._link and event.key() in _KEYS:
            self.activated.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Follow the link."""
        inside = self.rect().contains(event.position().toPoint())
        if self._link and event.button() is Qt.MouseButton.LeftButton and inside:
            self.activated.emit()
            return
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self._underline(self._link)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Show that it is elsewhere."""
        super().focusOutEvent(event)
        self._underline(False)

    def _underline(self, on: bool) -> None:
        font = self.font()
        if font.underline() != on:
            font.setUnderline(on)
            self.setFont(font)


class Badge(QWidget):
    """A word in a rounded frame, such as ``edited``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._colour = QColor()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, colour: QColor) -> None:
        """Show a word; none hides the badge."""
        self._text, self._colour = text, colour
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The word and some air."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2 * UNIT, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw frame and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QColor(self._colour)
        inside.setAlphaF(0.16)
        painter.setBrush(inside)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setPen(self._colour)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._text)


class IconLabel(QLabel):
    """An icon in a colour, sharp at any pixel ratio."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setFixedSize(size, size)

    def show_icon(self, name: str, colour: QColor) -> None:
        """Show another icon."""
        self.setPixmap(theme.pixmap(name, colour.name(), self._size, self.devicePixelRatioF()))


class Separator(QWidget):
    """A thin line across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        QPainter(self).fillRect(self.rect(), theme.current().line)


def tint(label: QWidget, colour: QColor) -> None:
    """Draw a label's text in a colour, whichever role its background gives it."""
    palette = label.palette()
    if palette.color(QPalette.ColorRole.Text) != colour:
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        palette.setColor(QPalette.ColorRole.Text, colour)
        label.setPalette(palette)


def strong(font: QFont, scale: float = 1.0) -> QFont:
    """A font for headings."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    if font.pointSizeF() > 0:
        bold.setPointSizeF(font.pointSizeF() * scale)
    return bold
