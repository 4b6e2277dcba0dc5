"""Derives events from the event log of a Copilot CLI session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Mark, Role, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.base import parse_time
from scrubber.formats.copilot_cli.pieces import Record, pieces_of
from scrubber.formats.copilot_cli.usage import UsageCounter
from scrubber.formats.object_lines import ObjectLinesReader
from scrubber.formats.pieces import Piece, draft_of

if TYPE_CHECKING:
    from pathlib import Path

_TITLE_LENGTH = 90


class CopilotReader(ObjectLinesReader):
    """Reads one session. Sub-agents have logs of their own, by the call that started them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        name = path.parent.name if path.stem == "events" else path.stem
        self.infos[""] = SessionInfo(native_id=name)
        self._usage = UsageCounter()
        self._places: dict[str, int] = {}
        """Where the events of a record begin, by its id, in the main log."""
        self._calls: dict[str, tuple[str, int]] = {}
        """The log and the place of each call."""
        self._agents: dict[str, str] = {}
        """The call that started a sub-agent, by the agent's id."""
        self._thoughts: dict[str, tuple[str, int]] = {}
        self._first: int | None = None

    def tell(self, record: Record) -> list[Draft]:
        """The events of a record."""
        given = record.get("data")
        data: Record = given if isinstance(given, dict) else {}
        kind = str(record.get("type"))
        log = self._log_of(record, data, kind)
        marks = self._lineage(record, log)
        ts = parse_time(record.get("timestamp"))
        self._learn(data, kind, log, ts)
        drafts: list[Draft] = []
        for part, piece in enumerate(pieces_of(record)):
            draft = draft_of(part, piece, piece.block, _group(record, data))
            draft.ts, draft.log, draft.marks = ts, log, draft.marks | marks
            self._place(draft, piece, data, self.length(log) + part)
            drafts.append(draft)
        drafts[0].usage = self._usage.increment(kind, data)
        return drafts

    def _log_of(self, record: Record, data: Record, kind: str) -> str:
        """The log of a record; what a sub-agent says is no part of the session's own context."""
        agent = record.get("agentId") or data.get("parentToolCallId")
        if not isinstance(agent, str) or not agent:
            return ""
        if kind.startswith("subagent."):
            if isinstance(call := data.get("toolCallId"), str):
                self._agents[agent] = call
            return ""
        key = f"side-{self._agents.get(agent, agent)}"
        if key not in self.infos:
            main = self.infos[""]
            self.infos[key] = SessionInfo(
                native_id=key, parent_native_id=main.native_id, agent=key, relation="subagent"
            )
        return key

    def _lineage(self, record: Record, log: str) -> Mark:
        """Remember where a record stands; marks one whose parent is not in the file."""
        name, parent = record.get("id"), record.get("parentId")
        marks = Mark.NONE
        if isinstance(parent, str) and parent not in self._places:
            self.warn(f"its parent {parent} is not in the file")
            marks = Mark.ORPHAN
        if isinstance(name, str):
            self._places[name] = self.length()
        return marks

    def _learn(self, data: Record, kind: str, log: str, ts: int | None) -> None:
        info = self.infos[log]
        info.saw(ts)
        if kind == "session.start" and isinstance(name := data.get("sessionId"), str):
            info.native_id = name
        context = data.get("context")
        where = context.get("cwd") if isinstance(context, dict) else data.get("cwd")
        if kind.startswith("session.") and isinstance(where, str):
            info.cwd = info.cwd or where
        for key in ("model", "newModel", "selectedModel", "currentModel"):
            if isinstance(model := data.get(key), str) and model:
                info.model = model
        if kind == "session.title_changed" and isinstance(title := data.get("title"), str):
            info.title = one_line(title, _TITLE_LENGTH)

    def _place(self, draft: Draft, piece: Piece, data: Record, seq: int) -> None:
        """Fill in what only the records around this one tell."""
        if draft.kind is Kind.TOOL_CALL and draft.call_id is not None:
            self._call(draft, draft.call_id, seq)
        elif draft.kind is Kind.REASONING:
            self._thought(draft, piece.block.text, seq)
        elif draft.kind is Kind.MESSAGE and draft.role is Role.USER:
            self._prompt(draft, data)
        elif draft.kind is Kind.REWIND:
            target = data.get("upToEventId")
            draft.ref = self._places.get(target) if isinstance(target, str) else self._first
        elif draft.kind in (Kind.SUBAGENT_START, Kind.SUBAGENT_END):
            self._agent(draft, data, seq)
        if draft.role in (Role.USER, Role.ASSISTANT) and not draft.log and self._first is None:
            self._first = seq

    def _call(self, draft: Draft, call_id: str, seq: int) -> None:
        """A call is told by the message that asks for it, and again when it is run."""
        if self._calls.get(call_id, ("", 0))[0] == draft.log and call_id in self._calls:
            _mirror(draft, self._calls[call_id][1])
        else:
            self._calls[call_id] = (draft.log, seq)

    def _thought(self, draft: Draft, text: str, seq: int) -> None:
        """Reasoning is told by itself, and again with the message that it led to."""
        last = self._thoughts.get(draft.log)
        if text and last is not None and last[0] == text:
            _mirror(draft, last[1])
        self._thoughts[draft.log] = (text, seq)

    def _prompt(self, draft: Draft, data: Record) -> None:
        """Lists show what was typed, not what was put around it."""
        typed = data.get("content")
        if isinstance(typed, str) and typed:
            draft.text = one_line(typed)
            info = self.infos[draft.log]
            info.title = info.title or one_line(typed, _TITLE_LENGTH)

    def _agent(self, draft: Draft, data: dict[str, Any], seq: int) -> None:
        call_id = data.get("toolCallId")
        draft.call_id = call_id if isinstance(call_id, str) else None
        place = self._calls.get(draft.call_id or "")
        if draft.call_id is None or place is None or place[0]:
            return
        draft.ref, key = place[1], f"side-{draft.call_id}"
        spawns = self.infos[""].spawns
        if draft.kind is Kind.SUBAGENT_START:
            spawns[key] = Spawn(place[1], None, draft.text)
        else:
            spawns[key] = Spawn(place[1], seq, spawns[key].title if key in spawns else draft.text)


def _mirror(draft: Draft, twin: int) -> None:
    draft.kind, draft.visibility, draft.ref = Kind.MIRROR, Visibility.HIDDEN, twin
    draft.role, draft.group_id = Role.NONE, None


def _group(record: Record, data: Record) -> str | None:
    """The message that a record is a part of: a model call's answer may be split into several."""
    chunked = data.get("apiCallId") if data.get("chunkCount") else None
    name = chunked or data.get("messageId") or record.get("id")
    return name if isinstance(name, str) and name else None
