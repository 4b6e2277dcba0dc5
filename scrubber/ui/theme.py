"""Colours and icons, for light and dark: the one place that knows how a thing looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer

from scrubber.resources import read_resource

if TYPE_CHECKING:
    from scrubber.core.track import Lane


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours with a meaning; everything else comes from the system palette."""

    dark: bool
    background: QColor
    """Behind the transcript and the timeline."""
    surface: QColor
    """Cards on the background: code, results."""
    text: QColor
    muted: QColor
    """Secondary text; still readable on background and surface (contrast above 4.5)."""
    line: QColor
    """Separators and frames."""
    accent: QColor
    """The playhead, the selection, the fork."""
    error: QColor
    warning: QColor
    lanes: tuple[QColor, ...]
    """One colour per Lane."""

    def lane(self, lane: Lane) -> QColor:
        """The colour of a lane; always shown together with an icon or a word."""
        return self.lanes[lane]


LIGHT = Theme(
    dark=False,
    background=QColor("#ffffff"),
    surface=QColor("#f5f6f8"),
    text=QColor("#1c2024"),
    muted=QColor("#636b76"),
    line=QColor("#dfe2e7"),
    accent=QColor("#e0462f"),
    error=QColor("#c92a2a"),
    warning=QColor("#9a5b00"),
    lanes=tuple(
        QColor(c) for c in ("#2563eb", "#7c3aed", "#8a7fb0", "#b45309", "#be185d", "#64748b")
    ),
)

DARK = Theme(
    dark=True,
    background=QColor("#17191d"),
    surface=QColor("#22252b"),
    text=QColor("#e6e8eb"),
    muted=QColor("#9aa2ad"),
    line=QColor("#343941"),
    accent=QColor("#ff7a62"),
    error=QColor("#ff8080"),
    warning=QColor("#f5b74e"),
    lanes=tuple(
        QColor(c) for c in ("#6aa5ff", "#b294ff", "#948cb8", "#f0b354", "#f57fb5", "#94a3b8")
    ),
)

_LABELS = {
    "red": ("#c92a2a", "#ff8080"),
    "orange": ("#c2570c", "#ff9f5a"),
    "yellow": ("#946c00", "#f2cf4a"),
    "green": ("#2b7a2b", "#7bd67b"),
    "teal": ("#0b7285", "#5ad1d8"),
    "blue": ("#2563eb", "#6aa5ff"),
    "purple": ("#7c3aed", "#b294ff"),
    "grey": ("#636b76", "#9aa2ad"),
}


def label_colour(name: str) -> QColor:
    """The shade of a label's colour that can be read on the background."""
    return QColor(_LABELS.get(name, _LABELS["grey"])[current().dark])


_ICON_SIZES = (16, 18, 24)
"""Logical pixels: in lists and buttons, in the toolbar, in dialogs."""


def current() -> Theme:
    """The theme that fits the application's palette."""
    base = QGuiApplication.palette().color(QPalette.ColorRole.Base)
    return DARK if base.lightness() < 128 else LIGHT


def fixed_font(of: QFont) -> QFont:
    """The system's fixed-width font, in the size of another."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(of.pointSizeF() * 0.95 if of.pointSizeF() > 0 else 10)
    return font


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """An icon of resources/icons drawn in one colour, ``size`` logical pixels wide."""
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name).render(painter, QRectF(drawn.rect()))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(drawn.rect(), QColor(colour))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn.copy()  # what was painted on keeps its paint engine: ten times the icon's size


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(read_resource(f"icons/{name}.svg")))


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """An icon in a colour (the text's, if none is named), sharp on every screen there is."""
    result = QIcon()
    palette = QGuiApplication.palette()
    normal = colour or palette.color(QPalette.ColorRole.WindowText)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    for ratio in {screen.devicePixelRatio() for screen in QGuiApplication.screens()}:
        for size in _ICON_SIZES:
            result.addPixmap(pixmap(name, normal.name(), size, ratio))
            result.addPixmap(pixmap(name, disabled.name(), size, ratio), QIcon.Mode.Disabled)
    return result


def field_sheet(focused: bool) -> str:
    """The look of a field for longer text: a quiet frame that shows where the keys go."""
    look = current()
    line = "palette(highlight)" if focused else look.line.name()
    return (
        f"QPlainTextEdit {{ border: 1px solid {line}; border-radius: 6px;"
        f" background: {look.background.name()}; }}"
    )


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    result = QIcon()
    renderer = QSvgRenderer(QByteArray(read_resource("icons/scrubber.svg")))
    for size in (16, 24, 32, 48, 64, 128, 256):
        drawn = QPixmap(size, size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        renderer.render(painter, QRectF(drawn.rect()))
        painter.end()
        result.addPixmap(drawn)
    return result
