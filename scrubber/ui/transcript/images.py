"""Pictures of a transcript: decoded beside the GUI thread, bounded in size, never fetched."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader

if TYPE_CHECKING:
    from scrubber.core.content import Image

SMALL = QSize(480, 320)
"""Largest size of a picture in the text, in logical pixels."""

_HEAD = 65_536
_LARGEST = 48_000_000
_KEPT = 8
_KEPT_BYTES = 16_000_000

Key = tuple[int, int, int, int, int]
"""Log, seq, number of the picture in its event, width and height in device pixels."""

_MAGIC = ((b"\x89PNG", b"png"), (b"\xff\xd8", b"jpeg"), (b"GIF8", b"gif"), (b"BM", b"bmp"))


class ImageStore(QObject):
    """Decodes pictures in one background thread and keeps the last ones.

    Signals:
        decoded(): at least one more picture can be had.
    """

    decoded = Signal()
    _done = Signal(object, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._asked: set[Key] = set()
        self._bytes = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def image(self, key: Key, source: Image) -> QImage | None:
        """The decoded picture, a null image if that failed, None while it is on its way."""
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        if key not in self._asked:
            self._asked.add(key)
            self._pool.start(lambda: self._decode(key, source))
        return None

    def stop(self) -> None:
        """Drop what waits and let the running one end."""
        self._pool.clear()
        self._pool.waitForDone(2_000)

    def _decode(self, key: Key, source: Image) -> None:
        image = decode(source, QSize(key[3], key[4]))
        with suppress(RuntimeError):  # The view was closed meanwhile.
            self._done.emit(key, image)

    def _on_done(self, key: Key, image: QImage) -> None:
        self._asked.discard(key)
        self._images[key] = image
        self._bytes += image.sizeInBytes()
        # A page shows no more than these few, so none that is in sight is dropped.
        while len(self._images) > _KEPT and self._bytes > _KEPT_BYTES:
            self._bytes -= self._images.popitem(last=False)[1].sizeInBytes()
        self.decoded.emit()


def decode(source: Image, size: QSize) -> QImage:
    """The picture at most ``size`` device pixels large; a null image if it cannot be read."""
    if len(source.data) > _LARGEST:
        return QImage()
    reader, _buffer = _reader(source.data)
    if reader is None:
        return QImage()
    whole = reader.size()
    if whole.isValid():
        reader.setScaledSize(fitted(whole, size))
    return reader.read()


def size_of(source: Image) -> QSize | None:
    """Width and height in the picture's own pixels, read from its first bytes."""
    reader, _buffer = _reader(source.data[:_HEAD])
    size = reader.size() if reader is not None else QSize()
    return size if size.isValid() and not size.isEmpty() else None


def fitted(size: QSize, limit: QSize) -> QSize:
    """A size scaled down, never up, to fit into a limit."""
    if size.width() <= limit.width() and size.height() <= limit.height():
        return size
    return size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def _reader(data: str) -> tuple[QImageReader | None, QBuffer | None]:
    """A reader of the raster formats; no format that could point to other files (SVG) is read."""
    try:
        raw = base64.b64decode(data[: len(data) // 4 * 4])
    except (binascii.Error, ValueError):
        return None, None
    formats = [name for magic, name in _MAGIC if raw.startswith(magic)]
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        formats.append(b"webp")
    if not formats:
        return None, None
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(formats[0]))
    reader.setAutoDetectImageFormat(False)
    return reader, buffer
