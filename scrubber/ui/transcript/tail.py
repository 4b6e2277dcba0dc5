"""What a model is writing just now, below the last event: it becomes a row when it has ended.

It is laid out anew with each batch of pieces, so only its end is laid out, and nothing above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from scrubber.core.ages import bytes_text
from scrubber.core.content import Content, text_content
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility, one_line
from scrubber.core.visible import visible
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.blocks import content_body, fixed
from scrubber.ui.transcript.bodies import header
from scrubber.ui.transcript.paint_piece import paint_piece
from scrubber.ui.transcript.paint_text import Brush
from scrubber.ui.transcript.pieces import Line, Piece
from scrubber.ui.transcript.rows import stack
from scrubber.ui.transcript.scene import Scene
from scrubber.ui.transcript.style import UNIT, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from scrubber.models.live_parts import LivePart
    from scrubber.ui.transcript.painter import Look

_LIMITS = (20_000, 2_000)
_DIMMED = 0.5


@dataclass(slots=True)
class _Laid:
    """A part laid out, as far as it had come."""

    part: LivePart
    key: tuple[object, ...]
    pieces: list[Piece]
    height: float


class Tail:
    """The parts of a reply that are not events yet, in a column below the page."""

    def __init__(self) -> None:
        self._laid: list[_Laid] = []
        self._whole = 0.0
        self.height = 0.0
        """What it takes of the page, in logical pixels; 0 while nothing is written."""
        self.text = ""
        """The last line of it, for those who do not see it."""

    def show(self, parts: Sequence[LivePart], style: Style, most: float) -> bool:
        """Lay out what is there now, at most so high; whether the height has changed."""
        before = self.height
        known = {laid.key: laid for laid in self._laid}
        self._laid = [known.get(_key(part, style)) or _lay_out(part, style) for part in parts]
        self._whole = sum(laid.height for laid in self._laid)
        self.height = min(self._whole, max(most, 4 * style.line))
        self.text = visible(one_line(parts[-1].text[-200:])) if parts else ""
        return self.height != before

    def paint(self, painter: QPainter, top: float, look: Look, clip: QRectF) -> None:
        """Paint the end of it below a height of the page."""
        area = QRectF(0.0, top, clip.right(), self.height)
        if not self._laid or not area.intersects(clip):
            return
        painter.save()
        painter.setClipRect(area & clip)
        painter.setOpacity(1.0 if look.playhead == look.count else _DIMMED)
        y = top + self.height - self._whole
        for laid in self._laid:
            if y + laid.height >= top:
                _paint(painter, laid, y, look, area & clip)
            y += laid.height
        painter.restore()


def _key(part: LivePart, style: Style) -> tuple[object, ...]:
    return id(part), part.size, id(style.theme), style.width, style.ratio, style.line


def _lay_out(part: LivePart, style: Style) -> _Laid:
    pieces = list(_pieces(_scene(part, style), part))
    gap = (3.0 if part.opens else 1.0) * UNIT
    return _Laid(part, _key(part, style), pieces, stack(pieces, gap, style))


def _pieces(scene: Scene, part: LivePart) -> Iterator[Piece]:
    quiet = part.kind is Kind.REASONING
    if part.opens:
        yield header(scene)
    if part.kind is not Kind.MESSAGE:
        yield _title(scene, part)
    if part.before:
        words = f"… {bytes_text(part.before)} above: all of it is shown when it has ended"
        yield Line(runs=(scene.run(words),))
    if part.kind is Kind.TOOL_CALL:
        yield fixed(scene, part.text)
    elif part.text:
        yield from content_body(scene, quiet=quiet)


def _title(scene: Scene, part: LivePart) -> Line:
    """What is being written, where that is not what the model says."""
    calls = part.kind is Kind.TOOL_CALL
    name = visible(one_line(part.name or "tool")) if calls else "Thinking"
    font = scene.style.strong if calls else None
    return Line(
        runs=(scene.run(name, font, scene.colour), scene.run("arguments" if calls else "")),
        icon=labels.icon_name(scene.event),
        icon_colour=scene.colour,
        right=(scene.run(bytes_text(part.size)),),
    )


def _scene(part: LivePart, style: Style) -> Scene:
    """The part as the event that it will be."""
    start = f"{part.fence}\n" if part.fence else ""
    event = _event(part)
    content = Content() if part.kind is Kind.TOOL_CALL else text_content(start + part.text)
    return Scene(event, content, style, False, _LIMITS, None, "Assistant")


def _event(part: LivePart) -> Event:
    return Event(
        index=0, log=0, seq=0, source=0, record=0, part=0, kind=part.kind, role=Role.ASSISTANT,
        visibility=Visibility.IN_CONTEXT, origin=Origin.RESAMPLED, marks=Mark.NONE, ts=None,
        name=part.name if part.kind is Kind.TOOL_CALL else None, call_id=None, group_id=None,
        ref=None, size=part.size, text=part.text[:160],
    )  # fmt: skip


def _paint(painter: QPainter, laid: _Laid, top: float, look: Look, clip: QRectF) -> None:
    for piece in laid.pieces:
        y = top + piece.top
        if y <= clip.bottom() and y + piece.height >= clip.top():
            brush = Brush(
                look.style, look.palette, clip, look.needle, look.images, False, None, (-1, 0)
            )
            paint_piece(painter, piece, y, brush)
