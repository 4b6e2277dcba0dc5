"""The session tree: filter, order, rows of two lines."""

from scrubber.ui.tree.pane import TreePane

__all__ = ["TreePane"]
