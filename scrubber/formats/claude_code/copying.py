"""One export to Claude Code while it is written: which records, in which chain."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import orjson

from scrubber.core.events import Event, Kind, Mark, Role
from scrubber.core.messages import is_repetition
from scrubber.core.tally import speaks
from scrubber.formats.anthropic_messages import blocks_of_event
from scrubber.formats.claude_code.kept import is_kept, parse, without_parts
from scrubber.formats.claude_code.made import Maker
from scrubber.formats.continuing import OpenCalls, plan_of
from scrubber.formats.resuming import renamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript
    from scrubber.formats.claude_code.pieces import Record

NAME = "claude-code"
_DELETED = ("teamName", "agentName", "agentId", "slug", "sourceToolAssistantUUID")
_NAMED = {"message", "uuid", "parentUuid", "sessionId", "forkedFrom", "logicalParentUuid"}
"""Fields that got their new ids by themselves, or must stay as they are."""

_ENVELOPE = ("userType", "entrypoint", "cwd", "version", "gitBranch")


def has_seal(transcript: Transcript, event: Event) -> bool:
    """Whether the signature of an event of another format may be one of Anthropic's."""
    return transcript.format_of(event) in ("anthropic", "scrubber")


class Copy:
    """One export while it is written."""

    def __init__(self, transcript: Transcript, session: UUID) -> None:
        self._transcript = transcript
        self._session = session
        self._plan = plan_of(transcript, NAME)
        self._new: dict[str, str | None] = {}
        """For each uuid of the source the new one, or that of its nearest kept ancestor."""
        self._calls: dict[str, str] = {}
        self._open = OpenCalls(self._plan.unanswered)
        self._last: str | None = None
        self._maker = Maker(transcript.session, session, self._plan)

    def lines(self) -> Iterator[bytes]:
        """The lines of the file."""
        kept = self._plan.survey.kept(self._transcript.events())
        for (_, _, is_native), group in groupby(kept, self._record_of):
            events = list(group)
            for record in self._native(events) if is_native else self._fresh(events):
                yield _line(record)
        for record in self._close():
            yield _line(record)
        if title := self._transcript.session.title:
            told = {"type": "custom-title", "customTitle": title, "sessionId": str(self._session)}
            yield _line(told)

    def _record_of(self, event: Event) -> tuple[int, int, bool]:
        return event.source, event.record, self._transcript.format_of(event) == NAME

    def _native(self, events: list[Event]) -> Iterator[Record]:
        """A record of Claude Code: as it is but for its place in the file."""
        record = parse(self._transcript.raw(events[0]))
        if record.get("type") == "content-replacement":
            yield renamed(record, self._new) | {"sessionId": str(self._session)}
            return
        parts = [event for event in events if event.part >= 0 and not event.marks & Mark.DUPLICATE]
        said = [event for event in parts if not self._is_stale(event)]
        old = record.get("uuid")
        if not said or not is_kept(record):
            self._skip(record, parts)
            return
        if not isinstance(old, str):
            yield from self._fresh(said)
            return
        closing = list(self._close(said[0]))
        yield from closing
        parent = self._last if closing else self._parent_of(record)
        yield self._copied(record, said, parent)

    def _copied(self, record: Record, said: list[Event], parent: str | None) -> Record:
        old = record["uuid"]
        new = self._new[old] = str(uuid5(self._session, f"{old} {said[0].part}"))
        copied = without_parts(record, [event.part for event in said])
        copied = {key: value for key, value in copied.items() if key not in _DELETED}
        session = record.get("sessionId")
        if isinstance(session, str):
            self._new.setdefault(session, str(self._session))
        origin = {"sessionId": session, "messageUuid": old}
        copied |= {"parentUuid": parent, "uuid": new, "isSidechain": False}
        copied |= {"sessionId": str(self._session), "forkedFrom": origin}
        if isinstance(logical := record.get("logicalParentUuid"), str):
            copied["logicalParentUuid"] = self._new.get(logical, parent)
        for key in copied.keys() - _NAMED:
            copied[key] = renamed(copied[key], self._new)
        copied["timestamp"] = self._maker.rising(record.get("timestamp"))
        self._maker.envelope |= {key: record[key] for key in _ENVELOPE if key in record}
        self._note(said, new)
        return copied

    def _is_stale(self, event: Event) -> bool:
        """Whether it is reasoning of a message that was edited: its seal is no longer valid."""
        return event.kind is Kind.REASONING and event.group_id in self._plan.edited

    def _skip(self, record: Record, parts: list[Event]) -> None:
        """Leave a record out; those below it hang on what it hung on."""
        old, parent = record.get("uuid"), record.get("parentUuid")
        if isinstance(old, str) and old not in self._new and parts:
            self._new[old] = self._new.get(parent, self._last) if parent else self._last

    def _parent_of(self, record: Record) -> str | None:
        """The new uuid of its parent; where that is not there, of what stands in front of it.

        Only a compaction begins anew: the client forgets what no parent leads to.
        """
        parent = record.get("parentUuid")
        if parent is None and record.get("subtype") == "compact_boundary":
            return None
        return self._new.get(parent, self._last) if isinstance(parent, str) else self._last

    def _fresh(self, events: list[Event]) -> Iterator[Record]:
        """Events of other formats, and those made here, as records of their own."""
        for event in events:
            if not speaks(event) or is_repetition(event):
                continue
            if event.role in (Role.SYSTEM, Role.DEVELOPER):
                continue
            seal = has_seal(self._transcript, event) and not self._is_stale(event)
            blocks = blocks_of_event(event, self._transcript.content(event), seal)
            if blocks:
                yield from self._close(event)
                yield self._made(event, blocks)

    def _made(self, event: Event, blocks: list[Any]) -> Record:
        new = str(uuid5(self._session, f"{event.source} {event.record} {event.part}"))
        parent = self._last
        if event.kind is Kind.TOOL_RESULT:
            parent = self._calls.get(event.call_id or "", self._last)
        self._note([event], new)
        return self._maker.said(event, blocks, new, parent)

    def _close(self, before: Event | None = None) -> Iterator[Record]:
        """Answer the calls that nothing answers, in front of what follows their message."""
        for call in self._open.due(before):
            new = str(uuid5(self._session, f"interrupted {call.call_id}"))
            parent = self._calls.get(call.call_id or "", self._last)
            self._last = new
            yield self._maker.interrupted(call, new, parent)

    def _note(self, events: list[Event], new: str) -> None:
        """Remember what was written, for what follows it."""
        self._last = new
        for event in events:
            if event.kind is Kind.TOOL_CALL and event.call_id:
                self._calls[event.call_id] = new
            self._open.note(event)


def _line(record: Record) -> bytes:
    return orjson.dumps(record) + b"\n"
