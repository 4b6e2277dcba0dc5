"""The verbs of the window, in ``importing``, ``sessions``, ``views``; ``table`` binds actions."""

from scrubber.ui.commands.table import Commands

__all__ = ["Commands"]
