"""Derives events from the records of a Claude Code file, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from scrubber.core.content import Content
from scrubber.core.events import Draft, Kind, Mark, Visibility, mark_of
from scrubber.core.kinds import TOOL_CALL, UNMARKED
from scrubber.core.session import SessionInfo
from scrubber.formats.anthropic_blocks import blocks_of
from scrubber.formats.base import Reading, parse_time
from scrubber.formats.claude_code.agents import AgentTracker, agent_file_info
from scrubber.formats.claude_code.content import piece_content
from scrubber.formats.claude_code.lineage import Lineage, UsageCounter, note_copy
from scrubber.formats.claude_code.pieces import Record, is_prompt, pieces_of
from scrubber.formats.claude_code.titles import TitleFinder
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.pieces import damaged_draft, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ABOUT_REWIND = -1
"""Part number of the event that tells of a rewind: it is about its record, not in it."""
ABOUT_AGENT = -2
"""Part number of the event that tells that a sub-agent started or ended."""

_SIDECHAIN, _DUPLICATE = int(Mark.SIDECHAIN), int(Mark.DUPLICATE)


class ClaudeCodeReader:
    """Reads one session file, or one sub-agent's file."""

    goes_on = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = LineReader()
        self._lineage = Lineage()
        self._usage = UsageCounter()
        self._agents = AgentTracker()
        self._titles = TitleFinder()
        self._lengths: dict[str, int] = {}
        self._agent_file: bool | None = True if path.name.startswith("agent-") else None
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in file order, which is the order of the timeline."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, self._line(line))
        if self._lines.pending:
            self.warnings.append((-1, "the last line is incomplete; it is kept until it is whole"))

    def _line(self, line: Line) -> list[Draft]:
        if line.problem is not None:
            why = line.problem or "several JSON objects on one line, read one by one"
            self.warnings.append((line.number, why))
        if isinstance(line.value, dict):
            return self._record(line.value, line)
        if line.value is None and line.problem is None and not line.raw.strip():
            return []
        if line.problem is None:
            self.warnings.append((line.number, "not a JSON object"))
        return self._enter([damaged_draft(line.raw)], "")

    def _record(self, record: Record, line: Line) -> list[Draft]:
        log = self._log_of(record)
        info = self._info(log, record)
        ts = parse_time(record.get("timestamp"))
        info.saw(ts)
        marks = self._marks(record, line)
        drafts = self._drafts(record, info, log)
        for draft in drafts:
            draft.ts, draft.log = ts, log
        if marks:
            _mark(drafts, marks)
        if record.get("type") == "user" and not marks & _DUPLICATE:
            drafts = self._around(record, drafts, log, line)
        if title := self._titles.see(log, record, drafts):
            info.title = title
        if log and log not in self._lengths:
            info.title = self._agents.adopt(self.infos[""], log, _said(record)) or info.title
        self._enter(drafts, log)
        if "forkedFrom" in record:
            note_copy(record, info, self._lengths[log])
        return drafts

    def _enter(self, drafts: list[Draft], log: str) -> list[Draft]:
        self._lengths[log] = self._lengths.get(log, 0) + len(drafts)
        if log not in self.infos:
            self._info(log, {})
        return drafts

    def _log_of(self, record: Record) -> str:
        if self._agent_file is None and "isSidechain" in record:
            agent = isinstance(record.get("agentId"), str)
            self._agent_file = record["isSidechain"] is True and agent
        if self._agent_file or record.get("isSidechain") is not True:
            return ""
        return self._agents.thread_of(record)

    def _info(self, log: str, record: Record) -> SessionInfo:
        info = self.infos.get(log)
        if info is None:
            info = self.infos[log] = self._new_info(log, record)
        if info.cwd is None and isinstance(cwd := record.get("cwd"), str):
            info.cwd = cwd
        return info

    def _new_info(self, log: str, record: Record) -> SessionInfo:
        if log:
            main = self._info("", record)
            return SessionInfo(
                native_id=log, parent_native_id=main.native_id, agent=log, relation="subagent"
            )
        if self._agent_file:
            info = agent_file_info(self._path, record)
            if info.title:
                self._titles.settle(log)
            return info
        return SessionInfo(native_id=self._path.stem)

    def _marks(self, record: Record, line: Line) -> int:
        """The bits of what is odd about a record as a whole."""
        uuid, parent = record.get("uuid"), record.get("parentUuid")
        marks = _SIDECHAIN if record.get("isSidechain") is True else 0
        if not isinstance(uuid, str):
            return marks | (_DUPLICATE if self._lineage.is_repeated(line.raw) else 0)
        odd = self._lineage.enter(uuid, parent)
        if odd is UNMARKED:
            return marks
        why = f"record {uuid} stands twice"
        if odd is Mark.ORPHAN:
            why = f"its parent {parent} is not in the file"
        self.warnings.append((line.number, why))
        return marks | int(odd)

    def _drafts(self, record: Record, info: SessionInfo, log: str) -> list[Draft]:
        message = record.get("message")
        usage = group = None
        if record.get("type") == "assistant" and isinstance(message, dict):
            usage = self._usage.increment(message)
            group = _text(message.get("id")) or _text(record.get("uuid"))
            model = _text(message.get("model"))
            if model and model != "<synthetic>":
                info.model = model
        drafts = []
        for part, piece in enumerate(pieces_of(record)):
            content = piece_content(record, piece)
            drafts.append(draft_of(part, piece, content, group, usage))
            usage = None
            if piece.kind is TOOL_CALL:
                seq = self._lengths.get(log, 0) + part
                self._agents.note_call(log, piece.call_id, seq, content.arguments)
        return drafts

    def _around(self, record: Record, drafts: list[Draft], log: str, line: Line) -> list[Draft]:
        """Add what a user's record implies: a rewind before it, a sub-agent's end behind it."""
        parent = record.get("parentUuid")
        if isinstance(parent, str) and is_prompt(record):
            seq = self._lengths.get(log, 0)
            left = self._lineage.rewound_from(parent, seq)
            if left is not None:
                self.warnings.append((line.number, "the conversation was rewound here"))
                drafts = [_rewind(left, drafts[0]), *drafts]
        ended = self._agents.ended(record, log, self.infos[log], self._lengths.get(log, 0))
        if ended is not None:
            ended.ts, ended.log, ended.part = drafts[0].ts, log, ABOUT_AGENT
            drafts = [*drafts, ended]
        return drafts


def _mark(drafts: list[Draft], marks: int) -> None:
    """Give marks to all events of a record; what came before is neither seen nor billed again."""
    for draft in drafts:
        draft.marks = mark_of(int(draft.marks) | marks)
        if marks & _DUPLICATE:
            draft.visibility, draft.usage = Visibility.HIDDEN, None


def _said(record: Record) -> str:
    """The words of a plain message, as a sub-agent's prompt is."""
    message = record.get("message")
    pieces = blocks_of(message.get("content")) if isinstance(message, dict) else ()
    return Content(pieces).text


def _rewind(left: int, prompt: Draft) -> Draft:
    return Draft(
        Kind.REWIND,
        "rewound: what came after this point was left behind",
        visibility=Visibility.UI_ONLY,
        ts=prompt.ts,
        ref=left,
        log=prompt.log,
        part=ABOUT_REWIND,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
