"""Which live calls may run: rules to deny, allow and ask, and what happens to the rest."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from scrubber.core.permissions import Decision, Permissions

_WORDS = {
    Decision.ASK: "ask me",
    Decision.ALLOW: "are allowed",
    Decision.DENY: "are denied",
}


class RulesForm(QWidget):
    """One line of rules for each verdict, apart by commas: ``Bash(git:*), mcp__time``."""

    def __init__(self, permissions: Permissions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._enabled = permissions.enabled
        self.deny = self._line("Denied", permissions.deny, "Bash(rm:*)")
        self.allow = self._line("Allowed", permissions.allow, "mcp__time, Read(src/**)")
        self.ask = self._line("Ask me", permissions.ask, "Bash(git push:*)")
        self.rest = QComboBox(self)
        self.rest.setAccessibleName("All other live calls")
        for decision, words in _WORDS.items():
            self.rest.addItem(words, decision)
        self.rest.setCurrentIndex(list(_WORDS).index(permissions.default))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        heading = QLabel("Before a live tool runs: denied goes before allowed, allowed before ask")
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        form.addRow(heading)
        for label, field in (
            ("Denied", self.deny),
            ("Allowed", self.allow),
            ("Ask me", self.ask),
            ("All others", self.rest),
        ):
            form.addRow(label, field)

    def _line(self, name: str, rules: tuple[str, ...], example: str) -> QLineEdit:
        line = QLineEdit(", ".join(rules), self)
        line.setAccessibleName(f"Rules: {name}")
        line.setPlaceholderText(f"such as {example}")
        return line

    def permissions(self) -> Permissions:
        """The rules; a BadArgumentError names what is none."""
        return Permissions.from_json(
            {
                "deny": split(self.deny.text()),
                "allow": split(self.allow.text()),
                "ask": split(self.ask.text()),
                "default_decision": str(self.rest.currentData()),
                "enabled": self._enabled,
            }
        )


def split(text: str) -> list[str]:
    """Rules apart by commas; a comma within brackets is part of its rule."""
    rules, depth, start = [], 0, 0
    for place, character in enumerate(f"{text},"):
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            rules.append(f"{text},"[start:place].strip())
            start, depth = place + 1, 0
    if start < len(text):
        rules.append(text[start:].strip())
    return [rule for rule in rules if rule]
