"""Fields for numbers that may be left out."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtGui import QDoubleValidator, QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget


class NumberField(QLineEdit):
    """A number, or nothing; never half of one."""

    def __init__(
        self,
        name: str,
        usual: str,
        most: float,
        decimals: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """``usual``: what nothing stands for; ``most``: the largest number that makes sense."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(usual)
        self.setMaximumWidth(150)
        if decimals:
            checks = QDoubleValidator(0.0, most, decimals, self)
            checks.setNotation(QDoubleValidator.Notation.StandardNotation)
            checks.setLocale(QLocale.c())
            self.setValidator(checks)
        else:
            self.setValidator(QIntValidator(0, int(most), self))

    def show_number(self, number: float | None) -> None:
        """Show a number, or nothing."""
        self.setText("" if number is None else f"{number:.10g}")

    def real(self) -> float | None:
        """The number, None where the field is empty."""
        text = self.text().strip()
        return float(text) if text not in ("", ".") else None

    def whole(self) -> int | None:
        """The same as a whole number."""
        number = self.real()
        return None if number is None else int(number)
