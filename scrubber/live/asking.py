"""A conversation with a question at its end that is no part of the branch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.core.content import text_content
from scrubber.core.events import Event, Kind, Mark, Origin, Role
from scrubber.core.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript
    from scrubber.live.provider import Request

_QUESTION = -200
"""Part of the event that is the question; no record has it."""


def asking(request: Request, stop: int, question: str) -> Request:
    """The first ``stop`` messages of a request, then a question of the user's; no tools."""
    last = request.messages[stop - 1].items[-1][0]
    event = replace(
        last,
        kind=Kind.MESSAGE,
        role=Role.USER,
        origin=Origin.SYNTHETIC,
        marks=Mark.OPENS_MESSAGE,
        group_id=None,
        call_id=None,
        name=None,
        usage=None,
        part=_QUESTION,
        text=question,
        size=len(question),
    )
    asked = Message(Role.USER, ((event, text_content(question)),))
    transcript = _WithQuestion(request.transcript, event)
    params = replace(request.params, max_tokens=None, stop=())
    return replace(
        request,
        transcript=transcript,
        messages=(*request.messages[:stop], asked),
        tools=(),
        params=params,
    )


class _WithQuestion:
    """A transcript that ends with an event of no record."""

    def __init__(self, inner: Transcript, event: Event) -> None:
        self._inner = inner
        self._event = event
        self.session = inner.session
        self.index = event.index + 1

    def events(self) -> Iterator[Event]:
        """Those up to the question, and the question."""
        for event in self._inner.events():
            if event.index > self._event.index:
                break
            yield event
        yield self._event

    def content(self, event: Event) -> Content:
        """The whole content of an event."""
        if event.part == _QUESTION:
            return text_content(self._event.text)
        return self._inner.content(event)

    def raw(self, event: Event) -> bytes:
        """The bytes of its record; of the question, those of the event before it."""
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        """Name of the format of its record."""
        return "scrubber" if event.part == _QUESTION else self._inner.format_of(event)
