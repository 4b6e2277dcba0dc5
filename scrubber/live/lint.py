"""What a model would stumble over, before anything is sent, and what can be done about it.

The lint of a cut (``scrubber.core.lint``) looks at its end; this one at the whole conversation, as
a provider would get it. Nothing is repaired that was not agreed to, and what was is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.core.events import Kind, Mark, Origin, Role
from scrubber.live.pictures import count_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.events import Event
    from scrubber.core.messages import Message
    from scrubber.core.policy import Policy
    from scrubber.live.context import Context
    from scrubber.live.provider import Forecast, Provider, Request

UNTOUCHED = frozenset({Origin.RECORDED, Origin.RESAMPLED})
"""Origins of what a model really said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a request, or will be done to it."""

    code: str
    text: str
    repair: str
    """What is done about it, if that is agreed to; empty where nothing can be done."""
    is_refused: bool = False
    """Whether a provider refuses the request as it is."""


def findings(
    context: Context,
    open_calls: list[Event],
    policy: Policy,
    provider: Provider,
    forecast: Forecast | None = None,
) -> list[Finding]:
    """All that is worth telling, in the order of the conversation."""
    if provider.plays_user:
        return [Finding("provider", text, "") for text in provider.objections(context.request)]
    found = [
        *_system(context),
        *_abandoned(context),
        *_seals(context.request.messages),
        *_tools(context),
        *_order(context.request.messages),
        *_pictures(context.request, provider),
        *_open(open_calls, policy),
        *_length(forecast),
    ]
    return found + [Finding("provider", text, "") for text in provider.objections(context.request)]


def _system(context: Context) -> Iterator[Finding]:
    if not any(m.role in (Role.SYSTEM, Role.DEVELOPER) for m in context.request.messages):
        yield Finding(
            "missing_system",
            "the conversation has no system prompt: its source does not record one",
            "go on without one, or give one",
        )


def _abandoned(context: Context) -> Iterator[Finding]:
    if context.closed:
        calls = count(context.closed, "call")
        text = f"{calls} further up got no result"
        yield Finding("abandoned_call", text, "answer as interrupted", is_refused=True)
    if context.stray:
        text = f"{count(context.stray, 'result')} answers no call of the conversation"
        yield Finding("orphan_result", text, "leave out", is_refused=True)


def _seals(messages: tuple[Message, ...]) -> Iterator[Finding]:
    broken = [m for m in messages if _has_seal(m) and not m.origins <= UNTOUCHED]
    if broken:
        text = f"{count(len(broken), 'message')} with signed reasoning was edited"
        yield Finding("broken_seal", text, "leave the reasoning out", is_refused=True)


def _has_seal(message: Message) -> bool:
    return any(event.marks & Mark.SEALED for event, _ in message.items)


def _tools(context: Context) -> Iterator[Finding]:
    known = {tool.name for tool in context.request.tools}
    called = {
        event.name
        for message in context.request.messages
        for event, _ in message.items
        if event.kind is Kind.TOOL_CALL and event.name
    }
    if missing := sorted(called - known):
        names = ", ".join(missing[:6]) + ("…" if len(missing) > 6 else "")
        yield Finding(
            "unknown_tool",
            f"{count(len(missing), 'tool')} was called and is not defined: {names}",
            "define from the recorded calls",
        )


def _order(messages: tuple[Message, ...]) -> Iterator[Finding]:
    said = [m for m in messages if m.role not in (Role.SYSTEM, Role.DEVELOPER)]
    if said and said[0].role is not Role.USER:
        yield Finding(
            "role_order",
            f"the conversation begins with the {said[0].role.label}, not with the user",
            "put a user message in front that says so",
            is_refused=True,
        )
    if not said:
        yield Finding("empty", "nothing has been said yet", "", is_refused=True)


def _pictures(request: Request, provider: Provider) -> Iterator[Finding]:
    number = count_pictures(request.messages)
    if number and provider.takes_pictures(request) is False:
        text = f"{count(number, 'picture')}, and the model takes none"
        yield Finding("pictures", text, "put a note in the place of each", is_refused=True)


def _open(open_calls: list[Event], policy: Policy) -> Iterator[Finding]:
    for call in open_calls:
        rungs = ", then ".join(policy.ladder(call.name or "").rungs)
        yield Finding(
            "open_call",
            f"{call.name or 'tool'} call #{call.index + 1} waits for its result",
            f"answer by the policy: {rungs}",
        )


def _length(forecast: Forecast | None) -> Iterator[Finding]:
    if forecast is None or forecast.window is None or forecast.tokens <= forecast.window:
        return
    text = f"{forecast.tokens:,} tokens are more than the model's window of {forecast.window:,}"
    yield Finding("too_long", text, "compact the older messages", is_refused=True)
