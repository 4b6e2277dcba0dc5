"""What people write beside a transcript: bookmarks, labels, notes; a branch's purpose and outcome.

They stand beside events, never in them: whatever is written, the events stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args
from zlib import crc32

from scrubber.core.errors import BadArgumentError

NoteKind = Literal["bookmark", "label", "note"]
KINDS: tuple[NoteKind, ...] = get_args(NoteKind)

COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "grey")
"""The names of the colours that labels have; what shades they are, the window decides."""

VERDICTS = {"confirmed": "✓", "refuted": "✗", "unclear": "?"}
"""What a branch told of its hypothesis, and the sign that stands for it."""

_LABEL_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Note:
    """A bookmark, a label or a note on an event, as one session sees it."""

    id: str
    kind: NoteKind
    text: str
    """Of a note its words, of a label its name, of a bookmark nothing."""
    session: str | None
    """The session in which it was written; None if that was deleted for good."""
    index: int | None
    """The event's position in the session that was asked for (0…N-1). None: the evidence has
    changed, its source was rewritten and the event is no longer there."""
    was_at: int
    """The event's position in the session in which it was written, then."""
    excerpt: str
    """What the event said, in short."""
    created: int
    updated: int
    """Milliseconds since 1970, UTC."""

    @property
    def is_changed(self) -> bool:
        """Whether the event that it was written on is gone."""
        return self.index is None


@dataclass(frozen=True, slots=True)
class Label:
    """A label that is in use, or has a colour."""

    name: str
    colour: str
    uses: int
    """How many events and sessions have it."""


def colour_of(name: str) -> str:
    """The colour of a label that nobody gave one: always the same for a name."""
    return COLOURS[crc32(name.encode()) % len(COLOURS)]


def checked_label(name: str) -> str:
    """A label's name as it is kept: on one line, and short."""
    words = " ".join(name.split())
    if not words or len(words) > _LABEL_LENGTH:
        raise BadArgumentError(f"a label has 1 to {_LABEL_LENGTH} characters, {name!r} has not")
    return words


def checked_colour(colour: str) -> str:
    """The colour, if there is one of that name."""
    if colour not in COLOURS:
        raise BadArgumentError(f"there is no colour {colour!r} for labels: {', '.join(COLOURS)}")
    return colour


def checked_verdict(verdict: str) -> str:
    """The verdict, if it is one; an empty one takes it back."""
    if verdict and verdict not in VERDICTS:
        raise BadArgumentError(f"there is no verdict {verdict!r}: {', '.join(VERDICTS)}")
    return verdict
