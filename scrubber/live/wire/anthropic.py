"""The body of a request to Anthropic's Messages API, or to a server that speaks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.formats.anthropic_turns import system_of, turns
from scrubber.formats.exported import to_json
from scrubber.live.wire.tools import anthropic_tool, offered

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.core.running import Params
    from scrubber.live.provider import Request

BUDGETS = {"minimal": 1_024, "low": 2_048, "medium": 10_000, "high": 16_384, "xhigh": 32_768}
"""Tokens of reasoning for an effort, where a model knows budgets only."""

AFTER_REASONING = 4_096
"""Tokens left for the answer, where only a budget of reasoning is given."""

MAX_TOKENS = 4_096
"""What every model can say at once."""

MOST_CACHED = 4
"""Places that a request may ask to be kept up to, those on record included."""

CACHED = {"type": "ephemeral"}
OFF = "none"
"""The reasoning effort that is none."""


@dataclass(frozen=True, slots=True)
class ClaudeTraits:
    """What of the API a model, or a server, knows."""

    max_tokens: int = MAX_TOKENS
    """What is asked for where the branch does not say: the API wants a number."""
    adapts: bool = False
    """Reasons as long as it sees fit rather than up to a budget of tokens; takes no prefill."""
    takes_effort: bool = False
    binds_reasoning: bool = False
    """Refuses sealed reasoning after anything else than what it came after, unless told to drop
    what is stale."""
    caches: bool = False
    """Keeps what a request with ``cache_control`` ends with, for the next one."""


def anthropic_body(request: Request, traits: ClaudeTraits) -> bytes:
    """``{"model", "max_tokens", …, "stream", "tools", "system", "messages"}``."""
    messages = conversation(request)
    body: dict[str, Any] = {"model": request.params.model}
    body |= _limits(request.params, traits)
    if traits.binds_reasoning and has_reasoning(messages):
        dropping = {"block_binding": {"prefix_mismatch_behavior": "drop_block"}}
        body["thinking"] = {"type": "adaptive"} | body.get("thinking", {}) | dropping
    body["stream"] = True
    prompt: dict[str, Any] = {}
    if tools := [anthropic_tool(tool) for tool in offered(request.tools)]:
        prompt["tools"] = tools
    if system := system_of(request.transcript, request.messages):
        prompt["system"] = system
    prompt["messages"] = messages
    if traits.caches and to_json(prompt).count(b'"cache_control":') < MOST_CACHED:
        body["cache_control"] = CACHED
    return to_json(body | prompt)


def conversation(request: Request) -> list[JSON]:
    """The messages, those of one role in a row as one."""
    return [
        {"role": turn.role, "content": turn.content}
        for turn in turns(request.transcript, request.messages)
    ]


def has_reasoning(messages: list[JSON]) -> bool:
    """Whether any of the messages holds sealed reasoning."""
    return any(
        isinstance(block, dict) and block.get("type") in ("thinking", "redacted_thinking")
        for message in messages
        if isinstance(message["content"], list)
        for block in message["content"]
    )


def drops_stale_reasoning(body: bytes) -> bool:
    """Whether a body asks the API to drop sealed reasoning that fits nothing any more."""
    return b'"block_binding":' in body.partition(b',"stream":true')[0]


def _limits(params: Params, traits: ClaudeTraits) -> dict[str, Any]:
    """Everything that says how the reply is to be made."""
    found = {"max_tokens": params.max_tokens or traits.max_tokens} | _reasoning(params, traits)
    budget = found.get("thinking", {}).get("budget_tokens", 0)
    if params.max_tokens is None and budget:
        found["max_tokens"] = max(traits.max_tokens, budget + AFTER_REASONING)
    for key, value in (
        ("temperature", params.temperature),
        ("top_p", params.top_p),
        ("stop_sequences", list(params.stop) or None),
    ):
        if value is not None:
            found[key] = value
    return found


def _reasoning(params: Params, traits: ClaudeTraits) -> dict[str, Any]:
    effort = params.reasoning_effort
    if not effort:
        return {}
    if effort == OFF:
        return {"thinking": {"type": "disabled"}}
    found: dict[str, Any] = {"thinking": {"type": "adaptive"}}
    if not traits.adapts:
        budget = BUDGETS.get(effort, BUDGETS["xhigh"])
        found = {"thinking": {"type": "enabled", "budget_tokens": budget}}
    return found | ({"output_config": {"effort": effort}} if traits.takes_effort else {})
