"""What is wrong with a request before it is sent, each with the repair that one may agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from scrubber.core.ages import count
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.inspector.labels import IconLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.live.lint import Finding

_MOST = 8


class FindingsStrip(QWidget):
    """One line that says how many, and below it each finding; nothing is repaired silently.

    Signals:
        agreed(): a repair was agreed to, or not any more.
    """

    agreed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerFindings")
        self._findings: tuple[Finding, ...] = ()
        self._ticked: set[str] = set()
        self.heading = QToolButton(self)
        self.heading.setObjectName("findingsHeading")
        self.heading.setAutoRaise(True)
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.toggled.connect(lambda _on: self._show_rows())
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(6, 0, 6, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._rows)
        self.show_findings(())

    @property
    def has_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._findings)

    @property
    def repairs(self) -> frozenset[str]:
        """Codes of the findings whose repair was agreed to."""
        return frozenset(self._ticked & {one.code for one in self._findings if one.repair})

    @property
    def open(self) -> list[Finding]:
        """What a provider would refuse, and nobody has agreed to repair."""
        return [f for f in self._findings if f.is_refused and f.code not in self.repairs]

    def forget(self) -> None:
        """Start anew with another session."""
        self._ticked.clear()
        self.show_findings(())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these, the ones that stand in the way first."""
        shown = tuple(sorted(findings, key=lambda one: not one.is_refused))
        if shown != self._findings:
            self._findings = shown
            self._fill()
            refused = any(one.is_refused for one in shown)
            self.heading.setChecked(refused)
        self.setVisible(bool(shown))
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands, in the colours of the palette."""
        look, left = theme.current(), self.open
        if left:
            text = f"{count(len(left), 'thing')} to settle before anything can be sent"
        else:
            text = count(len(self._findings), "note") + " on what is sent"
        self.heading.setText(text)
        name, colour = ("warning", look.warning) if left else ("info", look.muted)
        self.heading.setIcon(theme.icon(name, colour))
        self._show_rows()

    def _show_rows(self) -> None:
        self._rows.setVisible(self.heading.isChecked())

    def _fill(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, finding in enumerate(self._findings[:_MOST]):
            icon = IconLabel(14, self)
            look = theme.current()
            name, colour = ("warning", look.warning) if finding.is_refused else ("info", look.muted)
            icon.show_icon(name, colour)
            self._grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._words(finding), row, 1)
            if finding.repair and finding.is_refused:
                self._grid.addWidget(self._box(finding), row, 2, Qt.AlignmentFlag.AlignTop)

    def _words(self, finding: Finding) -> QLabel:
        text = finding.text[:1].upper() + finding.text[1:]
        if finding.repair and not finding.is_refused:
            text = f"{text}: {finding.repair}"
        label = QLabel(visible(text), self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _box(self, finding: Finding) -> QCheckBox:
        box = QCheckBox(visible(finding.repair), self)
        box.setObjectName(f"repair.{finding.code}")
        box.setChecked(finding.code in self._ticked)
        box.setAccessibleName(f"{finding.text}: {finding.repair}")

        def on_toggled(ticked: bool) -> None:
            (self._ticked.add if ticked else self._ticked.discard)(finding.code)
            self.refresh()
            self.agreed.emit()

        box.toggled.connect(on_toggled)
        return box
