"""The signs of what is written on events, for the timeline and the transcript's gutter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from scrubber.ui import theme

if TYPE_CHECKING:
    from scrubber.core.notes import NoteKind
    from scrubber.models.session_notes import Written

WIDTH = 8.0
"""Pixels of a sign; two stand so far from each other."""


@dataclass(frozen=True, slots=True)
class NoteMark:
    """What is written on one event: its kinds, and the colours of its labels by name."""

    index: int
    kinds: tuple[NoteKind, ...]
    colours: tuple[str, ...]

    def signs(self) -> list[tuple[NoteKind, str]]:
        """(kind, colour) of each sign: a ribbon, a leaf, a tag for each label."""
        plain: list[tuple[NoteKind, str]] = [(k, "") for k in self.kinds if k != "label"]
        return [*plain, *(("label", colour) for colour in self.colours)]


def note_marks(written: Written) -> tuple[NoteMark, ...]:
    """The marks of a session, in its order."""
    return tuple(
        NoteMark(
            index,
            tuple(dict.fromkeys(note.kind for note in notes)),
            tuple(written.colour(note.text) for note in notes if note.kind == "label"),
        )
        for index, notes in sorted(written.at.items())
    )


def paint_sign(painter: QPainter, kind: NoteKind, colour: str, x: float, top: float) -> None:
    """A sign with its left edge at x: told apart by its shape, not by its colour alone."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if kind == "bookmark":
        _fill(painter, _ribbon(x, top), look.accent)
    elif kind == "label":
        _fill(painter, _tag(x, top), theme.label_colour(colour))
    else:
        painter.setBrush(look.background)
        painter.setPen(QPen(look.text, 1.0))
        painter.drawRect(QRectF(x + 0.5, top + 0.5, 6, 8))
        for line in (3.0, 5.5):
            painter.drawLine(QPointF(x + 2, top + line), QPointF(x + 5, top + line))


def _fill(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(path, colour)


def _ribbon(x: float, top: float) -> QPainterPath:
    return _path([(0, 0), (6, 0), (6, 9), (3, 6), (0, 9)], x, top)


def _tag(x: float, top: float) -> QPainterPath:
    return _path([(0, 2), (4, 2), (7, 4.5), (4, 7), (0, 7)], x, top)


def _path(points: list[tuple[float, float]], x: float, top: float) -> QPainterPath:
    path = QPainterPath(QPointF(x + points[0][0], top + points[0][1]))
    for right, down in points[1:]:
        path.lineTo(x + right, top + down)
    path.closeSubpath()
    return path
