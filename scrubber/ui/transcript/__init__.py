"""The transcript: an endless page of events that lays out only what is looked at."""

from scrubber.ui.transcript.view import TranscriptView

__all__ = ["TranscriptView"]
