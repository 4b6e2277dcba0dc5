"""Messages as a runtime hands them over, as events of a session, and back again.

A message is a JSON object with a ``role`` and, as a rule, a ``content``: a text, or blocks in the
shape of chat completions or of Anthropic's API. It becomes one event, or several that form one
message: reasoning, text, calls, results. What is read back is the object that was given. Messages
of imported sessions have the shape of chat completions.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import Content, Text
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Draft, Event, Kind, Mark, Origin, Visibility
from scrubber.core.messages import Message
from scrubber.formats import anthropic, openai_messages, own
from scrubber.formats.messages_writer import to_message
from scrubber.store.own_log import OWN_FORMAT
from scrubber.store.sessions import now_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON
    from scrubber.core.transcript import Transcript
    from scrubber.formats.conversations import Piece

Said = dict[str, Any]
"""A message: ``{"role": "user", "content": "hi"}``."""

Records = list[tuple[bytes, Draft]]
"""A message as (record, event) of each of its parts."""

GROUP = "said-"
"""What the groups of messages begin with that are several events here."""

_BLOCKS = ("tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use")
_ROLES = {"tool_result": "tool"}
_PLAIN_ROLES = ("user", "assistant", "system", "developer")


def checked(message: JSON) -> Said:
    """The message, if it is one; a BadArgumentError in harn's words if not."""
    if message is None:
        raise BadArgumentError("`message` required")
    if not isinstance(message, dict):
        raise BadArgumentError("message must be a dict")
    if not isinstance(message.get("role"), str):
        raise BadArgumentError(
            "message must have a string `role` (user|assistant|tool_result|system)"
        )
    try:
        orjson.dumps(message)
    except (TypeError, ValueError) as error:
        raise BadArgumentError(f"message must be JSON: {error}") from error
    return message


def records(
    message: Said,
    *,
    kind: Kind | None = None,
    origin: Origin = Origin.RECORDED,
    ref: int | None = None,
) -> Records:
    """A message as (record, event), at least one; a summary has a kind, and says what it is for."""
    found = _pieces(message)
    group = f"{GROUP}{uuid.uuid4().hex}" if len(found) > 1 else None
    kept = None if _is_plain(message) and kind is None else message
    made = []
    for number, piece in enumerate(found):
        draft = Draft(
            kind or piece.kind,
            role=piece.role,
            origin=origin,
            marks=piece.marks | (Mark.IMAGE if piece.content.images else Mark.NONE),
            ts=now_ms(),
            name=piece.name,
            call_id=piece.call_id,
            group_id=group,
            ref=ref,
        )
        raw = own.encode(draft, piece.content, None if number else kept, len(found))
        made.append((raw, own.draft_of(orjson.loads(raw))))
    return made


def told(kind: Kind, text: str, facts: dict[str, Any]) -> tuple[bytes, Draft]:
    """An event that no model sees, as (record, event): what a runtime notes about its session."""
    draft = Draft(kind, visibility=Visibility.HIDDEN, origin=Origin.SYNTHETIC, ts=now_ms())
    raw = own.encode(draft, Content((Text(text),), detail=facts))
    return raw, own.draft_of(orjson.loads(raw))


def _is_plain(message: Said) -> bool:
    """Whether the message can be told from its event alone."""
    return (
        message.keys() == {"role", "content"}
        and isinstance(message["content"], str)
        and message["role"] in _PLAIN_ROLES
    )


def _pieces(message: Said) -> list[Piece]:
    role, content = _ROLES.get(message["role"], message["role"]), message.get("content")
    if isinstance(content, list) and any(_is_typed(block) for block in content):
        spoken = role if role in _PLAIN_ROLES else "user"
        return list(anthropic.message_pieces({"role": spoken, "content": content}))
    if role not in openai_messages.ROLES:
        role = "user"
    call = message.get("tool_call_id") or message.get("tool_use_id")
    found = openai_messages.message_pieces({**message, "role": role, "tool_call_id": call}, 0)
    failed = Mark.ERROR if role == "tool" and message.get("is_error") is True else Mark.NONE
    return [piece._replace(marks=piece.marks | failed) for piece in found]


def _is_typed(block: JSON) -> bool:
    return isinstance(block, dict) and block.get("type") in _BLOCKS


def said(transcript: Transcript, events: Sequence[Event]) -> Said:
    """The message that some events are, as it was given, or in the shape of chat completions."""
    if message := _as_given(transcript, events):
        return message
    items = tuple((event, transcript.content(event)) for event in events)
    if len(events) == 1 or events[0].kind is not Kind.TOOL_RESULT:
        return to_message(Message(events[0].role, items))
    return {"role": "user", "content": [_result(event, content) for event, content in items]}


def _as_given(transcript: Transcript, events: Sequence[Event]) -> Said | None:
    first = events[0]
    if transcript.format_of(first) != OWN_FORMAT or first.origin is Origin.EDITED:
        return None
    kept = own.message_of(transcript.raw(first))
    places = [(event.log, event.seq) for event in events]
    whole = [(first.log, first.seq + number) for number in range(len(events))]
    if kept is None or kept[1] != len(events) or places != whole:
        return None
    return dict(kept[0])


def _result(event: Event, content: Content) -> JSON:
    from scrubber.formats.anthropic_blocks import to_block

    blocks = [to_block(block) for block in content.blocks]
    return {"type": "tool_result", "tool_use_id": event.call_id, "content": blocks}
