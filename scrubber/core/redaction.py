"""What a review of secrets finds, and what shall be written in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scrubber.core.errors import ScrubberError
from scrubber.core.hashing import blake2b

MAX_SPOTS = 50
"""Places told of one secret; of more only their number is."""

SHORTEST = 6
"""Characters that a secret has at least: what is shorter stands everywhere by chance."""


class LeakError(ScrubberError):
    """What was to be replaced would have been written all the same; nothing was."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a secret: an event, and what stands around it."""

    session: str
    index: int | None
    """The event's position; None: beside the events, as in a title, or in a record without any."""
    before: str
    after: str


@dataclass(slots=True)
class Finding:
    """A secret, or what looks like one, or what the user wants replaced."""

    kind: str
    """What it is, in a word: ``aws-access-key``, ``private-key``, ``own``."""
    value: str
    number: int
    """Which of its kind, from 1, in the order in which they were found."""
    sure: bool
    """False: it only looks like one, for the name that it is assigned to."""
    replace: bool
    """What is chosen; from the start, what is sure."""
    count: int = 0
    """How many records and texts hold it."""
    spots: list[Spot] = field(default_factory=list)

    @property
    def placeholder(self) -> str:
        """What is written in its place; the same for the same secret."""
        return f"[REDACTED:{self.kind}:{self.number}]"

    @property
    def digest(self) -> str:
        """Names it in a list of choices without telling it."""
        return blake2b(self.value.encode(errors="surrogatepass"), digest_size=16).hexdigest()

    @property
    def masked(self) -> str:
        """Enough of it to know it again, not enough to use it."""
        shown = min(4, len(self.value) // 6)
        first = " ".join(self.value[:shown].split())
        return f"{first}…{self.value[-shown:] if shown else ''} ({len(self.value)} characters)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user adds to what the scanner finds."""

    texts: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()


_NO_SECRET = re.compile(
    r"(?i)redacted|example|placeholder|dummy|changeme|your[-_ ]|my[-_]|xxx|\*\*\*|\.\.\.|…"
    r"|[<>{}$%]|^(.)\1*$|^(?:test|fake|none|null|true|false|undefined)\b"
)

_SURELY_NONE = re.compile(r"(?i)redacted|example|placeholder|changeme|your_|xxxxxx|\*\*\*|\.\.\.|…")
"""Of a key whose form tells what it is: no less, for in long ones ``xxx`` stands by chance."""


def is_placeholder(value: str, sure: bool = False) -> bool:
    """Whether a value only stands where a secret would; ``sure``: it has the form of a key."""
    return (_SURELY_NONE if sure else _NO_SECRET).search(value) is not None
