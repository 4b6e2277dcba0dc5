"""The open store as the window sees it: what can be done, what changed, and how to undo it.

Read from top to bottom: ``part`` (what all of it stands on), ``changing`` and ``undo`` (changes
that can be taken back), ``working`` (imports, exports, checks), ``library`` (opening, closing, and
what others write to the store).
"""

from __future__ import annotations

from scrubber.models.library.changing import ForkRequest
from scrubber.models.library.library import Library

__all__ = ["ForkRequest", "Library"]
