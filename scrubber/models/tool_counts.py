"""Which tools a branch calls, and how many of their results its recording still holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.events import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore

_STEP = 2_000


@dataclass(frozen=True, slots=True)
class ToolCount:
    """One tool, by the name that the model calls it."""

    name: str
    calls: int
    """In the branch so far."""
    ahead: int
    """In the recording, behind the point that the branch has reached."""


def count_tools(store: OpenStore, session: str) -> list[ToolCount]:
    """The tools of a branch and of what it was forked from, those called most first."""
    from scrubber.live.sources import recording_of

    found = store.session(session)
    here = Counter(_calls(store, found.id, 0, found.events))
    recording, ahead = recording_of(store.store, found.id), Counter[str]()
    if recording is not None:
        length = store.session(recording.session).events
        ahead = Counter(_calls(store, recording.session, recording.at, length))
    names = sorted(here.keys() | ahead.keys(), key=lambda name: (-here[name] - ahead[name], name))
    return [ToolCount(name, here[name], ahead[name]) for name in names]


def _calls(store: OpenStore, session: str, start: int, stop: int) -> Iterator[str]:
    for first in range(start, stop, _STEP):
        for event in store.events(session, first, min(first + _STEP, stop)):
            if event.kind is Kind.TOOL_CALL and event.name:
                yield event.name
