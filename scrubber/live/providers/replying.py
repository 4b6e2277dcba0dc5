"""The library's events of a streamed reply, as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_ai.messages import (
    PartDeltaEvent,
    PartEndEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
)

from scrubber.core.content import JSON, Content, Text, text_content
from scrubber.core.events import Kind, Usage
from scrubber.formats.openai_messages import parse_arguments
from scrubber.live.errors import ProviderError
from scrubber.live.parts import Began, Ended, Grew, Part, Replied, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.usage import RequestUsage

_STOPS = {
    "stop": Stop.END,
    "length": Stop.LENGTH,
    "content_filter": Stop.REFUSED,
    "tool_call": Stop.TOOL_USE,
}
_Known = TextPart | ThinkingPart | ToolCallPart
BROKEN_OFF = "The reply broke off before its end. What has come is kept."


class Reply:
    """One reply while it comes in."""

    def __init__(self, is_chat: bool) -> None:
        """``is_chat``: of chat completions, not of Anthropic's messages."""
        self._is_chat = is_chat
        self._open: dict[int, _Known] = {}
        """Parts that have begun and not ended, as they were when they began."""
        self._told: set[int] = set()
        """Parts of which something was told: an empty block is nothing that was said."""
        self._next = 0

    def take(self, event: object) -> Iterator[Part]:
        """What an event of the library tells; nothing, if it is of no use here."""
        match event:
            case PartStartEvent(
                index=index, part=TextPart() | ThinkingPart() | ToolCallPart() as part
            ):
                self._open[index] = part
                self._next = max(self._next, index + 1)
                yield from self._began(index, part)
            case PartDeltaEvent(index=index, delta=delta):
                yield from self._grew(index, _text_of(delta))
            case PartEndEvent(
                index=index, part=TextPart() | ThinkingPart() | ToolCallPart() as part
            ):
                # A part is said to end when another begins, though pieces of several calls may
                # come in turn; and the last one when the stream is over, for whatever reason.
                self._open[index] = part
                if event.next_part_kind and not (self._is_chat and isinstance(part, ToolCallPart)):
                    yield from self._ended(index, part)

    def end(self, whole: ModelResponse) -> Iterator[Part]:
        """What is told when the stream is over; a ProviderError if it ended too early."""
        details = whole.provider_details or {}
        refusal = str(details.get("refusal") or "") if self._is_chat else ""
        has_stop = "finish_reason" in details or bool(refusal)
        calls = [part for part in whole.parts if isinstance(part, ToolCallPart)]
        if not has_stop and not (self._is_chat and all(map(_is_whole, calls))):
            raise ProviderError(BROKEN_OFF)
        waiting = sum(isinstance(part, ToolCallPart) for part in self._open.values())
        latest = iter(calls[len(calls) - waiting :])
        for index, part in sorted(self._open.items()):
            is_call = isinstance(part, ToolCallPart)
            yield from self._ended(index, next(latest) if is_call else part)
        if refusal:
            yield from self._refused(refusal)
        stop = _STOPS.get(whole.finish_reason or "", Stop.UNKNOWN) if has_stop else Stop.UNKNOWN
        name, number = whole.model_name or "", whole.provider_response_id
        yield Replied(stop, usage_of(whole.usage), name, number)

    def _began(self, index: int, part: _Known) -> Iterator[Part]:
        if isinstance(part, ToolCallPart):
            self._told.add(index)
            yield Began(index, Kind.TOOL_CALL, part.tool_name, part.tool_call_id)
            yield from self._grew(index, part.args if isinstance(part.args, str) else "")
        else:
            yield from self._grew(index, part.content)

    def _grew(self, index: int, text: str) -> Iterator[Part]:
        if not text or index not in self._open:
            return
        if index not in self._told:
            self._told.add(index)
            yield Began(index, _kind_of(self._open[index]))
        yield Grew(index, text)

    def _ended(self, index: int, part: _Known) -> Iterator[Part]:
        del self._open[index]
        kind, content = _kind_of(part), _content_of(part)
        if index not in self._told:
            if not content.signature:
                return
            yield Began(index, kind)
        name, call = None, None
        if isinstance(part, ToolCallPart):
            name, call = part.tool_name, part.tool_call_id
        yield Ended(index, kind, content, name, call)

    def _refused(self, words: str) -> Iterator[Part]:
        """OpenAI puts the words of a refusal beside the content; the library tells them last."""
        yield Began(self._next, Kind.MESSAGE)
        yield Grew(self._next, words)
        yield Ended(self._next, Kind.MESSAGE, text_content(words))


def _text_of(delta: object) -> str:
    match delta:
        case TextPartDelta(content_delta=text):
            return text
        case ThinkingPartDelta(content_delta=str(text)):
            return text
        case ToolCallPartDelta(args_delta=str(text)):
            return text
    return ""


def _kind_of(part: _Known) -> Kind:
    if isinstance(part, ToolCallPart):
        return Kind.TOOL_CALL
    return Kind.REASONING if isinstance(part, ThinkingPart) else Kind.MESSAGE


def _content_of(part: _Known) -> Content:
    if isinstance(part, ToolCallPart):
        return Content(arguments=_arguments(part.args))
    blocks = (Text(part.content),) if part.content else ()
    signature = part.signature if isinstance(part, ThinkingPart) else None
    return Content(blocks, signature=signature or None)


def _arguments(given: JSON) -> JSON:
    """An object, or the text that is none; a call without arguments has none."""
    if not given or (isinstance(given, str) and not given.strip()):
        return {}
    return parse_arguments(given)


def usage_of(told: RequestUsage) -> Usage | None:
    """The tokens of a reply as the provider counted them; None if it did not say."""
    if told.unmeasured_requests:
        return None
    cached = told.cache_read_tokens + told.cache_write_tokens
    return Usage(
        max(told.input_tokens - cached, 0),
        told.cache_read_tokens,
        told.cache_write_tokens,
        told.output_tokens,
        told.output_reasoning_tokens,
        told.input_tokens,
    )


def _is_whole(call: ToolCallPart) -> bool:
    """Whether a call can be all there was of it: half of its arguments are no JSON."""
    return isinstance(_arguments(call.args), dict)
