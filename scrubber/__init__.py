"""Open any agent transcript, scrub through it, fork it at any event, take the result home.

``scrubber.open_store()`` gives everything the program can do as typed methods; it imports no Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.version import __version__

if TYPE_CHECKING:
    from scrubber.api import OpenStore, open_store

__all__ = ["OpenStore", "__version__", "open_store"]


def __getattr__(name: str) -> Any:
    """The API is imported when it is first asked for, so that ``import scrubber`` costs nothing."""
    if name in ("OpenStore", "open_store"):
        from scrubber import api

        return getattr(api, name)
    raise AttributeError(f"module 'scrubber' has no attribute {name!r}")
