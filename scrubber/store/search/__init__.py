"""The full-text index: a file beside the store that holds no text, and what is asked of it."""

from __future__ import annotations

from scrubber.store.search.index import SearchIndex

__all__ = ["SearchIndex"]
