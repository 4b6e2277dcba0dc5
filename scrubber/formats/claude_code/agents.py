"""Sub-agents of Claude Code: which call started which, and when it ended.

Three layouts: a file of its own below ``<session>/subagents/`` (2.1), a file ``agent-<id>.jsonl``
beside the session (2.0), or records with ``isSidechain`` inside the session's file (1.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Draft, Kind, Mark, Visibility, one_line
from scrubber.core.session import SessionInfo, Spawn

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.claude_code.pieces import Record


def agent_file_info(path: Path, record: Record) -> SessionInfo:
    """What the place and the first record of a sub-agent's file tell of it."""
    agent = record.get("agentId")
    if not isinstance(agent, str):
        agent = path.stem.removeprefix("agent-")
    parts = path.parts
    if "subagents" in parts[1:]:
        parent: Any = parts[len(parts) - 1 - parts[::-1].index("subagents") - 1]
    else:
        parent = record.get("sessionId")
    return SessionInfo(
        title=_sidecar_title(path),
        native_id=agent,
        parent_native_id=parent if isinstance(parent, str) else None,
        agent=agent,
        relation="subagent",
    )


def _sidecar_title(path: Path) -> str:
    try:
        meta = orjson.loads(path.with_suffix(".meta.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return ""
    title = meta.get("description") or meta.get("agentType") if isinstance(meta, dict) else None
    return title if isinstance(title, str) else ""


class AgentTracker:
    """Knows the calls that may start a sub-agent, and the threads inside one file."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], tuple[int, str, str]] = {}
        self._threads: dict[str, str] = {}

    def note_call(self, log: str, call_id: str | None, seq: int, arguments: JSON) -> None:
        """Remember a call that may be a sub-agent's: one with a prompt."""
        if call_id is None or not isinstance(arguments, dict):
            return
        prompt = arguments.get("prompt")
        if isinstance(prompt, str):
            title = arguments.get("description")
            self._calls[log, call_id] = (seq, title if isinstance(title, str) else "", prompt)

    def thread_of(self, record: Record) -> str:
        """The log of a record said inside a sub-agent, within a session's own file."""
        uuid, parent = str(record.get("uuid")), record.get("parentUuid")
        key = self._threads.get(parent) if isinstance(parent, str) else None
        if key is None:
            key = f"side-{uuid}"
        self._threads[uuid] = key
        return key

    def adopt(self, main: SessionInfo, key: str, prompt: str) -> str:
        """Give an inner thread to the call with the same prompt; gives that call's title."""
        for (log, _), (seq, title, asked) in self._calls.items():
            if log == "" and asked.strip() == prompt.strip() and key not in main.spawns:
                main.spawns[key] = Spawn(seq, None, title)
                return title
        return ""

    def ended(self, record: Record, log: str, info: SessionInfo, length: int) -> Draft | None:
        """The event that tells of a sub-agent's start or end, if this result does."""
        if not self._calls:
            return None
        result, call_id = record.get("toolUseResult"), _result_of(record)
        call = self._calls.get((log, call_id)) if call_id else None
        if call is None:
            return None
        self._close_inner(info, call[0], length)
        if not isinstance(result, dict) or not isinstance(result.get("agentId"), str):
            return None
        started = bool(result.get("isAsync"))
        agent: str = result["agentId"]
        info.spawns[agent] = Spawn(call[0], None if started else length, call[1])
        failed = result.get("status") not in (None, "completed", "async_launched")
        return Draft(
            Kind.SUBAGENT_START if started else Kind.SUBAGENT_END,
            one_line(_summary(call[1], result)),
            visibility=Visibility.UI_ONLY,
            marks=Mark.ERROR if failed else Mark.NONE,
            name=agent,
            call_id=call_id,
            ref=call[0],
        )

    def _close_inner(self, info: SessionInfo, seq: int, length: int) -> None:
        for spawn in info.spawns.values():
            if spawn.start == seq and spawn.stop is None:
                spawn.stop = length


def _result_of(record: Record) -> str | None:
    message = record.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "tool_result":
            call = block.get("tool_use_id")
            return call if isinstance(call, str) else None
    return None


def _summary(title: str, result: dict[str, Any]) -> str:
    parts = [title or "sub-agent", str(result.get("status") or "completed").replace("_", " ")]
    if isinstance(uses := result.get("totalToolUseCount"), int):
        parts.append(f"{uses} tool calls")
    if isinstance(duration := result.get("totalDurationMs"), int):
        parts.append(f"{duration / 1000:.0f} s")
    if isinstance(tokens := result.get("totalTokens"), int):
        parts.append(f"{tokens:,} tokens")
    return " · ".join(parts)
