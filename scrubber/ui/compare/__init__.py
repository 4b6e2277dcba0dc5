"""The page that shows branches side by side."""

from scrubber.ui.compare.page import ComparePage

__all__ = ["ComparePage"]
