"""A conversation of a service as a tree of nodes, each with the events that it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from scrubber.core.content import Content, Data
from scrubber.core.events import Kind, Role
from scrubber.formats.base import parse_time
from scrubber.formats.pieces import HIDDEN, Piece

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_LATEST_S = 10**11


class Told(NamedTuple):
    """One event of a node, with its content. ``group``: the message that it is a part of."""

    piece: Piece
    content: Content
    ts: int | None = None
    group: str | None = None


@dataclass(slots=True)
class Node:
    """A message of the tree; ``parent`` None: it begins a way of its own."""

    id: str
    parent: str | None
    told: list[Told] = field(default_factory=list)
    model: str | None = None
    is_orphan: bool = False
    """Whether its parent is named, and not there."""


@dataclass(slots=True)
class Conversation:
    """What a service's module makes of one conversation; nodes in the order they are to be told."""

    id: str | None
    title: str
    created: int | None
    updated: int | None
    model: str | None
    nodes: list[Node]


class Service(Protocol):
    """What differs between the services."""

    def is_conversation(self, value: JSON) -> bool:
        """Whether a value is one of its conversations."""
        ...

    def conversation(self, value: JSON) -> Conversation:
        """The conversation; the first way that is told is the one that was shown last."""
        ...


def facts_node(value: dict[str, JSON], told_elsewhere: frozenset[str]) -> Node:
    """What is known of the conversation as a whole, so that nothing of it is invisible."""
    rest = {key: item for key, item in value.items() if key not in told_elsewhere}
    piece = Piece(Kind.SESSION_START, Role.NONE, HIDDEN, None)
    return Node("", None, [Told(piece, Content((Data(rest),)))])


def millis(value: object) -> int | None:
    """A time of an export in milliseconds: seconds since 1970, or ISO 8601."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return parse_time(value)
    return int(value * 1000) if 0 < value < _LATEST_S else None


def text_or_none(value: Any) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def dict_of(value: Any) -> dict[str, Any]:
    """An object; empty where it is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """A list; empty where it is none."""
    return value if isinstance(value, list) else []


def day(ts: int | None) -> str:
    """A date, to name what has no name."""
    return datetime.fromtimestamp(ts / 1000, UTC).date().isoformat() if ts is not None else ""
