"""Derives events from the lines of ``llm``'s log."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.events import Draft, Kind, Mark, Role, Visibility, one_line
from scrubber.core.session import Branch, SessionInfo
from scrubber.formats.base import Reading, parse_time
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.llm_logs.calls import Row, Told, row_of, told_of, usage_of
from scrubber.formats.pieces import damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABOUT_RECORD = -1


class LlmReader:
    """Reads one log; each conversation or thread is a session."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._lengths: dict[str, int] = {}
        self._ends: dict[str, tuple[str, int]] = {}
        """For each message, its log and where it ends there."""
        self._tips: dict[str, int] = {}
        """Where the context of each log ends that the next call goes on from."""
        self._last: dict[tuple[str, bool], str] = {}
        """What a call of each log was last given: tools (True), a system prompt (False)."""
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The calls in their order."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))

    def _line(self, line: Line) -> list[Draft]:
        row = row_of(line.value)
        if row is not None:
            return self._call(row)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        self.warnings.append((line.number, line.problem or "no call of a model"))
        draft = damaged_draft(line.raw)
        draft.part = _ABOUT_RECORD
        return self._enter("", [draft])

    def _call(self, row: Row) -> list[Draft]:
        log = str(row.get("thread_id") or row.get("conversation_id") or row.get("id"))
        rewinds = self._go_on(log, row)
        info, told = self._info(log, row), told_of(row)
        ts = parse_time(row.get("datetime_utc"))
        info.saw(ts)
        drafts = rewinds + [
            self._draft(part, one, log, row)
            for part, one in enumerate(told)
            if not self._repeats(one, log)
        ]
        for draft in drafts:
            draft.ts = ts
        if not info.title:
            asked = (d.text for d in drafts if d.kind is Kind.MESSAGE and d.role is Role.USER)
            info.title = one_line(next(asked, ""), 90)
        self._note(log, drafts, told)
        return self._enter(log, drafts)

    def _info(self, log: str, row: Row) -> SessionInfo:
        if log not in self.infos:
            self.infos[log] = SessionInfo(native_id=log)
        info = self.infos[log]
        named = row.get("thread") or row.get("conversation")
        name = named.get("name") if isinstance(named, dict) else None
        if not info.title and isinstance(name, str):
            info.title = one_line(name, 200)
        model = row.get("resolved_model") or row.get("model")
        info.model = model if isinstance(model, str) else info.model
        return info

    def _go_on(self, log: str, row: Row) -> list[Draft]:
        """Begin a session where another is left, or leave what a call does not go on from."""
        place = self._ends.get(str(row.get("base")))
        if log not in self.infos:
            info = self.infos[log] = SessionInfo(native_id=log)
            if place is not None:
                info.branch = Branch(*place)
            return []
        here = place[1] if place is not None and place[0] == log else 0
        if "thread_id" not in row or here >= self._tips.get(log, 0):
            return []
        text = "the conversation goes on from an earlier message"
        shown = Visibility.UI_ONLY
        return [Draft(Kind.REWIND, text, visibility=shown, ref=here, part=_ABOUT_RECORD)]

    def _draft(self, part: int, told: Told, log: str, row: Row) -> Draft:
        piece = told.piece
        usage = usage_of(row) if piece.kind is Kind.MODEL_CALL else None
        draft = draft_of(part, piece, told.content, usage=usage)
        if piece.kind is not Kind.TOOL_RESULT and told.message:
            draft.group_id = f"{log}#{told.message}"
        if told.content.images:
            draft.marks |= Mark.IMAGE
        if piece.name == "tools" and isinstance(piece.block, list):
            names = [str(tool.get("name")) for tool in piece.block if isinstance(tool, dict)]
            draft.text = one_line(f"{len(names)} tools: {', '.join(names)}")
        return draft

    def _repeats(self, told: Told, log: str) -> bool:
        """Whether a call has the tools, or (in the older log) the system prompt of the last one."""
        piece = told.piece
        is_old = piece.role is Role.SYSTEM and told.message.endswith("-system")
        if piece.name != "tools" and not is_old:
            return False
        key, value = (log, piece.name == "tools"), repr(piece.block)
        was, self._last[key] = self._last.get(key), value
        return was == value

    def _note(self, log: str, drafts: list[Draft], told: list[Told]) -> None:
        start = self._lengths.get(log, 0)
        for number, draft in enumerate(drafts, start + 1):
            message = told[draft.part].message if draft.part >= 0 else ""
            if message:
                self._ends[message] = log, number
        self._tips[log] = start + len(drafts)

    def _enter(self, log: str, drafts: list[Draft]) -> list[Draft]:
        self.infos.setdefault(log, SessionInfo(native_id=log or None))
        for draft in drafts:
            draft.log = log
        self._lengths[log] = self._lengths.get(log, 0) + len(drafts)
        return drafts
