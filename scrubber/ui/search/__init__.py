"""The search over all sessions: the box, its help, and what was found."""

from __future__ import annotations

from scrubber.ui.search.pane import SearchPane

__all__ = ["SearchPane"]
