"""Derives events from the rows of the Agents SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from scrubber.core.events import Draft, Kind, Role, one_line
from scrubber.core.session import Branch, SessionInfo
from scrubber.formats.agents_sdk.items import Row, Told, item_of, table_of, told_of, usage_of
from scrubber.formats.agents_sdk.rows import STRUCTURE, USAGE
from scrubber.formats.base import Reading, parse_time
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.pieces import damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAIN = "main"


class AgentsReader:
    """Reads the sessions of one database; each branch is a session, too."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._lengths: dict[str, int] = {}
        self._runs: dict[str, int] = {}
        self._shared: dict[str, list[tuple[int, int]]] = {}
        """For each branch, (message, where it ends in the log that holds it), in order."""
        self._holders: dict[int, str] = {}
        """The log that holds a message."""
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The rows in their order."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))

    def _line(self, line: Line) -> list[Draft]:
        if table_of(line.value):
            return self._row(line)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        self.warnings.append((line.number, line.problem or "no row of a session"))
        draft = damaged_draft(line.raw)
        draft.part = -1
        return self._enter("", [draft])

    def _row(self, line: Line) -> list[Draft]:
        record: Any = line.value
        row: Row = record["row"]
        table, session = record["table"], str(row.get("session_id") or "")
        branch = str(row.get("branch_id") or _MAIN)
        log = session if branch == _MAIN else f"{session}/{branch}"
        told = told_of(record)
        message = row.get("message_id")
        if table == STRUCTURE and not told and isinstance(message, int):
            ends = dict(self._shared.get(self._holders.get(message, ""), []))
            self._shared.setdefault(log, []).append((message, ends.get(message, 0)))
            return []
        if log not in self.infos:
            self._begin(log, session, branch)
        found = item_of(record) if table != USAGE else None
        ts = parse_time((found[1] if found else row).get("created_at"))
        drafts = [self._draft(part, one, log, ts) for part, one in enumerate(told)]
        if table == USAGE and drafts:
            drafts[0].usage = usage_of(row)
        drafts = self._enter(log, drafts)
        if isinstance(message, int):
            self._holders.setdefault(message, log)
            self._shared.setdefault(log, []).append((message, self._lengths[log]))
        return drafts

    def _begin(self, log: str, session: str, branch: str) -> None:
        """A session begins; a branch leaves the session that holds what it shares."""
        info = self.infos[log] = SessionInfo(native_id=session)
        if branch == _MAIN:
            return
        info.title = f"{self.infos[session].title} · {branch}" if session in self.infos else branch
        shared = self._shared.get(log, [])
        holder = self._holders.get(shared[-1][0]) if shared else None
        if holder is not None:
            info.branch = Branch(holder, shared[-1][1])

    def _draft(self, part: int, told: Told, log: str, ts: int | None) -> Draft:
        info, piece = self.infos[log], told.piece
        info.saw(ts)
        if piece.role in (Role.USER, Role.TOOL):
            self._runs[log] = self._runs.get(log, 0) + 1
        draft = draft_of(part, piece, told.content, f"{log}#{self._runs.get(log, 0)}")
        draft.ts = ts
        if not info.title and piece.kind is Kind.MESSAGE and piece.role is Role.USER:
            info.title = one_line(draft.text, 90)
        return draft

    def _enter(self, log: str, drafts: list[Draft]) -> list[Draft]:
        self.infos.setdefault(log, SessionInfo(native_id=log or None))
        for draft in drafts:
            draft.log = log
        self._lengths[log] = self._lengths.get(log, 0) + len(drafts)
        return drafts
