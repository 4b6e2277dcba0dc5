"""The scrolling frame of the transcript: turns pages, paints them, keeps the scroll bar in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from scrubber.ui.transcript.highlight import Highlighter
from scrubber.ui.transcript.images import ImageStore
from scrubber.ui.transcript.layout import fraction_of
from scrubber.ui.transcript.pager import Pager
from scrubber.ui.transcript.painter import Look, paint_page
from scrubber.ui.transcript.style import make_style
from scrubber.ui.transcript.tail import Tail

if TYPE_CHECKING:
    from scrubber.models.event_feed import EventFeed
    from scrubber.ui.note_marks import NoteMark
    from scrubber.ui.transcript.pieces import TextPiece
    from scrubber.ui.transcript.rows import Row
    from scrubber.ui.transcript.selection import Selection

_RANGE = 10_000_000
_WHEEL_STEP = 0.6
"""Logical pixels of scrolling per unit of a mouse wheel, of which a notch has 120."""


class TranscriptFrame(QAbstractScrollArea):
    """Paints the page of a pager; subclasses say what happens on it."""

    def __init__(self, feed: EventFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.pager = Pager(feed, make_style(self.font(), 800.0, self.devicePixelRatioF()))
        self.tail = Tail()
        self._images = ImageStore(self)
        self._highlighter = Highlighter(self)
        self._selection: Selection | None = None
        self._needle = ""
        self._notes: dict[int, NoteMark] = {}
        self._hovered: int | None = None
        self._pointed: tuple[int, int] | None = None
        self._fork_hot = False
        self._flash: tuple[int, float] | None = None
        self._dirty = True
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._on_idle)
        self._images.decoded.connect(self.viewport().update)
        self._highlighter.ready.connect(self._start_idle, Qt.ConnectionType.QueuedConnection)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll_bar)
        self.destroyed.connect(self._images.stop)

    def refresh(self) -> None:
        """Lay out and paint anew in the next frame."""
        self._dirty = True
        self.viewport().update()

    def ensure_laid_out(self) -> None:
        """Lay out what is in sight now, if anything has changed since."""
        if self._dirty:
            self._dirty = False
            self._set_style()
            self.pager.lay_out()
            self._sync_scroll_bar()
            self._start_idle()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        self.ensure_laid_out()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, clip = self._look(), QRectF(event.rect())
        paint_page(painter, self.pager.page, look, clip)
        if self.pager.page.end is not None:
            self.tail.paint(painter, self.pager.page.end, look, clip)
        painter.end()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        kinds = (
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
            QEvent.Type.ApplicationPaletteChange,
            QEvent.Type.DevicePixelRatioChange,
        )
        if event.type() in kinds and hasattr(self, "pager"):
            self.pager.cache.clear()
            self.refresh()

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        pixels = float(event.pixelDelta().y()) or event.angleDelta().y() * _WHEEL_STEP
        self.scroll_by(-pixels)
        event.accept()

    def scroll_by(self, pixels: float) -> None:
        """Scroll down by so many logical pixels."""
        self.pager.scroll(pixels)
        self.refresh()

    def _look(self) -> Look:
        return Look(
            self.pager.style,
            self.palette(),
            self._images,
            self.pager.count,
            self.pager.playhead,
            self._selection,
            self._needle,
            self._hovered,
            self._pointed,
            self._fork_hot,
            self._flash,
            self.pager.below,
            self._notes,
        )

    def _set_style(self) -> None:
        size = self.viewport().size()
        style = make_style(self.font(), float(size.width()), self.devicePixelRatioF())
        self.pager.set_style(style, float(size.height()))

    def _on_scroll_bar(self, value: int) -> None:
        self.pager.scroll_to(value / _RANGE)
        self.refresh()

    def _sync_scroll_bar(self) -> None:
        pager, bar = self.pager, self.verticalScrollBar()
        bar.blockSignals(True)
        if pager.all_in_sight():
            bar.setRange(0, 0)
        else:
            share = min(0.95, pager.visible_events() / max(1, pager.count))
            bar.setRange(0, _RANGE)
            bar.setPageStep(max(1, round(_RANGE * share / (1 - share))))
            bar.setSingleStep(max(1, bar.pageStep() // 16))
            if not bar.isSliderDown():
                bar.setValue(round(_RANGE * fraction_of(pager.page, pager.count, pager.height)))
        bar.blockSignals(False)
        bar.update()

    def _start_idle(self) -> None:
        if not self._idle.isActive():
            self._idle.start(0)

    def _on_idle(self) -> None:
        """Finish the frame first, then colour code, then look ahead."""
        if self.pager.pending:
            self.refresh()
        elif self._colour_code():
            self.viewport().update()
            self._start_idle()
        elif self.pager.prefetch():
            self._start_idle()

    def _colour_code(self) -> bool:
        """Colour one text with code in it; False if none is left or pygments is not there."""
        for placed in self.pager.page.rows:
            for piece in _uncoloured(placed.row):
                dark = self.pager.style.theme.dark
                for run in piece.codes():
                    blocks = list(run.blocks)
                    if not self._highlighter.colour(piece.document, blocks, run.language, dark):
                        return False
                piece.coloured = True
                return True
        return False


def _uncoloured(row: Row | None) -> list[TextPiece]:
    if row is None:
        return []
    texts = [piece for _, piece in row.texts() if not piece.coloured]
    return [piece for piece in texts if any(run.language for run in piece.codes())]
