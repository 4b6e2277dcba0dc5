"""One export to Gemini CLI while it is written: what stands in the file, in which order."""

from __future__ import annotations

import hashlib
from heapq import merge
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Event, Mark
from scrubber.core.messages import Message, messages
from scrubber.formats.gemini_cli.kept import NAME, SHOWN, plan_of
from scrubber.formats.gemini_cli.made import iso
from scrubber.formats.gemini_cli.saying import Sayer, to_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript


class Copy:
    """One export while it is written."""

    def __init__(self, transcript: Transcript, session: UUID, now_ms: int) -> None:
        self._transcript = transcript
        self._session = session
        self._now = iso(now_ms)
        self._plan = plan_of(transcript)
        self._sayer = Sayer(transcript, self._plan, session)

    def lines(self) -> Iterator[bytes]:
        """The lines of the file.

        What a summary stands for is written in front of it, for people: the client forgets it at
        the ``$set.messages`` that holds the summary, as it does at its own.
        """
        yield to_line(self._header())
        if self._plan.directories:
            yield to_line({"$set": {"directories": self._plan.directories}})
        start = self._plan.survey.summary
        if start:
            yield from self._said(_Front(self._transcript, start), 0, honours=False)
            yield to_line({"$set": {"messages": list(self._summary())}})
        yield from self._said(self._transcript, self._plan.summary_end + 1, honours=bool(start))
        title = self._transcript.session.title
        named = {"summary": title} if title else {}
        yield to_line({"$set": {"lastUpdated": self._now, **named}})

    def _header(self) -> dict[str, Any]:
        """The first record; the client deletes sessions that were not used for a month."""
        root = self._transcript.session.cwd or ""
        digest = self._plan.facts.get("projectHash") or hashlib.sha256(root.encode()).hexdigest()
        return {
            "sessionId": str(self._session),
            "projectHash": digest,
            "startTime": self._now,
            "lastUpdated": self._now,
            "kind": "main",
        }

    def _summary(self) -> Iterator[Any]:
        """The messages up to and with the last summary, as the model sees them."""
        for message in messages(self._transcript, honour_compaction=True):
            if message.start > self._plan.summary_end:
                return
            line = self._sayer.message(message)
            if line is not None:
                yield orjson.loads(line)

    def _said(self, transcript: Transcript, start: int, honours: bool) -> Iterator[bytes]:
        """The messages from an index on, and between them what the client shows."""
        told: Iterator[Message | Event] = messages(transcript, honours)
        shown = (event for event in transcript.events() if self._is_shown(event))
        for item in merge(told, shown, key=_place):
            line = self._line(item) if _place(item) >= start else None
            if line is not None:
                yield line

    def _line(self, item: Message | Event) -> bytes | None:
        if isinstance(item, Event):
            return self._sayer.shown(item)
        return self._sayer.message(item)

    def _is_shown(self, event: Event) -> bool:
        if event.kind not in SHOWN or event.marks & Mark.DUPLICATE:
            return False
        is_dropped = self._plan.survey.is_dropped(event.index)
        return not is_dropped and self._transcript.format_of(event) == NAME


def _place(item: Message | Event) -> int:
    return item.index if isinstance(item, Event) else item.start


class _Front:
    """Another transcript up to an index."""

    def __init__(self, inner: Transcript, index: int) -> None:
        self._inner = inner
        self.session = inner.session
        self.index = index

    def events(self) -> Iterator[Event]:
        return (event for event in self._inner.events() if event.index < self.index)

    def content(self, event: Event) -> Content:
        return self._inner.content(event)

    def raw(self, event: Event) -> bytes:
        return self._inner.raw(event)

    def format_of(self, event: Event) -> str:
        return self._inner.format_of(event)
