"""What the window shows while no session is open: what was found here, a sample, drop a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from scrubber.core.ages import bytes_text, count
from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.transfer.found import Found

_WIDTH = 520


class Welcome(QWidget):
    """Ways to get a transcript on screen. Nothing is read before it is asked for.

    Signals:
        import_wanted(): files shall be chosen.
        folder_wanted(): a folder shall be chosen.
        sample_wanted(): the bundled sample shall be opened.
        found_wanted(object): what was found in a folder shall be imported: a Found.
    """

    import_wanted = Signal()
    folder_wanted = Signal()
    sample_wanted = Signal()
    found_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._mark = QLabel(self)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title = _line(self, "Open a transcript", 1.7, bold=True)
        self._hint = _line(self, "Drop files or folders here, or choose them.", 1.0)
        self._found = QVBoxLayout()
        self._found.setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(self._mark)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addSpacing(6)
        self._choices = self._buttons()
        column.addWidget(self._choices)
        column.addSpacing(14)
        column.addLayout(self._found)
        inner = QWidget(self)
        inner.setMaximumWidth(_WIDTH)
        inner.setLayout(column)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(inner, 10)
        middle.addStretch()
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)
        self.refresh_icons()

    def _buttons(self) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        for text, name, signal in (
            ("Choose Files…", "welcomeFiles", self.import_wanted),
            ("Choose Folder…", "welcomeFolder", self.folder_wanted),
            ("Open the Sample", "welcomeSample", self.sample_wanted),
        ):
            button = QPushButton(text, holder)
            button.setObjectName(name)
            button.clicked.connect(lambda _on=False, signal=signal: signal.emit())
            row.addWidget(button)
        row.addStretch()
        return holder

    def refresh_icons(self) -> None:
        """Draw the mark for the present palette."""
        self._mark.setPixmap(theme.app_icon().pixmap(64, 64))
        quiet = self._hint.palette()
        quiet.setColor(self._hint.foregroundRole(), theme.current().muted)
        self._hint.setPalette(quiet)

    def show_problem(self, reason: str) -> None:
        """Say why there is no store to work with."""
        self._title.setText("The store cannot be opened")
        self._hint.setText(reason)
        self._choices.hide()

    def show_found(self, places: list[Found]) -> None:
        """List the sessions that agents keep on this machine."""
        while (item := self._found.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for place in places:
            self._found.addWidget(self._card(place))

    def _card(self, place: Found) -> QFrame:
        card = QFrame(self)
        card.setFrameShape(QFrame.Shape.StyledPanel)
        words = QLabel(
            f"{count(len(place.files), place.title + ' session')} · {bytes_text(place.bytes)}\n"
            f"{_short(place.folder)}",
            card,
        )
        words.setTextFormat(Qt.TextFormat.PlainText)
        button = QPushButton("Import", card)
        button.setObjectName(f"welcomeFound.{place.format}")
        button.clicked.connect(lambda _on=False, place=place: self.found_wanted.emit(place))
        row = QHBoxLayout(card)
        row.setContentsMargins(14, 10, 12, 10)
        row.addWidget(words)
        row.addStretch()
        row.addWidget(button)
        return card


def _short(folder: Path) -> str:
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except ValueError:
        return str(folder)


def _line(parent: QWidget, text: str, scale: float, bold: bool = False) -> QLabel:
    label = QLabel(text, parent)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    label.setFont(font)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setWordWrap(True)
    return label
