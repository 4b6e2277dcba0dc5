"""Errors that name their culprit. Whatever a user can cause has one of these."""

from __future__ import annotations


class ScrubberError(Exception):
    """Something could not be done; the message says what, and to what."""


class UnknownSessionError(ScrubberError, LookupError):
    """No session has this id, or several begin with it."""


class BadArgumentError(ScrubberError, ValueError):
    """An argument is out of its range, or a message or file is not as it must be."""


class ConflictError(ScrubberError):
    """The session is not as the caller last saw it; nothing was changed."""


class PausedError(ScrubberError):
    """The session is paused: nothing runs on it until it is resumed."""


class OvertakenError(ConflictError):
    """Another program reads the same source into the store, and was quicker."""


class StoreError(ScrubberError):
    """The store file cannot be used: locked, full, damaged, or of a newer version."""


class FormatError(ScrubberError, ValueError):
    """A file is not what its format asks for; the message names file, line and reason."""


class CancelledError(ScrubberError):
    """The work was cancelled; what was done up to then is kept."""
