"""Pictures that a message brings along: taken from the clipboard or a file, made small enough."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from scrubber.core.ages import bytes_text
from scrubber.core.content import Image
from scrubber.ui import theme
from scrubber.ui.paths import dropped_paths

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

MOST = 8
LARGEST_BYTES = 3_750_000
"""Of a picture's file: what the models' APIs take (5 MB as base64 text)."""

_LONGEST_SIDE = 2_000
_READ_BYTES = 64_000_000
_TYPES = {b"png": "image/png", b"jpeg": "image/jpeg", b"gif": "image/gif", b"webp": "image/webp"}
_THUMB = 56


def pictures_in(data: QMimeData) -> list[Path | QImage]:
    """What of a paste or a drop may be pictures; nothing is read yet."""
    files = list[Path | QImage](dropped_paths(data)[:MOST])
    if files or not data.hasImage():
        return files
    pasted = QImage(data.imageData())
    return [] if pasted.isNull() else [pasted]


def as_images(given: list[Path | QImage]) -> list[Image]:
    """Pictures that a model takes, each as small as it has to be; files that are none left out.

    Reads files and encodes: for a thread in the background.
    """
    found = [encoded(one) if isinstance(one, QImage) else read_image(one) for one in given]
    return [image for image in found if image is not None]


def read_image(path: Path) -> Image | None:
    """A picture's file as it is, where a model takes it so; None for what is no picture."""
    if not path.is_file():
        return None
    reader = QImageReader(str(path))
    name = bytes(reader.format().data())
    if not reader.canRead() or path.stat().st_size > _READ_BYTES:
        return None
    size, media_type = reader.size(), _TYPES.get(name)
    fits = max(size.width(), size.height()) <= _LONGEST_SIDE * 2
    if media_type and fits and path.stat().st_size <= LARGEST_BYTES:
        return Image(media_type, base64.b64encode(path.read_bytes()).decode())
    reader.setScaledSize(_bounded(size))
    picture = reader.read()
    return None if picture.isNull() else encoded(picture)


def encoded(picture: QImage) -> Image:
    """A picture as PNG, or as JPEG where that would be too large."""
    small = picture
    if max(picture.width(), picture.height()) > _LONGEST_SIDE:
        smooth = Qt.TransformationMode.SmoothTransformation
        small = picture.scaled(_bounded(picture.size()), Qt.AspectRatioMode.KeepAspectRatio, smooth)
    data, media_type = _written(small, "PNG"), "image/png"
    if len(data) > LARGEST_BYTES:
        data, media_type = _written(small, "JPEG"), "image/jpeg"
    return Image(media_type, base64.b64encode(data).decode())


def _bounded(size: QSize) -> QSize:
    longest = max(size.width(), size.height(), 1)
    return size * min(1.0, _LONGEST_SIDE / longest)


def _written(picture: QImage, form: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, form)  # type: ignore[call-overload]  # the stubs know no device here
    buffer.close()
    return bytes(data.data())


class Thumbnails(QWidget):
    """The pictures of the message, each with a way to take it out again.

    Signals:
        changed(): there is one more, or one less.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerImages")
        self.images: list[Image] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 0, 2, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.hide()

    def add(self, images: list[Image]) -> int:
        """Take pictures in, as many as there is room for; gives how many were left out."""
        room = MOST - len(self.images)
        self.set_images([*self.images, *images[:room]])
        return max(0, len(images) - room)

    def set_images(self, images: list[Image]) -> None:
        """Show these."""
        self.images = images
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            if (widget := item.widget() if item else None) is not None:
                widget.hide()
                widget.deleteLater()
        for number, image in enumerate(images):
            self._row.insertWidget(number, self._thumbnail(number, image))
        self.setVisible(bool(images))
        self.changed.emit()

    def _thumbnail(self, number: int, image: Image) -> QWidget:
        data = base64.b64decode(image.data)
        holder, picture, remove = QWidget(self), QLabel(self), QToolButton(self)
        picture.setPixmap(_small(data, self.devicePixelRatioF()))
        picture.setToolTip(f"{image.media_type}, {bytes_text(len(data))}")
        remove.setObjectName(f"removeImage.{number}")
        remove.setIcon(theme.icon("close"))
        remove.setAutoRaise(True)
        remove.setToolTip("Take this picture out of the message")
        remove.setAccessibleName(f"Remove picture {number + 1}")
        remove.clicked.connect(lambda: self._remove(number))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        inner = QHBoxLayout()
        inner.setSpacing(0)
        inner.addWidget(picture)
        inner.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(inner)
        holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return holder

    def _remove(self, number: int) -> None:
        self.set_images([*self.images[:number], *self.images[number + 1 :]])


def _small(data: bytes, ratio: float) -> QPixmap:
    picture = QImage.fromData(data)
    side = round(_THUMB * ratio)
    shown = picture.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    shown.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(shown)
