"""Readers run without a store: what they derive, as a session that writers can be given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Event, Kind
from scrubber.core.messages import messages
from scrubber.core.session import Session
from scrubber.core.tally import Tally
from scrubber.formats import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.content import Content
    from scrubber.core.transcript import Transcript
    from scrubber.formats.base import Reader, Reading

OWN_SOURCE = 99


@dataclass
class Read:
    """A file that was read."""

    format: str
    reader: Reader
    readings: list[Reading]

    @property
    def raw(self) -> bytes:
        return b"".join(reading.raw for reading in self.readings) + self.reader.pending

    def drafts(self, log: str = "") -> list[Draft]:
        return [d for reading in self.readings for d in reading.drafts if d.log == log]

    @property
    def logs(self) -> list[str]:
        return list(dict.fromkeys(d.log for reading in self.readings for d in reading.drafts))


def read(format: str, data: bytes, path: str = "file.jsonl") -> Read:
    reader = registry.get(format).reader(Path(path))
    return Read(format, reader, list(reader.read(BytesIO(data))))


class FakeTranscript:
    """One log of a file up to an index; ``change`` puts events made here in other's places."""

    def __init__(self, source: Read, log: str = "", index: int | None = None) -> None:
        self._raws = [reading.raw for reading in source.readings]
        self._format = source.format
        self._own: list[bytes] = []
        self._events = _events(source, log)
        self.index = len(self._events) if index is None else index
        info = source.reader.infos.get(log)
        self.session = _session(source.format, info.title if info else "", len(self._events))

    def events(self) -> Iterator[Event]:
        for index, event in enumerate(self._events[: self.index]):
            yield replace(event, index=index)

    def content(self, event: Event) -> Content:
        return registry.get(self.format_of(event)).content(self.raw(event), event.part)

    def raw(self, event: Event) -> bytes:
        return (self._own if event.source == OWN_SOURCE else self._raws)[event.record]

    def format_of(self, event: Event) -> str:
        return "scrubber" if event.source == OWN_SOURCE else self._format

    def change(self, start: int, stop: int, made: Sequence[tuple[Draft, Content]]) -> None:
        """Put events made here in the place of start…stop-1."""
        from scrubber.formats import own

        fresh = []
        for draft, content in made:
            self._own.append(own.encode(draft, content))
            record = len(self._own) - 1
            fresh.append(_event(draft, OWN_SOURCE, record, OWN_SOURCE, record))
        self._events[start:stop] = fresh
        self.index += len(fresh) - (stop - start)


def _events(source: Read, log: str) -> list[Event]:
    tally = Tally()
    found: list[Event] = []
    number = source.logs.index(log) if log in source.logs else 0
    for record, reading in enumerate(source.readings):
        for draft in reading.drafts:
            if draft.log == log:
                found.append(_event(tally.enter(draft), 1, record, number, len(found)))
    return found


def _event(draft: Draft, source: int, record: int, log: int, seq: int) -> Event:
    return Event(
        seq, log, seq, source, record, draft.part, draft.kind, draft.role, draft.visibility,
        draft.origin, draft.marks, draft.ts, draft.name, draft.call_id, draft.group_id, draft.ref,
        draft.size, draft.text, draft.usage,
    )  # fmt: skip


def _session(format: str, title: str, events: int) -> Session:
    return Session(
        id="s1", title=title, format=format, relation="root", parent=None, forked_at=None,
        status="completed", model="a-model", cwd="/home/me/project", native_id="native",
        source="file.jsonl", events=events, messages=0, errors=0, tokens=0, created=1_000,
        updated=1_000, revision=0, note="", trashed=None, children=0,
    )  # fmt: skip


def write(name: str, transcript: FakeTranscript) -> bytes:
    return b"".join(registry.writer(name).write(transcript))


def said(transcript: Transcript) -> list[tuple[Any, ...]]:
    """What the model sees, told so that two formats can be compared."""
    return [
        (message.role, [_told(event, content) for event, content in message.items])
        for message in messages(transcript)
    ]


def _told(event: Event, content: Content) -> tuple[Any, ...]:
    if event.kind is Kind.TOOL_CALL:
        return (event.kind, event.name, event.call_id, content.arguments)
    if event.kind is Kind.TOOL_RESULT:
        return (event.kind, event.call_id, content.blocks)
    return (event.kind, content.blocks)
