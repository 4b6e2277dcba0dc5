"""One ladder to choose: who answers a tool's calls, and with what."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from scrubber.core.policy import NO_RESULT, Ladder, Matching, Rung
from scrubber.ui.composer.words import capital, ladder_words

LADDERS = (
    Ladder((Rung.RECORDED, Rung.ASK)),
    Ladder((Rung.RECORDED, Rung.ASK), matching=Matching.ORDER),
    Ladder((Rung.RECORDED, Rung.ERROR)),
    Ladder((Rung.RECORDED, Rung.STATIC)),
    Ladder((Rung.ASK,)),
    Ladder((Rung.STATIC,)),
    Ladder((Rung.ERROR,)),
    Ladder((Rung.RECORDED, Rung.LIVE)),
    Ladder((Rung.RECORDED, Rung.LIVE, Rung.ASK)),
    Ladder((Rung.LIVE,)),
)


def shape(ladder: Ladder) -> Ladder:
    """A ladder without its texts."""
    return replace(ladder, text="", error=NO_RESULT)


class LadderField(QWidget):
    """A box of ladders, and below it the texts that the chosen one needs.

    Signals:
        changed(): another ladder was chosen, or a text was written.
    """

    changed = Signal()

    def __init__(
        self, name: str, ladder: Ladder | None, as_rest: bool, parent: QWidget | None = None
    ) -> None:
        """``as_rest``: offers to do as the rest; ``ladder`` None means that."""
        super().__init__(parent)
        self._ladders: list[Ladder | None] = [None] if as_rest else []
        self._ladders += LADDERS
        if ladder is not None and shape(ladder) not in self._ladders:
            self._ladders.append(shape(ladder))
        self.box = QComboBox(self)
        self.box.setAccessibleName(f"{name} calls are answered by")
        for one in self._ladders:
            self.box.addItem("As the rest" if one is None else capital(ladder_words(one)))
        self.text = self._line(f"Text that {name} gives", "the text that it gives")
        self.error = self._line(f"Error of {name}", NO_RESULT)
        self._show(ladder)
        self.box.currentIndexChanged.connect(lambda _row: self._on_chosen())
        self.text.textEdited.connect(lambda _text: self.changed.emit())
        self.error.textEdited.connect(lambda _text: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.box, self.text, self.error):
            column.addWidget(part)

    def _line(self, name: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(name)
        line.setPlaceholderText(placeholder)
        return line

    def _show(self, ladder: Ladder | None) -> None:
        self.box.setCurrentIndex(self._ladders.index(None if ladder is None else shape(ladder)))
        if ladder is not None:
            self.text.setText(ladder.text)
            self.error.setText("" if ladder.error == NO_RESULT else ladder.error)
        self._show_texts()

    def _on_chosen(self) -> None:
        self._show_texts()
        self.changed.emit()

    def _show_texts(self) -> None:
        chosen = self._ladders[self.box.currentIndex()]
        rungs = chosen.rungs if chosen is not None else ()
        self.text.setVisible(Rung.STATIC in rungs)
        self.error.setVisible(Rung.ERROR in rungs)

    def ladder(self) -> Ladder | None:
        """The ladder that is chosen; None: as the rest."""
        chosen = self._ladders[self.box.currentIndex()]
        if chosen is None:
            return None
        text = self.text.text() if Rung.STATIC in chosen.rungs else ""
        error = self.error.text() if Rung.ERROR in chosen.rungs else ""
        return replace(chosen, text=text, error=error or NO_RESULT)
