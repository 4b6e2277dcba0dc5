"""Lines of type ``event_msg``: what they are, and the sentence that tells it."""

from __future__ import annotations

from typing import Any

from scrubber.core.events import Kind, Mark, Role
from scrubber.core.kinds import NOBODY, TOOL_DETAIL, UNMARKED
from scrubber.formats.codex.records import Record, inner
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece

MIRRORED = {
    "user_message": Role.USER,
    "agent_message": Role.ASSISTANT,
    "agent_reasoning": Role.ASSISTANT,
    "agent_reasoning_raw_content": Role.ASSISTANT,
    "context_compacted": Role.NONE,
    "raw_response_item": Role.NONE,
    "UserMessage": Role.USER,
    "AgentMessage": Role.ASSISTANT,
    "Reasoning": Role.ASSISTANT,
    "HookPrompt": Role.USER,
    "ContextCompaction": Role.NONE,
}
"""What repeats an item of the history, by whom; capital letters: items of ``item_completed``."""

_KINDS = {
    "token_count": (Kind.USAGE, HIDDEN),
    "task_started": (Kind.TURN_START, HIDDEN),
    "turn_started": (Kind.TURN_START, HIDDEN),
    "task_complete": (Kind.TURN_END, HIDDEN),
    "turn_complete": (Kind.TURN_END, HIDDEN),
    "turn_aborted": (Kind.TURN_END, SHOWN),
    "thread_rolled_back": (Kind.REWIND, SHOWN),
    "thread_name_updated": (Kind.TITLE, HIDDEN),
    "thread_goal_updated": (Kind.PLAN, HIDDEN),
    "plan_update": (Kind.PLAN, HIDDEN),
    "Plan": (Kind.PLAN, SHOWN),
    "thread_settings_applied": (Kind.CONFIG_CHANGE, HIDDEN),
    "session_configured": (Kind.CONFIG_CHANGE, HIDDEN),
    "entered_review_mode": (Kind.CONFIG_CHANGE, SHOWN),
    "exited_review_mode": (Kind.CONFIG_CHANGE, SHOWN),
    "EnteredReviewMode": (Kind.CONFIG_CHANGE, SHOWN),
    "ExitedReviewMode": (Kind.CONFIG_CHANGE, SHOWN),
    "model_reroute": (Kind.CONFIG_CHANGE, SHOWN),
    "guardian_assessment": (Kind.APPROVAL, SHOWN),
    "exec_approval_request": (Kind.APPROVAL, SHOWN),
    "apply_patch_approval_request": (Kind.APPROVAL, SHOWN),
    "request_permissions": (Kind.APPROVAL, SHOWN),
    "request_user_input": (Kind.APPROVAL, SHOWN),
    "elicitation_request": (Kind.APPROVAL, SHOWN),
    "hook_started": (Kind.HOOK, HIDDEN),
    "hook_completed": (Kind.HOOK, HIDDEN),
    "turn_diff": (Kind.FILE_CHANGE, HIDDEN),
    "undo_started": (Kind.FILE_CHANGE, SHOWN),
    "undo_completed": (Kind.FILE_CHANGE, SHOWN),
    "error": (Kind.ERROR, SHOWN),
    "stream_error": (Kind.ERROR, SHOWN),
    "warning": (Kind.NOTICE, SHOWN),
    "guardian_warning": (Kind.NOTICE, SHOWN),
    "deprecation_notice": (Kind.NOTICE, SHOWN),
    "background_event": (Kind.NOTICE, SHOWN),
    "model_verification": (Kind.NOTICE, HIDDEN),
    "safety_buffering": (Kind.NOTICE, HIDDEN),
    "turn_moderation_metadata": (Kind.NOTICE, HIDDEN),
    "shutdown_complete": (Kind.SESSION_END, HIDDEN),
    "agent_reasoning_section_break": (Kind.UI_STATE, HIDDEN),
    "item_started": (Kind.UI_STATE, HIDDEN),
    "mcp_startup_update": (Kind.UI_STATE, HIDDEN),
    "mcp_startup_complete": (Kind.UI_STATE, HIDDEN),
    "collab_agent_spawn_end": (Kind.SUBAGENT_START, SHOWN),
    "collab_close_end": (Kind.SUBAGENT_END, SHOWN),
    "collab_waiting_end": (Kind.SUBAGENT_END, SHOWN),
    "sub_agent_activity": (Kind.NOTICE, HIDDEN),
    "SubAgentActivity": (Kind.NOTICE, HIDDEN),
    **dict.fromkeys(MIRRORED, (Kind.MIRROR, HIDDEN)),
}

_DETAILS = (
    "exec_command_", "patch_apply_", "mcp_tool_call_", "web_search_", "view_image_tool_call",
    "image_generation_", "dynamic_tool_call_", "collab_", "terminal_interaction",
)  # fmt: skip
"""How the types begin that tell more of a tool call than its item does."""

_DETAIL_ITEMS = {
    "CommandExecution", "FileChange", "McpToolCall", "DynamicToolCall", "CollabAgentToolCall",
    "WebSearch", "ImageView", "ImageGeneration", "Extension", "Sleep",
}  # fmt: skip

_SILENT = ("realtime_", "agent_message_content_delta", "plan_delta", "reasoning_", "item_")


def message_piece(payload: Record) -> Piece:
    """The one piece of such a line."""
    kind, what = str(payload.get("type")), payload
    if kind == "item_completed":
        what = inner(payload, "item")
        kind = str(what.get("type"))
        if kind == "CollabAgentToolCall":
            return _collaboration(payload, what)
    event, seen = _KINDS.get(kind) or _by_name(kind)
    failed = event is Kind.ERROR or (event is Kind.TURN_END and payload.get("error"))
    return Piece(
        event,
        MIRRORED.get(kind, NOBODY),
        seen,
        payload,
        Mark.ERROR if failed else UNMARKED,
        name=_name(event, what),
        call_id=_call_id(event, what),
    )


def _by_name(kind: str) -> tuple[Kind, Any]:
    if kind in _DETAIL_ITEMS or kind.startswith(_DETAILS):
        return Kind.TOOL_DETAIL, HIDDEN
    if kind.startswith(_SILENT) and kind != "item_completed":
        return Kind.UI_STATE, HIDDEN
    return Kind.UNKNOWN, SHOWN


def _collaboration(payload: Record, item: Record) -> Piece:
    """A tool call that has to do with sub-agents: one starts, some have ended, or nothing new."""
    event, seen = Kind.TOOL_DETAIL, HIDDEN
    agents = item.get("receiver_thread_ids")
    if item.get("tool") == "spawn_agent" and agents:
        event, seen = Kind.SUBAGENT_START, SHOWN
    elif item.get("tool") in ("close_agent", "wait_agent", "wait") and ended_agents(payload):
        event, seen = Kind.SUBAGENT_END, SHOWN
    call = text_or_none(item.get("id"))
    return Piece(event, Role.NONE, seen, payload, name=_name(event, item), call_id=call)


def ended_agents(payload: Record) -> list[str]:
    """The sub-agents that a line tells to be at their end."""
    item = inner(payload, "item") or payload
    if isinstance(item.get("agents_states"), dict):
        return [agent for agent, state in item["agents_states"].items() if _is_end(state)]
    if closed := text_or_none(item.get("receiver_thread_id")):
        return [closed] if payload.get("type") == "collab_close_end" else []
    found: Any = item.get("agent_statuses")
    told = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    agents = [str(entry.get("thread_id")) for entry in told if _is_end(entry.get("status"))]
    statuses = inner(item, "statuses")
    return agents + [a for a, state in statuses.items() if _is_end(state) and a not in agents]


def _is_end(state: Any) -> bool:
    word = next(iter(state), "") if isinstance(state, dict) else state
    if isinstance(state, dict) and isinstance(state.get("status"), str):
        word = state["status"]
    return word in ("completed", "errored", "shutdown", "closed", "interrupted", "failed")


def _name(event: Kind, what: Record) -> str | None:
    """What the event is of: a sub-agent's id, a tool's name."""
    if event is Kind.SUBAGENT_START:
        receivers = what.get("receiver_thread_ids")
        first = receivers[0] if isinstance(receivers, list) and receivers else None
        return text_or_none(what.get("new_thread_id")) or text_or_none(first)
    if event is Kind.SUBAGENT_END:
        return next(iter(ended_agents(what)), None)
    if event is TOOL_DETAIL:
        named = inner(what, "invocation") or what
        return text_or_none(named.get("tool"))
    return None


def _call_id(event: Kind, what: Record) -> str | None:
    found = what.get("call_id") or what.get("callId")
    if found is None and event is TOOL_DETAIL:
        found = what.get("id")
    if found is None and event is Kind.APPROVAL:
        found = what.get("target_item_id")
    return text_or_none(found)
