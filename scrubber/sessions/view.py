"""The messages of a session, and where they lie among its events.

An *index* is an exclusive cut between events, a *count* a number of messages; a message may be
several events. Both ways of the mapping are harn's: ``View.index`` is ``branch_event_index``, and
its inverse the length of the view of what stands in front of an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from scrubber.core.content import Content
from scrubber.core.messages import messages
from scrubber.core.slices import SliceList
from scrubber.sessions.messages import GROUP, Said, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.session import Session
    from scrubber.core.transcript import Transcript


@dataclass(frozen=True)
class View:
    """The messages that a model sees of a session, each as its events, in the model's order."""

    transcript: Transcript
    spans: tuple[tuple[Event, ...], ...]

    @property
    def session(self) -> Session:
        """What is known of the session as it was seen."""
        return self.transcript.session

    def __len__(self) -> int:
        return len(self.spans)

    @cached_property
    def said(self) -> list[Said]:
        """The messages, read when they are first asked for; not to be changed."""
        return [said(self.transcript, events) for events in self.spans]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate((events[-1].index + 1 for events in self.spans), max))

    def index(self, count: int) -> int:
        """The exclusive cut behind the first ``count`` messages; the end, if there are fewer."""
        if count <= 0:
            return 0
        return self._ends[count - 1] if count <= len(self.spans) else self.transcript.index

    def without_torn(self, groups: set[str | None]) -> View:
        """The view without messages at its end that go on behind it, in one of these groups."""
        whole = len(self.spans)
        while whole and self.spans[whole - 1][-1].group_id in groups:
            whole -= 1
        return View(self.transcript, self.spans[:whole])

    def first(self, count: int, slices: SliceList) -> SliceList:
        """The slices of the first messages, and of what happened beside them."""
        others = self.spans[count:]
        return _without(slices, 0, self.index(count), others)

    def last(self, count: int, slices: SliceList) -> SliceList:
        """The slices of the last messages, and of what happened since."""
        dropped = self.spans[: len(self.spans) - count] if count else self.spans
        kept = self.spans[len(dropped) :]
        start = min((events[0].index for events in kept), default=self.transcript.index)
        return _without(slices, start, self.transcript.index, dropped)


def _without(
    slices: SliceList, start: int, stop: int, dropped: tuple[tuple[Event, ...], ...]
) -> SliceList:
    """The slices of events start…stop-1, but for those of some messages."""
    holes = sorted(e.index for events in dropped for e in events if start <= e.index < stop)
    pieces = SliceList()
    for hole in holes:
        pieces, start = pieces + slices.between(start, hole), hole + 1
    return pieces + slices.between(start, stop)


def view_of(transcript: Transcript) -> View:
    """The messages of a transcript; costs its length, not its content."""
    groups = (m.items for m in messages(_Bare(transcript), honour_compaction=True))
    return View(transcript, tuple(_joined([event for event, _ in items] for items in groups)))


def _joined(groups: Iterator[list[Event]]) -> Iterator[tuple[Event, ...]]:
    """The groups, with the parts of a message joined that was handed over as one."""
    open_group: list[Event] = []
    for events in groups:
        name = events[0].group_id
        is_part = name is not None and name.startswith(GROUP)
        if open_group and not (is_part and open_group[0].group_id == name):
            yield tuple(open_group)
            open_group = []
        open_group += events
    if open_group:
        yield tuple(open_group)


class _Bare:
    """A transcript of whose events nobody wants the content."""

    def __init__(self, inner: Transcript) -> None:
        self._inner = inner
        self.session, self.index = inner.session, inner.index

    def events(self) -> Iterator[Event]:
        return self._inner.events()

    def content(self, event: Event) -> Content:
        return Content()

    def raw(self, event: Event) -> bytes:
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        return self._inner.format_of(event)
