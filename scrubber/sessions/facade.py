"""Everything that a runtime can do with its sessions, as one object."""

from __future__ import annotations

from scrubber.sessions.envelopes import Envelopes
from scrubber.sessions.graphs import Graphs
from scrubber.sessions.works import Works


class Sessions(Envelopes, Graphs, Works):
    """The sessions of one store as an agent runtime handles them: ``open_store().runtime``."""
