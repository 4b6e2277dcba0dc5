"""What is wrong with a request before it is sent, each with the repair that one may agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scrubber.core.ages import count
from scrubber.core.visible import visible
from scrubber.ui import theme
from scrubber.ui.inspector.labels import IconLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.live.lint import Finding

_MOST = 8
_EMPTY, _NO_SYSTEM, _UNKNOWN_TOOL = "empty", "missing_system", "unknown_tool"
"""Findings of the lint that are shown otherwise than the rest."""


class FindingsStrip(QWidget):
    """One line that says how many, and below it each finding; nothing is repaired silently.

    Signals:
        agreed(object): the repairs that are agreed to are others now: a frozenset of codes.
        system_wanted(): a system prompt shall be given.
    """

    agreed = Signal(object)
    system_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerFindings")
        self._findings: tuple[Finding, ...] = ()
        self._ticked: frozenset[str] = frozenset()
        self.heading = QToolButton(self)
        self.heading.setObjectName("findingsHeading")
        self.heading.setAutoRaise(True)
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.toggled.connect(lambda _on: self._show_rows())
        self.all_button = QToolButton(self)
        self.all_button.setObjectName("findingsAll")
        self.all_button.setText("Agree to all")
        self.all_button.setAutoRaise(True)
        self.all_button.clicked.connect(lambda: self._agree(self._ticked | {*self._offered()}))
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(6, 0, 6, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.heading)
        top.addWidget(self.all_button)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self._rows)
        self.show_findings((), frozenset())

    @property
    def has_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._findings)

    def open(self, has_message: bool) -> list[Finding]:
        """What a provider would refuse, and nobody has agreed to repair."""
        return [
            one
            for one in self._findings
            if one.is_refused
            and not (one.repair and one.code in self._ticked)
            and not (one.code == _EMPTY and has_message)
        ]

    def _offered(self) -> list[str]:
        """Codes of the repairs that nobody has agreed to yet."""
        return [f.code for f in self._findings if _has_box(f) and f.code not in self._ticked]

    def show_findings(self, findings: Sequence[Finding], agreed: frozenset[str]) -> None:
        """Show these, the ones that stand in the way first, and what was agreed to before."""
        shown = tuple(sorted(findings, key=lambda one: (not one.is_refused, not _has_box(one))))
        if shown != self._findings or agreed != self._ticked:
            others = {one.code for one in shown} != {one.code for one in self._findings}
            self._findings, self._ticked = shown, agreed
            self._fill()
            if others:
                self.heading.setChecked(bool(self._offered()))
        self.setVisible(bool(shown))
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands, in the colours of the palette."""
        look, left, offered = theme.current(), self.open(False), self._offered()
        if left:
            text = f"{count(len(left), 'thing')} to settle before anything can be sent"
        elif offered:
            text = f"{count(len(offered), 'repair')} offered"
        else:
            text = count(len(self._findings), "note") + " on what is sent"
        self.heading.setText(f" {text}")
        name, colour = ("warning", look.warning) if left else ("info", look.muted)
        self.heading.setIcon(theme.icon(name, colour))
        self.all_button.setVisible(len(offered) > 1)
        self._show_rows()

    def _agree(self, codes: frozenset[str]) -> None:
        self._ticked = codes
        self._fill()
        self.refresh()
        self.agreed.emit(codes)

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
            if (acts := self._acts(finding)) is not None:
                self._grid.addWidget(acts, row, 2, Qt.AlignmentFlag.AlignTop)

    def _words(self, finding: Finding) -> QLabel:
        text = finding.text[:1].upper() + finding.text[1:]
        if finding.repair and not _has_box(finding) and finding.code != _NO_SYSTEM:
            text = f"{text}: {finding.repair}"
        label = QLabel(visible(text), self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _acts(self, finding: Finding) -> QWidget | None:
        """What can be done about it, if anything."""
        if finding.code == _NO_SYSTEM:
            button = QToolButton(self)
            button.setObjectName("findingsSystem")
            button.setText("Give one…")
            button.setAutoRaise(True)
            button.clicked.connect(self.system_wanted)
            return button
        if not _has_box(finding):
            return None
        box = QCheckBox(visible(finding.repair), self)
        box.setObjectName(f"repair.{finding.code}")
        box.setChecked(finding.code in self._ticked)
        box.setAccessibleName(f"{finding.text}: {finding.repair}")
        box.toggled.connect(lambda on: self._agree(self._with(finding.code, on)))
        return box

    def _with(self, code: str, on: bool) -> frozenset[str]:
        return self._ticked | {code} if on else self._ticked - {code}


def _has_box(finding: Finding) -> bool:
    """Whether it makes a difference if its repair is agreed to."""
    return bool(finding.repair) and (finding.is_refused or finding.code == _UNKNOWN_TOOL)
