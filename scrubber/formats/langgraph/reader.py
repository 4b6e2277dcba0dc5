"""Derives events from the lines of LangGraph's checkpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, Role, Visibility, one_line
from scrubber.core.session import Branch, SessionInfo, Spawn
from scrubber.formats.base import Reading, parse_time
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.langgraph.messages import (
    Row,
    Told,
    checkpoint_of,
    model_of,
    told_of,
    usage_of,
)
from scrubber.formats.pieces import damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABOUT_RECORD = -1


@dataclass(slots=True)
class _Place:
    """Where a checkpoint stands: its log, how long that was then, and its messages there.

    ``messages`` (log, start, end) is shared by checkpoints that only add to it; the first ``count``
    are this one's.
    """

    log: str
    end: int
    messages: list[tuple[str, int, int]] = field(default_factory=list)
    count: int = 0


class LangGraphReader:
    """Reads one database; a thread is a session, and so are its branches and subgraphs."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._lengths: dict[str, int] = {}
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._tips: dict[str, str] = {}
        """The last checkpoint of each log."""
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The checkpoints in their order."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))

    def _line(self, line: Line) -> list[Draft]:
        checkpoint = checkpoint_of(line.value)
        if checkpoint is not None:
            if "fault" in checkpoint:
                self.warnings.append((line.number, f"a checkpoint: {checkpoint['fault']}"))
            return self._checkpoint(checkpoint)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        self.warnings.append((line.number, line.problem or "no checkpoint"))
        draft = damaged_draft(line.raw)
        draft.part = _ABOUT_RECORD
        self.infos.setdefault("", SessionInfo())
        return self._enter("", [draft])

    def _checkpoint(self, row: Row) -> list[Draft]:
        thread, space, name = (str(row.get(key) or "") for key in ("thread", "ns", "id"))
        before = self._places.get((thread, space, str(row.get("parent"))))
        keep = row["keep"] if type(row.get("keep")) is int else 0
        keep = max(min(keep, before.count), 0) if before is not None else 0
        log, rewinds = self._log_of(row, before, keep)
        ts = parse_time(row.get("ts"))
        told = told_of(row)
        drafts = list(rewinds)
        for part, one in enumerate(told):
            is_first = part == 0 or told[part - 1].message != one.message
            drafts.append(self._draft(part, one, row, log, is_first))
        for draft in drafts:
            draft.ts = ts
        self.infos[log].saw(ts)
        self._note(log, before, keep, drafts, told)
        place = self._places[thread, space, name] = self._next
        self._tips[log] = name
        drafts = self._enter(log, drafts)
        place.end = self._lengths[log]
        return drafts

    def _log_of(self, row: Row, before: _Place | None, keep: int) -> tuple[str, list[Draft]]:
        """(log, rewind) that a checkpoint goes on with; a fork begins a log of its own."""
        if before is None:
            return self._begin(row, None, 0), []
        if self._tips.get(before.log) != str(row.get("parent")):
            return self._begin(row, before, keep), []
        if keep == before.count:
            return before.log, []
        log, start, _ = before.messages[keep]
        if log != before.log:
            return self._begin(row, before, keep), []  # what it drops is not of its own log
        text = "messages were taken out, or changed, from here on"
        shown = Visibility.UI_ONLY
        draft = Draft(Kind.REWIND, text, visibility=shown, ref=start, part=_ABOUT_RECORD)
        return log, [draft]

    def _begin(self, row: Row, before: _Place | None, keep: int) -> str:
        thread, space = str(row.get("thread") or ""), str(row.get("ns") or "")
        log = f"{thread}/{space}" if space else thread
        if log in self.infos:
            log = f"{log}@{row.get('id')}"
        info = self.infos[log] = SessionInfo(native_id=log)
        if before is not None and keep == before.count:
            info.branch = Branch(before.log, before.end)
        elif before is not None and keep:
            held, _, end = before.messages[keep - 1]
            info.branch = Branch(held, end)
        elif space:
            self._spawn(info, row, thread, space)
        return log

    def _spawn(self, info: SessionInfo, row: Row, thread: str, space: str) -> None:
        """A subgraph hangs below the checkpoint that was there when it began."""
        metadata = row.get("metadata")
        parents = metadata.get("parents") if isinstance(metadata, dict) else None
        names = sorted(parents, key=len, reverse=True) if isinstance(parents, dict) else []
        info.relation, info.agent = "subagent", str(info.native_id)
        info.parent_native_id = thread
        info.title = space.rpartition("|")[2].partition(":")[0]
        for outer in names:
            place = self._places.get((thread, outer, str(parents[outer]))) if parents else None
            if place is not None:
                info.parent_native_id = self.infos[place.log].native_id
                spawn = Spawn(max(place.end - 1, 0), None, info.title)
                self.infos[place.log].spawns[info.agent] = spawn
                return

    def _draft(self, part: int, told: Told, row: Row, log: str, is_first: bool) -> Draft:
        info, piece = self.infos[log], told.piece
        message = row["messages"][told.message] if told.message >= 0 else None
        usage = usage_of(message) if is_first and piece.role is Role.ASSISTANT else None
        draft = draft_of(part, piece, told.content, usage=usage)
        if piece.role is Role.ASSISTANT and told.message >= 0:
            draft.group_id = f"{row.get('id')}:{told.message}"
            info.model = model_of(message) or info.model
        if not info.title and piece.kind is Kind.MESSAGE and piece.role is Role.USER:
            info.title = one_line(draft.text, 90)
        return draft

    def _note(
        self, log: str, before: _Place | None, keep: int, drafts: list[Draft], told: list[Told]
    ) -> None:
        """Remember where the messages of a checkpoint stand."""
        start = self._lengths.get(log, 0)
        kept = before.messages if before is not None else []
        is_shared = before is not None and keep == len(kept)
        messages = kept if is_shared else kept[:keep]
        first: dict[int, list[int]] = {}
        for number, draft in enumerate(drafts, start):
            message = told[draft.part].message if draft.part >= 0 else -1
            if message >= 0:
                first.setdefault(message, []).append(number)
        messages += [(log, places[0], places[-1] + 1) for places in first.values()]
        self._next = _Place(log, start, messages, len(messages))

    def _enter(self, log: str, drafts: list[Draft]) -> list[Draft]:
        for draft in drafts:
            draft.log = log
        self._lengths[log] = self._lengths.get(log, 0) + len(drafts)
        return drafts
