"""Derives events from the lines of a rollout, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, one_line
from scrubber.core.kinds import MESSAGE, USER
from scrubber.core.session import SessionInfo
from scrubber.core.tally import speaks
from scrubber.formats.base import Reading
from scrubber.formats.codex.agents import lineage
from scrubber.formats.codex.history import History
from scrubber.formats.codex.names import name_of
from scrubber.formats.codex.pieces import entry_pieces
from scrubber.formats.codex.records import Entry, Record, entry_of, inner
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, damaged_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TITLE_LENGTH = 90
_ID_LENGTH = 36


class CodexReader:
    """Reads one rollout."""

    goes_on = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = LineReader()
        self._info = SessionInfo(native_id=path.name.split(".")[0][-_ID_LENGTH:])
        self._history = History(self._info)
        self._has_meta = False
        self._is_copied = False
        self._count = 0
        self._rank = 0
        self.infos: dict[str, SessionInfo] = {"": self._info}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The lines in order."""
        for line in self._lines.read(stream):
            drafts = self._line(line)
            self._count += len(drafts)
            yield Reading(line.raw, drafts)
        if self._lines.pending:
            self.warnings.append((-1, "the last line is incomplete; it is kept until it is whole"))

    def _line(self, line: Line) -> list[Draft]:
        if line.problem is not None:
            why = line.problem or "several JSON objects on one line, read one by one"
            self.warnings.append((line.number, why))
        if isinstance(line.value, dict):
            return self._record(line.value, line.number)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        if line.problem is None:
            self.warnings.append((line.number, "not a JSON object"))
        return [damaged_draft(line.raw)]

    def _record(self, record: Record, number: int) -> list[Draft]:
        entry = entry_of(record)
        is_later_meta = False
        if entry is not None:
            self._info.saw(entry.ts)
            is_later_meta = entry.type == "session_meta" and self._has_meta
            self._facts(entry, number)
        drafts: list[Draft] = []
        for part, piece in enumerate(entry_pieces(entry, record)):
            if is_later_meta:  # a fork begins with its parent's lines, facts and all
                piece = piece._replace(visibility=HIDDEN)
            drafts += self._history.events(self._count + len(drafts), part, piece)
        for number, draft in enumerate(drafts, self._count + 1):
            draft.ts = entry.ts if entry else None
            self._name(draft)
            if self._is_copied and entry is not None:
                self._share(draft, entry.payload, number)
        return drafts

    def _facts(self, entry: Entry, number: int) -> None:
        """What a line tells of the session as a whole."""
        payload = entry.payload
        if entry.type == "session_meta" and not self._has_meta:
            self._has_meta = True
            self._meta(payload, number)
        elif entry.type == "turn_context":
            self._info.model = text_or_none(payload.get("model")) or self._info.model
            self._info.cwd = self._info.cwd or text_or_none(payload.get("cwd"))
        elif payload.get("type") == "thread_name_updated":
            self._entitle(text_or_none(payload.get("thread_name")), 3)

    def _meta(self, meta: Record, number: int) -> None:
        self._info.native_id = text_or_none(meta.get("id")) or self._info.native_id
        self._info.cwd = text_or_none(meta.get("cwd")) or self._info.cwd
        lineage(meta, self._info)
        self._entitle(name_of(self._path, self._info.native_id), 3)
        base = inner(meta, "history_base")
        self._is_copied = self._info.relation == "fork" and not base
        if thread := text_or_none(base.get("thread_id")):
            upto = base.get("end_ordinal_exclusive")
            why = f"it only holds what came after line {upto} of {thread}"
            self.warnings.append((number, why))

    def _share(self, draft: Draft, payload: Record, events: int) -> None:
        """A fork begins with its parent's lines, up to the first turn of its own.

        Ids are UUIDs of version 7 and so in the order of time; other turns are the parent's.
        """
        turn, own = str(payload.get("turn_id")), self._info.native_id or ""
        if draft.kind is Kind.TURN_START and len(turn) == len(own) and turn > own:
            self._is_copied = False
        elif draft.kind is Kind.TURN_END or speaks(draft):
            self._info.shared = events

    def _name(self, draft: Draft) -> None:
        """The first prompt names a session that has no name."""
        if draft.kind is MESSAGE and draft.role is USER:
            self._entitle(text_or_none(draft.text), 2)

    def _entitle(self, title: str | None, rank: int) -> None:
        if title and (rank > self._rank or rank == self._rank == 3):
            self._info.title, self._rank = one_line(title, _TITLE_LENGTH), rank
