"""The recorded results of tool calls, to answer the same calls again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Event, Kind, Mark, Origin, one_line
from scrubber.core.policy import Matching
from scrubber.core.tally import speaks
from scrubber.live.desk import Answer
from scrubber.live.parts import Repeated
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON, Content
    from scrubber.live.sources import Recording
    from scrubber.store import Store

_STEP = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call of the recording, and the event that answers it."""

    call: Event
    key: bytes
    result: Event


class Tape:
    """The results that a recording holds from an index on; each answers one call, in order."""

    def __init__(self, store: Store, recording: Recording | None) -> None:
        self._store = store
        self._recording = recording
        self._entries: list[Recorded] | None = None
        self._used: set[str | None] = set()
        self.was_asked = False

    @property
    def entries(self) -> list[Recorded]:
        """All of them, read when they are first asked for."""
        if self._entries is None:
            self._entries = list(self._read()) if self._recording else []
        return self._entries

    def find(self, call: Event, arguments: JSON, matching: Matching) -> Answer | Repeated | None:
        """What such a call gave; None if the tape does not know it.

        The very call that was recorded is answered by the very event, shared with the recording.
        """
        self.was_asked = True
        entry = self._match(call, arguments, matching)
        if entry is None:
            return None
        self.use(entry.call.call_id)
        if self._recording and entry.call.call_id == call.call_id:
            index = entry.result.index
            return Repeated(self._recording.session, index, index + 1)
        return self._answer(entry)

    def was_left_open(self, call: Event) -> bool:
        """Whether the recording holds this very call, and no result of it: it was interrupted."""
        if self._recording is None or call.call_id is None:
            return False
        if any(entry.call.call_id == call.call_id for entry in self.entries):
            return False
        session = self._recording.session
        return any(one.call_id == call.call_id for one in self._store.open_calls(session))

    def suggest(self, call: Event, arguments: JSON) -> Answer | None:
        """What may serve as the beginning of an answer: the best that is left; uses nothing up."""
        for matching in (Matching.STRICT, Matching.ORDER):
            if entry := self._match(call, arguments, matching):
                return self._answer(entry)
        return None

    def use(self, call_id: str | None) -> None:
        """Note that the recorded result of a call was used."""
        self._used.add(call_id)

    def unused(self) -> list[str]:
        """The calls whose results were not asked for, in words."""
        left = (entry.call for entry in self._left())
        return [one_line(f"{call.name or 'tool'} {call.text}", 80) for call in left]

    def _left(self) -> list[Recorded]:
        return [entry for entry in self.entries if entry.call.call_id not in self._used]

    def _match(self, call: Event, arguments: JSON, matching: Matching) -> Recorded | None:
        left = self._left()
        same = (e for e in left if call.call_id and e.call.call_id == call.call_id)
        named = [e for e in left if e.call.name == call.name]
        key = _key(arguments)
        found = next(same, None) or next((e for e in named if e.key == key), None)
        if found is None and matching is Matching.ORDER:
            return next(iter(named), None)
        return found

    def _answer(self, entry: Recorded) -> Answer:
        content = self._content(entry.result)
        failed = bool(entry.result.marks & Mark.ERROR)
        return Answer(content, failed, Origin.RECORDED, "recorded")

    def _read(self) -> Iterator[Recorded]:
        assert self._recording is not None
        session, at = self._recording.session, self._recording.at
        waiting = {call.call_id: call for call in self._store.open_calls(session, at)}
        length = self._store.session(session).events
        for start in range(at, length, _STEP):
            for event in self._store.events(session, start, start + _STEP):
                if event.kind is Kind.TOOL_CALL and event.call_id and speaks(event):
                    waiting.setdefault(event.call_id, event)
                elif event.kind is Kind.TOOL_RESULT and speaks(event):
                    call = waiting.pop(event.call_id, None)
                    if call is not None:
                        yield Recorded(call, _key(self._content(call).arguments), event)

    def _content(self, event: Event) -> Content:
        assert self._recording is not None
        session = self._store.session(self._recording.session)
        return StoredTranscript(self._store, session, session.events).content(event)


def _key(arguments: JSON) -> bytes:
    """The same for arguments that say the same: the order of an object's keys does not count."""
    return orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
