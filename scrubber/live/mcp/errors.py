"""What can go wrong with a server, in words that complete "server NAME: …"."""

from __future__ import annotations

from scrubber.core.errors import ScrubberError


class ServerError(ScrubberError):
    """A server cannot be used; the message says why, and never holds a secret."""
