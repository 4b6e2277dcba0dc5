"""A calm form of two columns: what is told, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from scrubber.core.track import Lane
from scrubber.ui import theme
from scrubber.ui.inspector.labels import UNIT, Value, strong, tint
from scrubber.ui.inspector.words import NOTHING, REVEAL, SESSION, Fact, Section

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QKeyEvent


_MIDDLE, _RIGHT = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight


class FactsForm(QWidget):
    """Sections of facts. The rows stay where they are as long as their labels do.

    With the focus, Copy copies all of it as text.

    Signals:
        activated(str, str): a row that leads somewhere was followed: its action and its target.
    """

    activated = Signal(str, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(UNIT)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._sections: tuple[Section, ...] = ()
        self._rows: list[Row] = []
        self._titles: list[QLabel] = []

    def set_sections(self, sections: tuple[Section, ...]) -> None:
        """Show other facts."""
        if _shape(sections) != _shape(self._sections):
            self._build(sections)
        self._sections = sections
        facts = (fact for section in sections for fact in section.facts)
        for row, fact in zip(self._rows, facts, strict=True):
            row.show_fact(fact)
        self.setAccessibleDescription(self.as_text())

    def as_text(self) -> str:
        """All rows, a line each."""
        lines = []
        for section in self._sections:
            lines += [section.title] if section.title else []
            lines += [f"{fact.label}: {fact.value}" for fact in section.facts]
        return "\n".join(lines)

    def value(self, label: str) -> str:
        """What stands beside a label, the first one of that name."""
        facts = (fact for section in self._sections for fact in section.facts)
        return next((fact.value for fact in facts if fact.label == label), "")

    def refresh(self) -> None:
        """Draw everything in the colours of the palette."""
        for row in self._rows:
            row.refresh()
        for title in self._titles:
            title.setFont(strong(self.font()))

    def _build(self, sections: tuple[Section, ...]) -> None:
        for old in (*self._rows, *self._titles):
            old.deleteLater()
        self._rows, self._titles = [], []
        while self._grid.takeAt(0) is not None:
            pass
        line = 0
        for section in sections:
            if section.title:
                line = self._add_title(section.title, line)
            for fact in section.facts:
                row = Row(fact.label, self)
                row.activated.connect(self.activated)
                self._rows.append(row)
                self._grid.addWidget(row, line, 0, 1, 2)
                line += 1

    def _add_title(self, words: str, line: int) -> int:
        title = QLabel(words, self)
        title.setFont(strong(self.font()))
        title.setContentsMargins(0, 2 * UNIT, 0, UNIT // 2)
        self._titles.append(title)
        self._grid.addWidget(title, line, 0, 1, 2)
        return line + 1

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Copy all facts."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent, /) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.refresh()


class Row(QWidget):
    """A label, a value, and perhaps a button.

    Signals:
        activated(str, str): as FactsForm.
    """

    activated = Signal(str, str)

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._fact = Fact(label, "")
        self._label = QLabel(label, self)
        self.value = Value(self)
        self.button = QToolButton(self)
        self._make_button()
        self.setFixedHeight(max(20, self.fontMetrics().height() + 2))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._label)
        row.addWidget(self.value, 1)
        row.addWidget(self.button)
        self.value.activated.connect(self._follow)
        self.button.clicked.connect(self._follow)

    def _make_button(self) -> None:
        self.button.setAutoRaise(True)
        self.button.setIconSize(QSize(16, 16))
        self.button.setFixedSize(20, 20)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.setToolTip("Reveal the file")
        self.button.setAccessibleName("Reveal the file")
        self.button.hide()

    def show_fact(self, fact: Fact) -> None:
        """Show another value."""
        if fact == self._fact and self.value.full:
            return
        self._fact = fact
        self.value.set_elide(_MIDDLE if fact.middle else _RIGHT)
        self.value.show_text(fact.value)
        self.value.set_link(fact.action == SESSION)
        self.button.setVisible(fact.action == REVEAL)
        self.refresh()

    def refresh(self) -> None:
        """Draw in the colours of the palette."""
        look = theme.current()
        tint(self._label, look.muted)
        self._label.setFixedWidth(label_width(self))
        self.value.set_colour(_colour(self._fact, look))
        if self._fact.action == REVEAL:
            self.button.setIcon(theme.icon("reveal", look.muted))

    def _follow(self) -> None:
        self.activated.emit(self._fact.action, self._fact.target)


def label_width(of: QWidget) -> int:
    """The width of the left column, a multiple of the unit, for the longest label there is."""
    longest = of.fontMetrics().horizontalAdvance("Provenance")
    return -(-longest // UNIT) * UNIT


def _colour(fact: Fact, look: theme.Theme) -> QColor:
    if fact.alarm:
        return look.error if fact.value.endswith("✗") or "error" in fact.value else look.warning
    if fact.action == SESSION:
        return look.lane(Lane.YOU)
    return look.muted if fact.value == NOTHING else look.text


def _shape(sections: tuple[Section, ...]) -> list[tuple[str, ...]]:
    return [(section.title, *(fact.label for fact in section.facts)) for section in sections]
