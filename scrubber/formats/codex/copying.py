"""One export to Codex while it is written: which lines, and what is said in between."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from scrubber.core.events import Event, Kind, Role
from scrubber.core.tally import speaks
from scrubber.formats.codex.compacting import Compacting
from scrubber.formats.codex.kept import NAME, outline_of
from scrubber.formats.codex.lines import Lines
from scrubber.formats.codex.made import Maker, call_id
from scrubber.formats.codex.records import Entry, Record, entry_of, parse
from scrubber.formats.continuing import OpenCalls
from scrubber.formats.responses_items import answers_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.transcript import Transcript
    from scrubber.formats.codex.facts import Address


_NOT_COPIED = ("session_meta", "state")


class Copy:
    """One export while it is written."""

    def __init__(self, transcript: Transcript, address: Address) -> None:
        self._transcript = transcript
        self._outline = outline_of(transcript)
        self._open = OpenCalls(self._outline.plan.unanswered)
        self._maker = Maker()
        self._lines = Lines(self._outline.meta, transcript.session, address)
        self._compacting: Compacting | None = None
        self._known: set[str] = set()
        self._answer: str | None = None
        """What the model said last, if that is not what Codex recorded."""

    def lines(self) -> Iterator[bytes]:
        """The lines of the file."""
        prompt = self._outline.prompt
        yield self._lines.first(self._transcript.content(prompt).text if prompt else None)
        kept = self._outline.plan.survey.kept(self._transcript.events())
        for (_, _, is_native), group in groupby(kept, self._record_of):
            events = [event for event in group if not self._outline.is_left_out(event, is_native)]
            if events:
                yield from self._native(events) if is_native else self._fresh(events)
        yield from self._compacted()
        yield from self._close()

    def _record_of(self, event: Event) -> tuple[int, int, bool]:
        return event.source, event.record, self._transcript.format_of(event) == NAME

    def _native(self, events: list[Event]) -> Iterator[bytes]:
        """A line of Codex: as it is, but for what it says of its own place."""
        raw = self._transcript.raw(events[0])
        record = parse(raw)
        entry = entry_of(record) if record else None
        events = [event for event in events if event.part >= 0]
        if record is None or entry is None or not events or entry.type in _NOT_COPIED:
            return
        if entry.type == "compacted":
            if events[0].part == 0 or self._compacting is None:
                yield from self._compacted()
                yield from self._close(next(filter(speaks, events), None))
                self._compacting = Compacting(record, raw)
            self._compacting.keep(events)
            return
        yield from self._compacted()
        if entry.type in ("response_item", "inter_agent_communication"):
            yield from self._said(events, entry, raw, record)
        else:
            yield self._lines.copied(raw, record, self._told(entry, events[0]))

    def _said(
        self, events: list[Event], entry: Entry, raw: bytes, record: Record
    ) -> Iterator[bytes]:
        """An item of the history; a result without its call is one that Codex would drop, too."""
        first = events[0]
        if first.part > 0:
            return  # the rest of an item that was written with its first part
        if first.kind is Kind.TOOL_RESULT and first.call_id not in self._known:
            return
        yield from self._close(first)
        self._maker.learn(entry.payload)
        self._note(first, answers_itself(entry.payload))
        if first.kind is Kind.MESSAGE and first.role is Role.ASSISTANT:
            self._answer = None
        yield self._lines.copied(raw, record)

    def _told(self, entry: Entry, event: Event) -> dict[str, str] | None:
        """What a line beside the history must say now: the end of a turn repeats its answer."""
        if event.kind is Kind.TURN_START:
            self._answer = None
        if event.kind is not Kind.TURN_END or self._answer is None:
            return None
        told = {"last_agent_message": self._answer}
        return told if entry.payload.get("last_agent_message") else None

    def _fresh(self, events: list[Event]) -> Iterator[bytes]:
        """Events of other formats, and those made here, as lines of their own."""
        for event in events:
            content = self._transcript.content(event)
            if event.kind is Kind.TOOL_RESULT and call_id(event) not in self._known:
                continue
            item = self._maker.item(event, content)
            if item is None:
                continue
            if event.kind is Kind.COMPACTION and self._compacting is not None:
                self._compacting.add(item)
                continue
            yield from self._compacted()
            yield from self._close(event)
            self._note(event)
            if event.kind is Kind.MESSAGE and event.role is Role.ASSISTANT:
                self._answer = content.text
            yield from self._lines.made(event, item)

    def _compacted(self) -> Iterator[bytes]:
        """The compaction that was begun, once all of it is known."""
        if self._compacting is not None:
            yield from self._compacting.lines(self._lines)
            self._compacting = None

    def _close(self, before: Event | None = None) -> Iterator[bytes]:
        """Answer the calls that nothing answers, in front of what follows their message."""
        for call in self._open.due(before):
            yield self._lines.item(self._maker.interrupted(call))

    def _note(self, event: Event, is_answered: bool = False) -> None:
        if event.kind is Kind.TOOL_CALL:
            self._known.add(call_id(event))
        self._open.note(event, is_answered)
