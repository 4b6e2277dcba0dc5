"""One export to pi while it is written: the way from the root to the cut, as a file of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Event, Kind, Mark, Role
from scrubber.core.grouping import gathered
from scrubber.core.tally import speaks
from scrubber.formats.continuing import UNTOUCHED, OpenCalls, plan_of
from scrubber.formats.pi.chain import Chain, stamp, to_line
from scrubber.formats.pi.made import Maker
from scrubber.formats.pi.pieces import pieces_of
from scrubber.formats.pi.records import Record, is_header, message_of, parse, text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript

NAME = "pi"


class Copy:
    """One export while it is written."""

    def __init__(self, transcript: Transcript, session: str, cwd: str | None) -> None:
        self._transcript = transcript
        self._session = session
        self._cwd = cwd
        self._plan = plan_of(transcript, NAME)
        self._open = OpenCalls(self._plan.unanswered)
        self._chain = Chain(session, transcript.session.created)
        self._maker = Maker(transcript)
        self._calls: set[str] = set()
        self._named: str | None = None

    def lines(self) -> Iterator[bytes]:
        """The lines of the file."""
        yield to_line(self._header())
        for unit in self._units():
            yield from self._unit(unit)
        yield from self._close()
        title = self._transcript.session.title
        if title and title != self._named:
            yield self._chain.made({"type": "session_info", "name": title}, None, "name")

    def _header(self) -> Record:
        now, source = time.time_ns() // 1_000_000, self._transcript.session.source
        header = {"type": "session", "version": 3, "id": self._session, "timestamp": stamp(now)}
        header |= {"cwd": self._cwd} if self._cwd else {}
        return header | ({"parentSession": source} if source else {})

    def _units(self) -> Iterator[list[Event]]:
        """The events that one entry is made of: those of one message, or of one entry of pi's."""
        unit: list[Event] = []
        for event in gathered(self._plan.survey.kept(self._transcript.events())):
            if unit and not self._belongs(event, unit[-1]):
                yield unit
                unit = []
            unit.append(event)
        if unit:
            yield unit

    def _belongs(self, event: Event, last: Event) -> bool:
        """Whether an event is of the same entry as the one in front of it."""
        if event.group_id is not None and event.group_id == last.group_id:
            return event.kind is not Kind.TOOL_RESULT
        if (event.source, event.record) != (last.source, last.record):
            return False
        is_summary = event.kind is last.kind is Kind.COMPACTION
        return is_summary or (self._is_native(event) and self._is_native(last))

    def _is_native(self, event: Event) -> bool:
        return self._transcript.format_of(event) == NAME

    def _unit(self, unit: list[Event]) -> Iterator[bytes]:
        native = next((event for event in unit if self._is_native(event)), None)
        record = parse(self._transcript.raw(native)) if native is not None else None
        if all(map(self._is_native, unit)):
            if record is not None and not is_header(record) and not unit[0].marks & Mark.DUPLICATE:
                yield from self._native(unit, record)
        elif unit[0].role is Role.ASSISTANT and unit[0].kind is not Kind.COMPACTION:
            yield from self._answer(unit, record)
        else:
            yield from self._fresh(unit)

    def _native(self, unit: list[Event], record: Record) -> Iterator[bytes]:
        """An entry of pi: as it is, but for its place, or what the cut leaves of it."""
        is_whole = len(unit) == len(pieces_of(record))
        if message_of(record).get("role") == "assistant":
            yield from self._answer(unit, record, is_whole)
        elif is_whole or record.get("type") != "compaction":
            # A compaction that is cut before its summary did not happen yet.
            yield from self._close(unit[0])
            yield self._copied(record, unit)

    def _copied(self, record: Record, unit: list[Event]) -> bytes:
        entry = dict(record)
        for event in unit:
            self._open.note(event)
        if record.get("type") == "session_info":
            self._named = text_or_none(record.get("name"))
        if message_of(record).get("role") == "hookMessage":
            entry["message"] = record["message"] | {"role": "custom"}
        if record.get("type") == "compaction":
            entry["firstKeptEntryId"] = self._first_kept(record, unit[0])
            entry.pop("firstKeptEntryIndex", None)
        raw = self._transcript.raw(unit[0]) if entry == record else b""
        return self._chain.copied(entry, unit[0], raw)

    def _first_kept(self, record: Record, event: Event) -> str:
        """The entry that a compaction keeps first, or what stands in its place here."""
        own, named = self._chain.own_id(record, event), record.get("firstKeptEntryId")
        if named == own or self._chain.knows(named):
            return str(named)
        if event.ref is None:
            return own
        return self._chain.behind(event.index - (event.seq - event.ref)) or own

    def _answer(
        self, unit: list[Event], record: Record | None, is_whole: bool = False
    ) -> Iterator[bytes]:
        """What a model said, in one entry; without its reasoning if it was edited."""
        yield from self._close(unit[0])
        is_edited = any(event.origin not in UNTOUCHED for event in unit)
        said = [event for event in unit if not (is_edited and event.kind is Kind.REASONING)]
        for event in said:
            self._open.note(event)
            self._calls.add(event.call_id or "")
        if record is not None:
            self._maker.learn(message_of(record))
            if is_whole and not is_edited:
                yield self._copied(record, unit)
                return
        if blocks := [block for event in said if (block := self._block(event)) is not None]:
            entry = {"type": "message", "message": self._said(blocks, record, unit)}
            own = text_or_none((record or {}).get("id"))
            yield self._chain.made(entry, unit[0], "said", own)

    def _said(self, blocks: list[Record], record: Record | None, unit: list[Event]) -> Record:
        usage = next((event.usage for event in unit if event.usage), None)
        made = self._maker.answer(blocks, usage, self._chain.time(unit[0]))
        kept = message_of(record or {}) | {"content": blocks}
        if kept.get("stopReason") == "toolUse":
            kept["stopReason"] = made["stopReason"]
        return made | kept

    def _block(self, event: Event) -> Record | None:
        if not self._is_native(event):
            return self._maker.block(event) if speaks(event) else None
        pieces = pieces_of(parse(self._transcript.raw(event)) or {})
        block: Any = pieces[event.part].block if 0 <= event.part < len(pieces) else None
        return block if isinstance(block, dict) and event.role is Role.ASSISTANT else None

    def _fresh(self, unit: list[Event]) -> Iterator[bytes]:
        """Events of other formats, and those made here, as entries of their own."""
        said = [event for event in unit if self._is_sayable(event)]
        summary = said[-1] if said and said[-1].kind is Kind.COMPACTION else None
        for event in [summary, *said[:-1]] if summary is not None else said:
            yield from self._close(event)
            self._open.note(event)
            if event is summary:
                yield self._summary(event)
            elif (message := self._message(event)) is not None:
                yield self._chain.made({"type": "message", "message": message}, event, "said")

    def _is_sayable(self, event: Event) -> bool:
        if not speaks(event) or event.role in (Role.SYSTEM, Role.DEVELOPER):
            return False
        return event.kind is not Kind.TOOL_RESULT or (event.call_id or "") in self._calls

    def _message(self, event: Event) -> Record | None:
        ts = self._chain.time(event)
        if event.kind is Kind.TOOL_RESULT:
            return self._maker.result(event, ts)
        return self._maker.user(event, ts)

    def _summary(self, event: Event) -> bytes:
        """Another agent's compaction: it keeps nothing of what was before."""
        own = self._chain.new_id(event, "said")
        text = self._transcript.content(event).text
        facts = {"type": "compaction", "summary": text, "firstKeptEntryId": own, "tokensBefore": 0}
        return self._chain.made(facts, event, "said")

    def _close(self, before: Event | None = None) -> Iterator[bytes]:
        """Answer the calls that nothing answers, in front of what follows their message."""
        for call in self._open.due(before):
            message = self._maker.interrupted(call, self._chain.now)
            yield self._chain.made({"type": "message", "message": message}, call, "interrupted")
