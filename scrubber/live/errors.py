"""What can go wrong while a branch runs, in words that a user can act on."""

from __future__ import annotations

from scrubber.core.errors import ScrubberError


class ProviderError(ScrubberError):
    """A model could not be asked, or broke off; the message says what to do about it.

    ``retryable``: trying again may help, and nothing was received yet that would come twice.
    ``after_seconds``: how long the provider asks to wait, if it says so.
    """

    def __init__(
        self, message: str, *, retryable: bool = False, after_seconds: float | None = None
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.after_seconds = after_seconds


class UnmatchedError(ScrubberError):
    """The recording does not fit the branch (any more): the message says where and why."""


class RecordingEndedError(ScrubberError):
    """All of the recording was played."""


class NeedsPersonError(ScrubberError):
    """Somebody has to answer, and nobody is there."""
