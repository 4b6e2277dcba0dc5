"""What is known of a session as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Relation = Literal["root", "fork", "subagent", "continuation"]
"""How a session came to be: read from a source, forked, spawned by another's tool call, …"""

Status = Literal["completed", "active", "paused", "error", "timeout", "stopped"]


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation of an agent, with its lineage. Times are milliseconds since 1970, UTC."""

    id: str
    title: str
    format: str
    relation: str
    parent: str | None
    forked_at: int | None
    """Events shared with the parent, for forks; the spawning event's index, for sub-agents. None
    where that is not known; of a fork whose parent is not here, how many of its own are copies."""
    status: str
    model: str | None
    cwd: str | None
    native_id: str | None
    source: str | None
    """The file it was read from, None for what was made here."""
    events: int
    messages: int
    errors: int
    tokens: int
    created: int
    updated: int
    revision: int
    """Rises with every change of the session; see ConflictError."""
    note: str
    trashed: int | None
    children: int
    """Forks and sub-agents directly below it."""
    labels: tuple[str, ...] = ()
    """Sorted by name."""
    hypothesis: str = ""
    """What a branch is to find out."""
    verdict: str = ""
    """What it told: ``confirmed``, ``refuted``, ``unclear``, or nothing yet."""
    reason: str = ""
    """Why that is the verdict."""

    @property
    def may_grow(self) -> bool:
        """Whether it may be extended: it was made here, and no file says what it is."""
        return self.source is None and (self.relation == "fork" or self.format == "scrubber")


@dataclass(slots=True)
class SessionInfo:
    """What a reader learns about the session of one of its logs, while it reads."""

    title: str = ""
    native_id: str | None = None
    parent_native_id: str | None = None
    """The session that spawned this one, or that it is a fork of, by the id that its own source
    uses."""
    shared: int | None = None
    """Of a fork in a file of its own (``relation`` fork): how many of its first events are copies
    of its parent's, as far as is known."""
    agent: str | None = None
    """This sub-agent's id in the parent's spawn records."""
    relation: Relation = "root"
    model: str | None = None
    cwd: str | None = None
    created: int | None = None
    updated: int | None = None
    file_time: int | None = None
    """When the source was last written: stands in where its records have no times."""
    spawns: dict[str, Spawn] = field(default_factory=dict)
    """Sub-agents that this session started, by their ids."""
    branch: Branch | None = None
    """Where this log leaves another log of the same source, if it does. To be known before the
    first event of the log is given, and never to change."""

    def saw(self, ts: int | None) -> None:
        """Widen the session's time span to include a moment."""
        if ts is None:
            return
        if self.created is None or ts < self.created:
            self.created = ts
        if self.updated is None or ts > self.updated:
            self.updated = ts


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a log leaves another: its session begins with that one's first events, then its own.

    What the other log branches off from comes in front of it, so a tree of any depth is told.
    """

    log: str
    """Key of the other log, which has these events by now."""
    at: int
    """How many of the other log's own events are shared: the position of the first that is not."""


@dataclass(slots=True)
class Spawn:
    """A sub-agent's time at work: from one event of the log up to another, by position."""

    start: int
    stop: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operation changed; broadcast once, every view updates from it."""

    added: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.added | other.added, self.changed | other.changed, self.removed | other.removed
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @classmethod
    def joined(cls, several: Iterable[Changes]) -> Changes:
        """All of them; costs their size, where adding one after the other would cost its square."""
        each = list(several)
        return cls(
            frozenset().union(*(one.added for one in each)),
            frozenset().union(*(one.changed for one in each)),
            frozenset().union(*(one.removed for one in each)),
        )
