"""The timeline pane: every event of a session on one axis, and the playhead between them."""

from scrubber.ui.timeline.timeline import Timeline
from scrubber.ui.timeline.transport import Transport

__all__ = ["Timeline", "Transport"]
