"""Derives events from OpenHands' own: their bills, branches, sub-agents, what was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.events import Draft, Kind, Role
from scrubber.core.session import Branch, SessionInfo, Spawn
from scrubber.formats.base import parse_time
from scrubber.formats.branching import TreeLogs
from scrubber.formats.conversation_log import ConversationLog
from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.openhands.bills import Bills
from scrubber.formats.openhands.dialect import OpenHandsDialect, bill_of, events_of, is_state
from scrubber.formats.openhands.forgetting import Forgotten
from scrubber.formats.openhands.shapes import Event, inner, is_typed

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.conversations import Piece
    from scrubber.formats.jsonl import Line

_ROOT = "__root__"


class OpenHandsReader(ConversationReader):
    """Reads the events of a conversation, or runs of an evaluation."""

    def __init__(self, path: Path) -> None:
        super().__init__(OpenHandsDialect())
        self._path = path
        self._tree = TreeLogs()
        self._threads: dict[str, ConversationLog] = {}
        self._bills: dict[str, Bills] = {}
        self._forgotten: dict[str, Forgotten] = {}
        self._delegates: list[tuple[str, Any]] = []
        self._lengths: dict[str, int] = {}
        self._seen = 0
        self._previous: str | None = None

    def _message(self, pieces: list[Piece]) -> list[Draft]:
        """The events of one record of a conversation."""
        event: Event = pieces[-1].source if isinstance(pieces[-1].source, dict) else {}
        key = self._log_of(event)
        drafts = self._entered(key, pieces, event)
        self._note(key, len(drafts), self._name(event))
        self._around_delegates(event, key, drafts)
        return drafts

    def _note(self, key: str, events: int, name: str | None) -> None:
        """Count the events of a log; those of sub-agents are in no tree."""
        self._lengths[key] = self._lengths.get(key, 0) + events
        if not key.startswith("side-"):
            self._tree.add(key, events, name)
            self._previous = name or self._previous

    def _other(self, line: Line) -> Draft:
        """A record that could not be read stands where the conversation goes on."""
        draft = super()._other(line)
        if self._holds == "messages":
            draft.log = self._delegates[-1][0] if self._delegates else self._tree.last
            self._thread(draft.log)
            self._note(draft.log, 1, None)
        return draft

    def _conversation(self, pieces: list[Piece], value: JSON) -> list[Draft]:
        """The events of a run, all of which are in one record."""
        key = self._next_key()
        self._thread(key).next_record(self._seen)
        name = value.get("instance_id") if isinstance(value, dict) else None
        self.infos[key].native_id = text_or_none(name)
        if text_or_none(name):
            self.infos[key].title = str(name)
        events, found = events_of(value), list[Draft]()
        for part, piece in enumerate(pieces):
            event = events[piece.message] if 0 <= piece.message < len(events) else {}
            draft = self._draft(key, part, piece, event, len(found))
            if draft.kind is Kind.USAGE and not draft.usage and isinstance(value, dict):
                draft.usage = self._bills[key].rest(bill_of(inner(value, "metrics")))
            found.append(draft)
        return found

    def _entered(self, key: str, pieces: list[Piece], event: Event) -> list[Draft]:
        self._seen += 1
        self._thread(key).next_record(self._seen)
        start = self._lengths.get(key, 0)
        drafts = [
            self._draft(key, part, piece, event, start + part) for part, piece in enumerate(pieces)
        ]
        self._forgotten[key].note(event, start, drafts)
        if is_state(event) and not is_typed(event):
            self._start(key, event, drafts[0])
        return drafts

    def _draft(self, key: str, part: int, piece: Piece, event: Event, seq: int) -> Draft:
        draft = self._threads[key].enter(part, piece)
        info = self.infos[key]
        draft.ts = parse_time(event.get("timestamp"))
        info.saw(draft.ts)
        response = response_of(event)
        if draft.role is Role.ASSISTANT and response:
            draft.group_id = response
        model = inner(event, "tool_call_metadata", "model_response").get("model")
        info.model = text_or_none(model) or info.model
        if draft.role is Role.ASSISTANT:
            draft.usage = self._bills[key].see(event)
        if draft.kind is Kind.SUBAGENT_START and draft.name:
            info.spawns[draft.name] = Spawn(seq - 1, None, draft.text)
        elif draft.kind is Kind.SUBAGENT_END and draft.name in info.spawns:
            spawn = info.spawns[draft.name]
            spawn.stop, draft.ref = seq, spawn.start
        return draft

    def _start(self, key: str, state: Event, draft: Draft) -> None:
        """What the state of a conversation tells of it; its bill is that of all events."""
        info, llm = self.infos[key], inner(state, "agent", "llm")
        info.native_id = text_or_none(state.get("id")) or info.native_id
        info.model = text_or_none(llm.get("model"))
        info.cwd = text_or_none(inner(state, "workspace").get("working_dir"))
        totals = Bills()
        for metrics in inner(state, "stats", "usage_to_metrics").values():
            if isinstance(metrics, dict):
                totals.add(bill_of(metrics))
        draft.usage = totals.total

    def _log_of(self, event: Event) -> str:
        """The log of an event: a sub-agent's while one is at work, else that of its parent."""
        if self._delegates and not self._ends_delegate(event):
            return self._delegates[-1][0]
        if self._delegates:
            return self._delegates[-2][0] if len(self._delegates) > 1 else self._tree.last
        parent = text_or_none(event.get("parent_id")) if is_typed(event) else None
        before = None if parent == _ROOT else parent or self._previous
        key, branch = self._tree.place(self._name(event), before)
        if key not in self._threads:
            self._thread(key, branch)
        return key

    def _name(self, event: Event) -> str:
        name = event.get("id")
        return name if isinstance(name, str) else f"event-{self._seen}"

    def _thread(self, key: str, branch: Branch | None = None) -> ConversationLog:
        if key not in self._threads:
            info = self._info(key, None)
            info.branch = branch
            title = self._threads[branch.log].title if branch is not None else ""
            if not key and info.native_id is None:
                info.native_id = self._folder()
            self._threads[key] = ConversationLog(key, info, title=title)
            self._bills[key], self._forgotten[key] = Bills(), Forgotten()
        return self._threads[key]

    def _folder(self) -> str:
        """The id of a conversation of version 0: the name of its folder; of a file, its place."""
        folder = self._path.parent
        return folder.parent.name if folder.name == "events" else f"{folder.name}/{self._path.stem}"

    def _around_delegates(self, event: Event, key: str, drafts: list[Draft]) -> None:
        """Give a sub-agent a log of its own from the action on that started it."""
        if self._ends_delegate(event):
            self._delegates.pop()
        for draft in drafts:
            if draft.kind is Kind.SUBAGENT_START and draft.name:
                name = f"side-{draft.name}"
                parent = self.infos[key].native_id
                self.infos[name] = SessionInfo(
                    relation="subagent", agent=draft.name, parent_native_id=parent,
                    native_id=f"{parent}/{draft.name}",
                )  # fmt: skip
                self._thread(name)
                self._delegates.append((name, event.get("id")))

    def _ends_delegate(self, event: Event) -> bool:
        is_end = event.get("observation") == "delegate"
        return is_end and bool(self._delegates) and event.get("cause") == self._delegates[-1][1]


def response_of(event: Event) -> str | None:
    """The id of the model's response that an event is of."""
    own = text_or_none(event.get("llm_response_id"))
    return own or text_or_none(inner(event, "tool_call_metadata", "model_response").get("id"))
