"""The pane that tells everything about the event in front of the playhead."""

from scrubber.ui.inspector.inspector import Inspector

__all__ = ["Inspector"]
