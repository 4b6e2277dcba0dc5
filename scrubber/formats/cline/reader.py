"""Derives events from the records of a task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Mark, Role, Usage, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.cline.pieces import Record, pieces_of, request_of
from scrubber.formats.object_lines import ObjectLinesReader
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from pathlib import Path

_TITLE_LENGTH = 90
_TASK = re.compile(r"<(task|user_message)>\s*(?P<said>.*?)\s*(?:</|$)")
_FOLDERS = ("workspace", "cwdOnTaskInitialization")
_COUNTS = ("tokensIn", "cacheReads", "cacheWrites", "tokensOut")


class ClineReader(ObjectLinesReader):
    """Reads one task."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._condensed: int | None = None
        self.infos[""] = SessionInfo(native_id=path.parent.name)

    def tell(self, record: Record) -> list[Draft]:
        """The events of a record."""
        if record.get("cline") == "task":
            self._learn(record)
        ts = _time(record)
        self.infos[""].saw(ts)
        group = f"m{record.get('index')}"
        drafts = [
            draft_of(part, piece, piece.block, group)
            for part, piece in enumerate(pieces_of(record))
        ]
        for draft in drafts:
            draft.ts = ts
            self._entitle(draft)
            if draft.marks & Mark.DAMAGED:
                self.warn("a message that cannot be read")
        drafts[0].usage = _usage(request_of(record))
        self._condense(record, drafts)
        return drafts

    def _learn(self, record: Record) -> None:
        info = self.infos[""]
        if isinstance(name := record.get("id"), str) and name:
            info.native_id = name
        history, metadata = record.get("history"), record.get("metadata")
        if isinstance(history, dict):
            self._look_up(history)
        models = metadata.get("model_usage") if isinstance(metadata, dict) else None
        for used in models if isinstance(models, list) else ():
            if isinstance(used, dict) and isinstance(model := used.get("model_id"), str):
                info.model = model

    def _look_up(self, history: Record) -> None:
        """Learn from the entry of the task in the list of tasks, as Roo keeps it."""
        info = self.infos[""]
        if isinstance(title := history.get("task"), str) and title.strip():
            info.title = one_line(title, _TITLE_LENGTH)
        parent = history.get("parentTaskId")
        if isinstance(parent, str) and parent:
            info.relation, info.parent_native_id = "subagent", parent
            info.agent = info.native_id
        for key in _FOLDERS:
            if isinstance(folder := history.get(key), str) and folder:
                info.cwd = folder

    def _entitle(self, draft: Draft) -> None:
        info = self.infos[""]
        if not info.title and draft.kind is Kind.MESSAGE and draft.role is Role.USER:
            found = _TASK.search(draft.text)
            info.title = one_line(found["said"] if found else draft.text, _TITLE_LENGTH)

    def _condense(self, record: Record, drafts: list[Draft]) -> None:
        """A summary stands for the messages that say so, as Roo marks them."""
        message = record.get("message")
        is_part = isinstance(message, dict) and "condenseParent" in message
        if is_part and self._condensed is None:
            self._condensed = self.length()
        for draft in drafts:
            if draft.kind is Kind.COMPACTION:
                draft.ref, self._condensed = self._condensed, None


def _time(record: Record) -> int | None:
    message: Any = record.get("message")
    given = message.get("ts") if isinstance(message, dict) else None
    ts = given if given is not None else record.get("ts")
    return ts if isinstance(ts, int) and 0 < ts < 2**43 else None


def _usage(request: Record) -> Usage | None:
    counts = [request.get(key) for key in _COUNTS]
    input, read, written, output = (
        min(count, 2**40) if isinstance(count, int) and count > 0 else 0 for count in counts
    )
    cost = request.get("cost")
    is_cost = isinstance(cost, (int, float)) and 0 < cost < 2**30
    if not (input or read or written or output or is_cost):
        return None
    micros = round(float(cost) * 1_000_000) if is_cost and cost is not None else None
    return Usage(input, read, written, output, context=input + read + written, cost_micros=micros)
