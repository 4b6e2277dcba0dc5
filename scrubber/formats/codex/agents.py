"""Sub-agents of Codex: each is a rollout of its own, and its parent tells when it was at work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.events import Draft, Kind, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn
from scrubber.formats.codex.messages import ended_agents
from scrubber.formats.codex.records import Record, inner
from scrubber.formats.openai_messages import parse_json, text_or_none

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.formats.pieces import Piece

_NOTIFICATION = re.compile(r"<subagent_notification>\s*(\{.*\})\s*</subagent_notification>", re.S)
_REMEMBERED = 1024


def lineage(meta: Record, info: SessionInfo) -> None:
    """What a session's own facts tell of where it comes from."""
    spawn = inner(meta, "source", "subagent", "thread_spawn")
    parent = text_or_none(spawn.get("parent_thread_id"))
    parent = parent or text_or_none(meta.get("parent_thread_id"))
    if parent and parent != info.native_id:
        info.parent_native_id, info.agent, info.relation = parent, info.native_id, "subagent"
        names = (spawn.get("agent_nickname"), meta.get("agent_nickname"), meta.get("agent_role"))
        info.title = next(filter(None, map(text_or_none, names)), info.title)
        return
    base = text_or_none(inner(meta, "history_base").get("thread_id"))
    if origin := text_or_none(meta.get("forked_from_id")) or base:
        info.parent_native_id, info.relation = origin, "fork"


class AgentTracker:
    """Knows the calls that start sub-agents, and keeps the times at work of ``info``."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[int, str]] = {}

    def call(self, seq: int, piece: Piece, content: Content) -> None:
        """Remember a call that may start a sub-agent."""
        if piece.call_id is None or "agent" not in (piece.name or ""):
            return
        given = content.arguments if isinstance(content.arguments, dict) else {}
        asked = given.get("message") or given.get("prompt") or given.get("task_name") or ""
        self._calls[piece.call_id] = (seq, one_line(str(asked), 90))
        if len(self._calls) > _REMEMBERED:
            del self._calls[next(iter(self._calls))]

    def told(self, seq: int, draft: Draft, payload: Record, info: SessionInfo) -> None:
        """A line that tells of a start or of ends."""
        if draft.kind is Kind.SUBAGENT_START and draft.name:
            start, title = self._calls.get(draft.call_id or "", (seq, ""))
            info.spawns.setdefault(draft.name, Spawn(start, None, title))
        for agent in ended_agents(payload) if draft.kind is Kind.SUBAGENT_END else ():
            _end(info, agent, seq)

    def result(self, seq: int, draft: Draft, content: Content, info: SessionInfo) -> Draft | None:
        """An event for a sub-agent of which only the result of the call tells."""
        call = self._calls.get(draft.call_id or "")
        if call is None:
            return None
        told = content.detail if isinstance(content.detail, dict) else {}
        agent = text_or_none(told.get("agent_id")) or text_or_none(told.get("new_thread_id"))
        if agent is None or agent in info.spawns:
            return None
        info.spawns[agent] = Spawn(call[0], None, call[1])
        return Draft(
            Kind.SUBAGENT_START,
            call[1] or "sub-agent",
            visibility=Visibility.UI_ONLY,
            name=agent,
            call_id=draft.call_id,
            ref=call[0],
        )

    def notified(self, seq: int, content: Content, info: SessionInfo) -> None:
        """Context in which Codex tells the model how a sub-agent ended."""
        for text in _NOTIFICATION.findall(content.text):
            told = parse_json(text)
            if isinstance(told, dict) and isinstance(told.get("agent_path"), str):
                _end(info, told["agent_path"], seq)


def _end(info: SessionInfo, agent: str, seq: int) -> None:
    spawn = info.spawns.get(agent)
    if spawn is not None and spawn.stop is None:
        spawn.stop = seq
