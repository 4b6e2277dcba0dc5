"""What an API cannot take of a request, in sentences; told before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.core.events import Kind, Role
from scrubber.formats.anthropic_turns import turn_blocks
from scrubber.live.wire.anthropic import OFF, conversation, has_reasoning
from scrubber.live.wire.tools import runs_at_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.core.messages import Message
    from scrubber.live.provider import Request
    from scrubber.live.wire.anthropic import ClaudeTraits
    from scrubber.live.wire.openai import ChatTraits

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def anthropic_objections(request: Request, traits: ClaudeTraits) -> list[str]:
    """What Anthropic's Messages API has no place for, or refuses."""
    params = request.params
    thinks = params.reasoning_effort not in (None, OFF)
    said = [
        (params.seed is not None, "Anthropic's API takes no seed: it is left out"),
        ((params.temperature or 0) > 1, "Anthropic's API takes a temperature of 0 to 1"),
        (
            thinks and params.temperature is not None,
            "Anthropic's API takes no temperature while the model reasons",
        ),
        (_moves_system(request), "system messages of later on are moved to the front"),
        (
            traits.binds_reasoning and has_reasoning(conversation(request)),
            f"{params.model} takes its reasoning only behind what it came after: "
            "what does not fit there is dropped",
        ),
        *_continuing(request, traits, thinks),
    ]
    left_out = sum(
        event.kind is Kind.REASONING
        and not turn_blocks(request.transcript, message, event, content)
        for message, event, content in _events(request)
    )
    return [
        *(text for applies, text in said if applies),
        *_left_out(left_out, "that Anthropic did not sign, or whose message was edited"),
        *_tools(request),
    ]


def openai_objections(request: Request, traits: ChatTraits) -> list[str]:
    """What OpenAI's chat completions have no place for, or refuse."""
    events = [(event, content) for _, event, content in _events(request)]
    reasoning = [content for event, content in events if event.kind is Kind.REASONING]
    failed = sum(event.kind is Kind.TOOL_RESULT and event.is_error for event, _ in events)
    said = [
        (
            request.continues_reply and traits.is_strict,
            "OpenAI's models do not go on with a message of theirs: they begin a new one",
        ),
        (len(request.params.stop) > 4, "OpenAI's API takes up to 4 stop sequences"),
        (bool(failed), f"{count(failed, 'result')} cannot be marked as a failure"),
    ]
    unsent = len(reasoning) if traits.reasoning is None else sum(not c.text for c in reasoning)
    return [
        *(text for applies, text in said if applies),
        *_left_out(unsent, "for which the API has no place"),
        *_tools(request),
    ]


def _continuing(request: Request, traits: ClaudeTraits, thinks: bool) -> Iterator[tuple[bool, str]]:
    """What stands in the way of going on with the model's own words."""
    if not request.continues_reply:
        return
    yield traits.adapts, f"{request.params.model} does not go on with a message of its own"
    yield thinks, "a message cannot be gone on with while the model reasons"
    last, content = request.messages[-1].items[-1]
    ends_blank = last.kind is Kind.MESSAGE and content.text != content.text.rstrip()
    yield ends_blank, "Anthropic's API goes on with no text that ends with white space"


def _moves_system(request: Request) -> bool:
    said = False
    for message in request.messages:
        if message.role not in (Role.SYSTEM, Role.DEVELOPER):
            said = True
        elif said:
            return True
    return False


def _left_out(number: int, why: str) -> Iterator[str]:
    if number:
        pieces = "1 piece" if number == 1 else f"{number:,} pieces"
        yield f"{pieces} of reasoning {'is' if number == 1 else 'are'} left out, {why}"


def _tools(request: Request) -> Iterator[str]:
    for tool in request.tools:
        if runs_at_provider(tool):
            yield f"the tool {tool.name} is not offered: the provider itself would run it"
        elif not _NAME.fullmatch(tool.name):
            yield f"a tool cannot be called {tool.name!r}: letters, digits, _ and -, up to 64"


def _events(request: Request) -> Iterator[tuple[Message, Event, Content]]:
    for message in request.messages:
        for event, content in message.items:
            yield message, event, content
