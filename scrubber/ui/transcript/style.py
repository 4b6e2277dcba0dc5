"""Fonts and measures of the transcript, all derived from the widget's font and width."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from scrubber.core.track import Lane
from scrubber.ui import theme

UNIT = 8
"""The grid, in logical pixels: every margin is a multiple of it or half of it."""

COLUMN = 860
"""Widest line of text, in logical pixels; longer lines tire the eye."""

PLAYHEAD = 4 * UNIT
"""Height of the gap that the playhead takes, in logical pixels."""

_HANG = 3 * UNIT
_MARGIN = 3 * UNIT


@dataclass(frozen=True, slots=True)
class Style:
    """How one view looks at one width: fonts, colours and columns, in logical pixels."""

    theme: theme.Theme
    body: QFont
    strong: QFont
    small: QFont
    fixed: QFont
    left: float
    """Where text begins."""
    width: float
    """How wide text may run."""
    gutter: float
    """Where the gutter (event numbers, fork button) begins; it ends at the hanging icons."""
    line: float
    """Height of a one-line piece."""
    ratio: float
    """Device pixels per logical pixel."""

    @property
    def icons(self) -> float:
        """Where the icons hang, in front of the text."""
        return self.left - _HANG

    @property
    def link(self) -> QColor:
        """The colour of what can be clicked or is an address."""
        return self.theme.lane(Lane.YOU)

    @property
    def right(self) -> float:
        """Where text ends."""
        return self.left + self.width


def make_style(font: QFont, viewport: float, ratio: float) -> Style:
    """The style for a font and a viewport width in logical pixels; the column is centred."""
    body, strong, small = _scaled(font, 1.08), _scaled(font, 1.08), _scaled(font, 0.92)
    strong.setWeight(QFont.Weight.DemiBold)
    number = QFontMetricsF(small).horizontalAdvance("0,000,000")
    gutter = number + 2 * UNIT + 20 if viewport > 560 else number + UNIT
    around = gutter + _HANG + _MARGIN
    width = max(120.0, min(float(COLUMN), viewport - around))
    slack = max(0.0, (viewport - around - width) / 2)
    return Style(
        theme.current(),
        body,
        strong,
        small,
        theme.fixed_font(_scaled(font, 1.04)),
        left=round(slack + gutter + _HANG),
        width=float(int(width)),
        gutter=round(slack),
        line=float(round(QFontMetricsF(body).height() + UNIT / 2)),
        ratio=ratio,
    )


def _scaled(font: QFont, by: float) -> QFont:
    scaled = QFont(font)
    size = font.pointSizeF()
    if size > 0:
        scaled.setPointSizeF(size * by)
    else:
        scaled.setPixelSize(max(1, round(font.pixelSize() * by)))
    return scaled


def tint(colour: QColor, alpha: float) -> QColor:
    """A colour at some opacity, 0…1."""
    tinted = QColor(colour)
    tinted.setAlphaF(alpha)
    return tinted
