"""What the window shows and logs in the developer mode (``SCRUBBER_DEV=1``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.ui.developer.overlay import FrameOverlay
from scrubber.ui.developer.watchdog import Watchdog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["FrameOverlay", "Watchdog", "attach"]


def attach(window: QWidget) -> None:
    """Watch over a window as long as it lives."""
    FrameOverlay(window).show()
    Watchdog(window).start()
