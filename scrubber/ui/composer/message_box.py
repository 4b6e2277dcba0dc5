"""Where a message to the model is written: grows with its text, takes pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from scrubber.ui import theme
from scrubber.ui.composer.attachments import pictures_in

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

_MOST_LINES = 9
_PAD = 6


class MessageBox(QPlainTextEdit):
    """Plain text of up to some lines, then it scrolls.

    Signals:
        send_wanted(): Ctrl+Enter was pressed.
        left(): Esc was pressed: the keys shall go back to the window.
        pictures_given(object): pictures were pasted or dropped: a list of paths and QImages.
    """

    send_wanted = Signal()
    left = Signal()
    pictures_given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerMessage")
        self.setAccessibleName("Message to the model")
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(_PAD)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self.textChanged.connect(self._fit)
        self._wanted = 0
        self._hint = ""
        self._fit()

    def set_hint(self, words: str) -> None:
        """What the empty box says, in one line: shortened where there is no room."""
        self._hint = words
        self._fit_hint()

    def _fit_hint(self) -> None:
        room = self.viewport().width() - 2 * _PAD
        end = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self._hint, end, max(room, 0))
        if shown != self.placeholderText():
            self.setPlaceholderText(shown)

    def sizeHint(self) -> QSize:
        """As high as its text, within bounds."""
        return QSize(320, self._wanted)

    def minimumSizeHint(self) -> QSize:
        """The same height."""
        return QSize(160, self._wanted)

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        # A plain text document measures its height in lines.
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES)
        wanted = lines * line + 2 * _PAD + 2
        if wanted != self._wanted:
            self._wanted = wanted
            self.setFixedHeight(wanted)
            self.updateGeometry()
        full = round(self.document().size().height()) > _MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends, Esc leaves."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802  # Qt's name
        """Words and pictures."""
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802  # Qt's name
        """Pictures go beside the text; words into it, without their looks."""
        if pictures := pictures_in(source):
            self.pictures_given.emit(pictures)
        elif source.hasText():
            self.insertPlainText(source.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        self._fit()
        self._fit_hint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show by the frame who has the keys."""
        super().focusInEvent(event)
        self.refresh_colours()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.refresh_colours()

    def changeEvent(self, event: QEvent) -> None:
        """Follow font and palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self._fit_hint()

    def refresh_colours(self) -> None:
        """Draw the frame in the colours of the palette."""
        self.setStyleSheet(theme.field_sheet(self.hasFocus()))
