"""A transcript in which every call that the conversation went on from has its result.

Agents are interrupted: real sessions hold calls that nothing ever answered, and results whose
call is in another file. Model providers refuse both. Calls at the very end stay open: whether to
close those is asked where a session is forked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.content import text_content
from scrubber.core.events import Event, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED, is_opening, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript

_MADE_UP = -100
"""Part of the results that are made up here; no record has it."""


class ClosedTranscript:
    """Another transcript, its abandoned calls answered as interrupted, its stray results gone."""

    def __init__(self, inner: Transcript) -> None:
        self._inner = inner
        self.session = inner.session
        self.index = inner.index
        self._answered = {event.call_id for event in inner.events() if _is_result(event)}
        self.closed = self.stray = 0
        """Calls answered here, and results left out, so far as the events were read."""

    def events(self) -> Iterator[Event]:
        """The events, with results in front of the message that a call was abandoned for."""
        self.closed = self.stray = 0
        known: set[str] = set()
        waiting: list[Event] = []
        for event in self._inner.events():
            if _is_result(event) and event.call_id and event.call_id not in known:
                self.stray += 1
                continue
            if waiting and is_opening(event) and event.group_id != waiting[0].group_id:
                self.closed += len(waiting)
                yield from map(_interrupted, waiting)
                waiting = []
            if event.kind is Kind.TOOL_CALL and event.call_id and speaks(event):
                known.add(event.call_id)
                if event.call_id not in self._answered:
                    waiting.append(event)
            yield event

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        return text_content(INTERRUPTED) if _is_made_up(event) else self._inner.content(event)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record; of a made-up result, those of the call's."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return "scrubber" if _is_made_up(event) else self._inner.format_of(event)


def _is_result(event: Event) -> bool:
    return event.kind is Kind.TOOL_RESULT and speaks(event)


def _is_made_up(event: Event) -> bool:
    return event.part == _MADE_UP


def _interrupted(call: Event) -> Event:
    return replace(
        call,
        kind=Kind.TOOL_RESULT,
        role=Role.TOOL,
        origin=Origin.SYNTHETIC,
        marks=Mark.ERROR | Mark.OPENS_MESSAGE,
        group_id=None,
        usage=None,
        part=_MADE_UP,
        text=INTERRUPTED,
        size=len(INTERRUPTED),
    )
