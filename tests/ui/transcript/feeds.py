"""Feeds for the transcript's tests: in memory, lazily generated, or arriving late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Content, Text
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Visibility
from scrubber.models.event_feed import EventFeed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

START = 1_717_000_000_000
"""Time of the first event, milliseconds since 1970."""


def event(
    index: int,
    kind: Kind = Kind.MESSAGE,
    text: str = "",
    role: Role = Role.NONE,
    visibility: Visibility = Visibility.IN_CONTEXT,
    origin: Origin = Origin.RECORDED,
    marks: Mark = Mark.NONE,
    name: str | None = None,
    call_id: str | None = None,
    group_id: str | None = None,
    ref: int | None = None,
) -> Event:
    """An event at a place, with what the transcript looks at."""
    return Event(
        index=index, log=1, seq=index, source=1, record=index, part=0, kind=kind, role=role,
        visibility=visibility, origin=origin, marks=marks, ts=START + index * 4_200, name=name,
        call_id=call_id, group_id=group_id, ref=ref, size=len(text), text=text[:160],
    )  # fmt: skip


class ListFeed(EventFeed):
    """All events at hand."""

    def __init__(self, items: Iterable[tuple[Event, Content]] = ()) -> None:
        super().__init__()
        self.items = list(items)

    def __len__(self) -> int:
        return len(self.items)

    def event_at(self, index: int) -> Event | None:
        return self.items[index][0]

    def content_at(self, index: int) -> Content | None:
        return self.items[index][1]

    def add(self, *items: tuple[Event, Content]) -> None:
        """Let the session grow."""
        self.items.extend(items)
        self.grown.emit(len(self.items))


class LateFeed(ListFeed):
    """Events that are at hand only after :meth:`arrive`."""

    def __init__(self, items: Iterable[tuple[Event, Content]], here: Iterable[int] = ()) -> None:
        super().__init__(items)
        self.here = set(here)
        self.asked: set[int] = set()

    def event_at(self, index: int) -> Event | None:
        self.asked.add(index)
        return super().event_at(index) if index in self.here else None

    def content_at(self, index: int) -> Content | None:
        return super().content_at(index) if index in self.here else None

    def arrive(self, first: int, last: int) -> None:
        """Make a stretch available."""
        self.here.update(range(first, last))
        self.loaded.emit(first, last)


class MadeFeed(EventFeed):
    """A session of any length, made where it is looked at."""

    def __init__(self, length: int, make: Callable[[int], tuple[Event, Content]]) -> None:
        super().__init__()
        self.length = length
        self.make = make

    def __len__(self) -> int:
        return self.length

    def event_at(self, index: int) -> Event | None:
        return self.make(index)[0]

    def content_at(self, index: int) -> Content | None:
        return self.make(index)[1]


def says(index: int, text: str, role: Role = Role.USER) -> tuple[Event, Content]:
    """A message."""
    return event(index, Kind.MESSAGE, text, role), Content((Text(text),))


def talk(count: int, lines: int = 3) -> list[tuple[Event, Content]]:
    """You and the model taking turns, a few lines each."""
    text = "\n\n".join(f"Line {line} of what was said." for line in range(lines))
    roles = (Role.USER, Role.ASSISTANT)
    return [says(i, f"Turn {i}.\n\n{text}", roles[i % 2]) for i in range(count)]
