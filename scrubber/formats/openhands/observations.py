"""Observations of version 0: what came of an action, and what the harness noticed."""

from __future__ import annotations

from typing import Any

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Mark, Role
from scrubber.formats.conversations import Piece
from scrubber.formats.openai_parts import part_blocks
from scrubber.formats.openhands.actions import HIDDEN, SHOWN, call_id_of
from scrubber.formats.openhands.shapes import Event, inner

_HIDDEN = {"agent_state_changed": Kind.STATE, "null": Kind.UI_STATE, "server_ready": Kind.STATE}


def observation_pieces(event: Event) -> list[Piece]:
    """The events of an observation."""
    seen, extras = str(event.get("observation")), inner(event, "extras")
    if seen in _HIDDEN:
        words = str(extras.get("agent_state") or event.get("message") or seen)
        content = Content((Text(words),), detail=extras)
        return [Piece(_HIDDEN[seen], Role.NONE, content, HIDDEN, name=seen)]
    blocks = part_blocks(event.get("content"))
    content = Content(blocks, detail=extras or None)
    if seen == "recall":
        return [Piece(Kind.CONTEXT, Role.NONE, content, name="recall")]
    marks = Mark.ERROR if _has_failed(event, seen, extras) else Mark.NONE
    cause = event.get("cause")
    call = call_id_of(event, cause)
    if call is None:
        return [Piece(Kind.CONTEXT, Role.USER, content, marks=marks, name=seen)]
    result = Piece(Kind.TOOL_RESULT, Role.TOOL, content, marks=marks, call_id=call)
    if seen != "delegate":
        return [result]
    ended = Content((Text("done"),), detail=extras)
    name = f"delegate-{cause}"
    return [result, Piece(Kind.SUBAGENT_END, Role.NONE, ended, SHOWN, name=name, call_id=call)]


def _has_failed(event: Event, seen: str, extras: dict[str, Any]) -> bool:
    if seen in ("error", "user_rejected") or extras.get("error") is True:
        return True
    code = inner(extras, "metadata").get("exit_code", extras.get("exit_code"))
    is_code = isinstance(code, int) and not isinstance(code, bool)
    return (is_code and code not in (0, -1)) or event.get("success") is False
