"""How large a picture stands in the text, known before it is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from scrubber.core.ages import bytes_text
from scrubber.core.events import one_line
from scrubber.core.visible import visible
from scrubber.ui.transcript.images import SMALL, fitted, size_of
from scrubber.ui.transcript.pieces import Action, Line, Picture

if TYPE_CHECKING:
    from scrubber.core.content import Image
    from scrubber.ui.transcript.scene import Scene

_UNKNOWN = QSize(240, 160)
_TALLEST = 2_000


def picture(scene: Scene, number: int, source: Image) -> Picture | Line:
    """The picture at its size in the text; one that is only referred to is named, not fetched."""
    if not source.data:
        words = f"image not in the transcript · {source.reference or source.media_type}"
        return _named(scene, words)
    whole = size_of(source)
    if whole is None:
        size = bytes_text(len(source.data) * 3 // 4)
        return _named(scene, f"image that cannot be shown · {source.media_type} · {size}")
    width = int(scene.style.width)
    limit = QSize(width, _TALLEST) if scene.enlarged else SMALL.boundedTo(QSize(width, _TALLEST))
    size_shown = fitted(whole, limit)
    device = size_shown * scene.style.ratio
    key = (scene.event.log, scene.event.seq, number, device.width(), device.height())
    alt = f"{source.media_type}, {whole.width()} × {whole.height()}"
    return Picture(
        source=source,
        size=size_shown,
        key=key,
        alt=alt,
        action=Action.ENLARGE,
        height=float(size_shown.height()),
    )


def _named(scene: Scene, words: str) -> Line:
    muted = scene.style.theme.muted
    run = scene.run(visible(one_line(words)))
    return Line(runs=(run,), icon="image", icon_colour=muted)
