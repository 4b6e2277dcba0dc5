"""The body of a request to OpenAI's chat completions, or to a server that speaks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.hashing import sha256
from scrubber.formats.exported import to_json
from scrubber.formats.messages_writer import to_message
from scrubber.formats.quoting import quoted_message
from scrubber.live.wire.tools import offered, openai_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.live.provider import Request

_KEYS = {
    "assistant": {
        "role", "content", "name", "tool_calls", "function_call", "refusal", "audio",
    },
    "tool": {"role", "content", "tool_call_id"},
}  # fmt: skip
_OTHER_KEYS = {"role", "content", "name"}
_REASONING = ("reasoning_content", "reasoning")
_LONGEST_ID = 40
MOVED = "[The picture follows in the next message]"


@dataclass(frozen=True, slots=True)
class ChatTraits:
    """What of the API a server knows."""

    is_strict: bool = False
    """Refuses what the API does not name, as OpenAI does; other servers take no offence."""
    reasoning: str | None = "reasoning_content"
    """Where a message has its reasoning, None where it must have none."""
    extras_to_continue: tuple[tuple[str, JSON], ...] = ()
    """What to ask for so that the model goes on with a message of its own."""


def openai_body(request: Request, traits: ChatTraits) -> bytes:
    """``{"model", …, "stream", "stream_options", "tools", "messages"}``."""
    body: dict[str, Any] = {"model": request.params.model} | _limits(request, traits)
    body |= {"stream": True, "stream_options": {"include_usage": True}}
    if request.continues_reply:
        body |= dict(traits.extras_to_continue)
    if tools := [openai_tool(tool) for tool in offered(request.tools)]:
        body["tools"] = tools
    return to_json(body | {"messages": list(conversation(request, traits))})


def conversation(request: Request, traits: ChatTraits) -> Iterator[JSON]:
    """The messages; pictures in results follow them, as the API has no place for them there."""
    moved: list[JSON] = []
    for message in request.messages:
        quoted = quoted_message(request.transcript, message)
        value = _fitting(quoted or to_message(message), traits, is_made=not quoted)
        if value["role"] == "tool" and isinstance(value.get("content"), list):
            value, pictures = _without_pictures(value)
            moved += pictures
        elif value["role"] != "tool" and moved:
            yield {"role": "user", "content": moved}
            moved = []
        yield value
    if moved:
        yield {"role": "user", "content": moved}


def _limits(request: Request, traits: ChatTraits) -> dict[str, Any]:
    params = request.params
    limit = "max_completion_tokens" if traits.is_strict else "max_tokens"
    found = {
        limit: params.max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "seed": params.seed,
        "stop": list(params.stop) or None,
        "reasoning_effort": params.reasoning_effort,
    }
    return {key: value for key, value in found.items() if value is not None}


def _fitting(message: dict[str, Any], traits: ChatTraits, is_made: bool) -> dict[str, Any]:
    """A message as the server takes it; as it is, if nothing about it has to change."""
    if traits.reasoning is None:
        message = {key: value for key, value in message.items() if key not in _REASONING}
    elif is_made and "reasoning_content" in message:
        message = {
            traits.reasoning if key == "reasoning_content" else key: value
            for key, value in message.items()
        }
    if not traits.is_strict:
        return message | {"role": "system"} if message["role"] == "developer" else message
    known = _KEYS.get(message["role"], _OTHER_KEYS)
    return _with_short_ids({key: value for key, value in message.items() if key in known})


def _with_short_ids(message: dict[str, Any]) -> dict[str, Any]:
    """Ids of calls longer than OpenAI takes them, shortened in calls and results alike."""
    if isinstance(call := message.get("tool_call_id"), str):
        message |= {"tool_call_id": _short(call)}
    if isinstance(calls := message.get("tool_calls"), list):
        message |= {
            "tool_calls": [
                call | {"id": _short(call["id"])} if isinstance(call.get("id"), str) else call
                for call in calls
                if isinstance(call, dict)
            ]
        }
    return message


def _short(call_id: str) -> str:
    if len(call_id) <= _LONGEST_ID:
        return call_id
    return "call_" + sha256(call_id.encode()).hexdigest()[: _LONGEST_ID - 5]


def _without_pictures(message: dict[str, Any]) -> tuple[dict[str, Any], list[JSON]]:
    """A result with words where its pictures were, and the pictures."""
    parts: list[JSON] = message["content"]
    pictures = [part for part in parts if not _is_text(part)]
    if not pictures:
        return message, []
    told = [part if _is_text(part) else {"type": "text", "text": MOVED} for part in parts]
    return message | {"content": told}, pictures


def _is_text(part: JSON) -> bool:
    return isinstance(part, dict) and part.get("type") == "text"
