"""harn's log of agent events, ``event_log-<id>.jsonl`` with its rotated parts.

Read from top to bottom: ``segments`` (the parts as one stream), ``events`` (what a line tells),
this file (reading), ``event_writer``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, Mark, Role, Visibility, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.amounts import ms_of
from scrubber.formats.base import FoundPlace, Reader
from scrubber.formats.containers import Stamp, files_stamp
from scrubber.formats.harn import segments
from scrubber.formats.harn.events import event_of, pieces_of
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import ObjectLinesReader, piece_content
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON, Content
    from scrubber.formats.jsonl import Line
    from scrubber.formats.object_lines import Object

_ENVELOPE = ("index", "emitted_at_ms", "type", "session_id")
_REMEMBERED = 100_000
_TITLE_LENGTH = 90
_PARTING = (Kind.TURN_START, Kind.TURN_END, Kind.TOOL_RESULT, Kind.CONTEXT)
"""Kinds between two messages of the model."""


class EventLogReader(ObjectLinesReader):
    """Reads one log; events of another session in it have a log of their own."""

    goes_on = True

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._lines = segments.HoledLineReader()
        self._main: str | None = None
        self._titled: set[str] = set()
        self._last = -1
        self._seen: dict[int, int] = {}
        self._digest = 0
        self._turns = 0
        self._calls: dict[tuple[str, str], int] = {}
        self._announced: set[tuple[str, str]] = set()
        """Calls whose arguments were still coming in."""
        name = segments.session_of(path) or path.stem
        self.infos[""] = SessionInfo(native_id=name, title=f"event log {name}")

    def _line(self, line: Line) -> list[Draft]:
        self._digest = hash(line.raw.strip())
        return super()._line(line)

    def tell(self, record: Object) -> list[Draft]:
        """The event of a line."""
        event = event_of(record)
        log, ts = self._log_of(event), _time_of(record)
        info = self.infos[log]
        info.saw(ts)
        (piece,) = pieces_of(record)
        draft = draft_of(0, piece, piece.block, self._group(piece.kind, piece.role))
        draft.ts, draft.log = ts, log
        draft.marks |= self._repeated(record)
        if draft.marks & Mark.DUPLICATE:
            draft.visibility = Visibility.HIDDEN  # logged twice, said once
        if event.get("parsing") is True and draft.call_id is not None:
            self._announced.add((log, f"{Kind.TOOL_CALL.label} {draft.call_id}"))
        self._follow_call(draft)
        is_prompt = draft.kind is Kind.MESSAGE and draft.role is Role.USER and draft.text
        if is_prompt and log not in self._titled:
            info.title = one_line(piece.block.text, _TITLE_LENGTH)
            self._titled.add(log)
        return [draft]

    def _log_of(self, event: Object) -> str:
        session = text_or_none(event.get("session_id"))
        if session is None or session == self._main:
            return ""
        if self._main is None:
            self._main = self.infos[""].native_id = session
            return ""
        self.infos.setdefault(session, SessionInfo(native_id=session, title=session))
        return session

    def _group(self, kind: Kind, role: Role) -> str:
        """Chunks and calls between two turns, or results, are one message of the model."""
        if kind in _PARTING or role is Role.USER:
            self._turns += 1
        return f"turn-{self._turns}"

    def _repeated(self, record: Object) -> Mark:
        """Tell of an index that stood before, or is missing: the log was begun anew, or torn."""
        index = record.get("index")
        if not isinstance(index, int):
            return Mark.NONE
        last, self._last = self._last, index
        before = self._seen.get(index)
        self._seen[index] = self._digest
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        if before is not None:
            self.warn(f"index {index} stood in the log before: it was begun anew")
        elif last >= 0 and index > last + 1:
            self.warn(f"indices {last + 1} to {index - 1} are missing")
        return Mark.DUPLICATE if before == self._digest else Mark.NONE

    def _follow_call(self, draft: Draft) -> None:
        """A call that is told again, or whose result is, is no second one."""
        if draft.call_id is None or draft.kind not in (Kind.TOOL_CALL, Kind.TOOL_RESULT):
            return
        key = (draft.log, f"{draft.kind.label} {draft.call_id}")
        call = (draft.log, f"{Kind.TOOL_CALL.label} {draft.call_id}")
        if draft.marks & Mark.ERROR and call not in self._calls and call in self._announced:
            # Its arguments never came in whole: the model has made no such call.
            draft.kind, draft.role, draft.visibility = Kind.ERROR, Role.NONE, Visibility.UI_ONLY
            return
        if key not in self._calls:
            self._calls[key] = self.length(draft.log)
        elif draft.kind is Kind.TOOL_CALL:
            draft.kind, draft.visibility = Kind.MIRROR, Visibility.HIDDEN
            draft.ref, draft.role, draft.group_id = self._calls[key], Role.NONE, None


def _time_of(record: Object) -> int | None:
    payload = record.get("payload")
    moments = (
        record.get("emitted_at_ms"),
        payload.get("index_hint") if isinstance(payload, dict) else None,
        record.get("occurred_at_ms"),
    )
    given = next((moment for moment in moments if isinstance(moment, int)), None)
    return ms_of(given / 1000) if given is not None and given < 1e14 else None


class HarnEvents:
    """The format of such logs."""

    name = "harn-events"
    title = "harn event log"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at the envelope; also behind damage."""
        return max(map(_likeness, first_values(head.replace(b"\0", b""))), default=0)

    def open(self, path: Path) -> BinaryIO:
        """The log with all its parts."""
        return segments.open_parts(path)

    def unpacks(self, path: Path) -> bool:
        """Whether there are parts behind the first."""
        return bool(segments.later_parts(path))

    def stamp(self, path: Path) -> Stamp:
        """What changes with any part."""
        return files_stamp(path, segments.later_parts(path))

    def belongs_to(self, path: Path) -> Path | None:
        """The first part of a log."""
        return segments.first_of(path)

    def reader(self, path: Path) -> Reader:
        """A reader for a log."""
        return EventLogReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of the event of a line; a damaged one's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """``$HARN_EVENT_LOG_DIR``, if that is set."""
        folder = os.environ.get("HARN_EVENT_LOG_DIR")
        return [FoundPlace(Path(folder), "event_log-*.jsonl")] if folder else []


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict):
        return 0
    if all(key in value for key in _ENVELOPE) and isinstance(value["index"], int):
        return 95
    payload = value.get("payload")
    is_topic = isinstance(payload, dict) and {"index_hint", "session_id", "event"} <= set(payload)
    return 90 if is_topic else 0


FORMAT = HarnEvents()
