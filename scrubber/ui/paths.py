"""Files and folders that were dropped on the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders of a drop; addresses elsewhere are never fetched."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
