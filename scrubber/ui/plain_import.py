"""Imports as Python does them: PySide's own way reads the source of every module, and keeps it."""

from __future__ import annotations

import builtins
import linecache


def restore() -> None:
    """Undo PySide's ``__import__``, which is there for ``from __feature__ import …``.

    It looks for PySide's name in the source of whatever is imported, and ``linecache`` keeps what
    it has read: 13 MB for this program, and a twentieth of the time until its window is filled.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
