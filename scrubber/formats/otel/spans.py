"""What a span holds: an agent's run, a call of a model or a tool, or something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.formats.amounts import count_of, micros_of
from scrubber.formats.conversations import Piece, tools_piece
from scrubber.formats.openai_messages import parse_arguments, text_or_none
from scrubber.formats.otel import messages
from scrubber.formats.otel.attributes import attributes_of, ms_of_ns, structured

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN, HIDDEN = Visibility.UI_ONLY, Visibility.HIDDEN
SILENT = frozenset({"schemaUrl", "schema_url"})
"""Members beside spans that are no event."""

_OPERATIONS = {
    **dict.fromkeys(("chat", "completion", "text_completion", "generate_content", "llm"), "chat"),
    **dict.fromkeys(("embeddings", "embedding", "rerank", "reranker"), "chat"),
    **dict.fromkeys(("invoke_agent", "create_agent", "invoke_workflow"), "agent"),
    **dict.fromkeys(("agent", "workflow", "chain", "plan"), "agent"),
    **dict.fromkeys(("execute_tool", "tool"), "tool"),
    "execute_hook": "hook",
}
_NAMED_BY = (
    "gen_ai.operation.name",
    "openinference.span.kind",
    "llm.request.type",
    "traceloop.span.kind",
)
_MODELS = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name")


class OtelDialect:
    """Spans, and the facts beside them."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """Never: conversations are put together from spans."""
        return False

    def is_message(self, value: JSON) -> bool:
        """A span or a member."""
        return isinstance(value, dict)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a record; of these a reader shows the ones that are new."""
        return list(_span(value) if is_span(value) else _members(value))


def is_span(value: JSON) -> bool:
    """Whether a value is a span."""
    return isinstance(value, dict) and "traceId" in value and "spanId" in value


def operation_of(attributes: dict[str, JSON]) -> str:
    """``chat``, ``agent``, ``tool``, ``hook``, or empty."""
    for key in _NAMED_BY:
        name = attributes.get(key)
        if isinstance(name, str) and (found := _OPERATIONS.get(name.lower())):
            return found
    told = messages.TOLD_PREFIXES
    if messages.INPUT in attributes or any(key.startswith(told) for key in attributes):
        return "chat"
    return ""


def model_of(attributes: dict[str, JSON]) -> str | None:
    """The model that answered, or was asked."""
    return next(filter(None, (text_or_none(attributes.get(key)) for key in _MODELS)), None)


def usage_of(attributes: dict[str, JSON]) -> Usage | None:
    """The bill of a call; what came from a cache is a part of what was put in."""
    of = "gen_ai.usage."
    prompt = count_of(
        attributes, of + "input_tokens", of + "prompt_tokens", "llm.token_count.prompt"
    )
    output = count_of(
        attributes, of + "output_tokens", of + "completion_tokens", "llm.token_count.completion"
    )
    cached = count_of(
        attributes,
        of + "cache_read.input_tokens",
        of + "cache_read_input_tokens",
        "llm.token_count.prompt_details.cache_read",
    )
    written = count_of(
        attributes,
        of + "cache_creation.input_tokens",
        of + "cache_creation_input_tokens",
        "llm.token_count.prompt_details.cache_write",
    )
    thought = count_of(
        attributes,
        of + "reasoning.output_tokens",
        of + "reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
    )
    cost = micros_of(attributes.get("gen_ai.usage.cost", attributes.get("llm.cost.total")))
    if not (prompt or output or cost):
        return None
    fresh = max(prompt - cached - written, 0)
    return Usage(fresh, cached, written, output, min(thought, output), prompt, cost)


def _members(value: dict[str, Any]) -> Iterator[Piece]:
    for key, item in value.items():
        if key in SILENT or item in (None, {}, []):
            continue
        told = item
        if key in ("resource", "scope", "instrumentationLibrary") and isinstance(item, dict):
            told = item | {"attributes": attributes_of(item.get("attributes"))}
        yield Piece(Kind.STATE, Role.NONE, Content((Data(told),)), HIDDEN, name=key, source=item)


def _span(span: dict[str, Any]) -> Iterator[Piece]:
    attributes = attributes_of(span.get("attributes"))
    begun, ended = (_ms(span.get(f"{key}TimeUnixNano")) for key in ("start", "end"))
    operation = operation_of(attributes)
    events = [e for e in _list(span.get("events")) if isinstance(e, dict)]
    yield _head(span, attributes, operation)._replace(ts=begun if operation == "chat" else ended)
    if operation == "chat":
        for piece in _conversation(attributes, events):
            is_answer = piece.branch
            yield piece._replace(ts=ended if is_answer else begun)
    elif operation == "tool":
        for piece in _tool(span, attributes):
            yield piece._replace(ts=begun if piece.kind is Kind.TOOL_CALL else ended)
    for event in events:
        if operation != "chat" or not messages.is_message_event(event):
            yield _event(event)


def _ms(given: JSON) -> int | None:
    ms = ms_of_ns(given)
    return int(ms) if ms is not None else None


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _head(span: dict[str, Any], attributes: dict[str, JSON], operation: str) -> Piece:
    """The event of a span itself, with all that no other event of it tells."""
    text = str(span.get("name") or "")
    agent, tool = attributes.get("gen_ai.agent.name"), attributes.get("gen_ai.tool.name")
    kind, name, shown = Kind.UNKNOWN, text_or_none(span.get("name")), SHOWN
    if operation == "chat":
        kind, name = Kind.MODEL_CALL, model_of(attributes)
    elif operation == "agent":
        kind, name = Kind.SPAN_END, text_or_none(agent) or name
    elif operation == "tool":
        kind, name = Kind.TOOL_DETAIL, text_or_none(tool) or name
    elif operation == "hook":
        kind = Kind.HOOK
    content = Content((Text(text),) if text else (), detail=_detail(span, attributes, operation))
    return Piece(
        kind,
        Role.NONE,
        content,
        shown,
        _mark(span),
        name=name,
        call_id=call_of(attributes),
        usage=usage_of(attributes) if operation == "chat" else None,
    )


def call_of(attributes: dict[str, JSON]) -> str | None:
    """The id of the call that a tool's span is of."""
    return text_or_none(attributes.get("gen_ai.tool.call.id"))


def _mark(span: dict[str, Any]) -> Mark:
    status = span.get("status")
    code = status.get("code") if isinstance(status, dict) else None
    return Mark.ERROR if code in (2, "STATUS_CODE_ERROR") else Mark.NONE


def _detail(span: dict[str, Any], attributes: dict[str, JSON], operation: str) -> JSON:
    rest = {k: v for k, v in span.items() if k not in ("attributes", "events") and v is not None}
    begun, ended = (ms_of_ns(span.get(f"{key}TimeUnixNano")) for key in ("start", "end"))
    if begun is not None and ended is not None:
        rest["duration_ms"] = round(ended - begun, 3)
    is_chat = operation == "chat"
    rest["attributes"] = {
        key: structured(value)
        for key, value in attributes.items()
        if not (is_chat and (key in messages.TOLD or key.startswith(messages.TOLD_PREFIXES)))
    }
    return rest


def _conversation(attributes: dict[str, JSON], events: list[JSON]) -> Iterator[Piece]:
    """What a call was given and what it gave; of the latter, ``branch`` is 1."""
    tools = structured(attributes.get(messages.TOOLS))
    if isinstance(tools, list) and tools:
        yield tools_piece(tools)
    told = messages.messages_of(attributes, events)
    for number, message in enumerate(told.sent):
        yield from messages.pieces_of_message(message, number, "user")
    for number, message in enumerate(told.answered, len(told.sent)):
        for piece in messages.pieces_of_message(message, number, "assistant"):
            yield piece._replace(branch=1)


def _tool(span: dict[str, Any], attributes: dict[str, JSON]) -> Iterator[Piece]:
    """The call and the result, for spans of calls that no message holds."""
    name = text_or_none(attributes.get("gen_ai.tool.name")) or text_or_none(
        attributes.get("tool.name")
    )
    call = call_of(attributes) or text_or_none(span.get("spanId"))
    given = _first(attributes, "gen_ai.tool.call.arguments", "input.value", "tool.parameters")
    result = _first(attributes, "gen_ai.tool.call.result", "output.value")
    if given is None and result is None:
        return
    content = Content(arguments=parse_arguments(given))
    yield Piece(Kind.TOOL_CALL, Role.ASSISTANT, content, SHOWN, Mark.NONE, name, call)
    if result is not None:
        blocks = messages.result_blocks(result)
        yield Piece(Kind.TOOL_RESULT, Role.TOOL, Content(blocks), SHOWN, _mark(span), name, call)


def _first(attributes: dict[str, JSON], *keys: str) -> JSON:
    return next((attributes[key] for key in keys if attributes.get(key) is not None), None)


def _event(event: dict[str, Any]) -> Piece:
    """Something that happened during a span: a failure, or a note."""
    attributes, name = attributes_of(event.get("attributes")), text_or_none(event.get("name"))
    is_failure = name == "exception"
    text = attributes.get("exception.message") if is_failure else attributes.get("content")
    blocks = (Text(text),) if isinstance(text, str) and text else (Data(attributes),)
    kind, marks = (Kind.ERROR, Mark.ERROR) if is_failure else (Kind.NOTICE, Mark.NONE)
    ts = _ms(event.get("timeUnixNano"))
    content = Content(blocks, detail=attributes)
    return Piece(kind, Role.NONE, content, SHOWN, marks, name=name, ts=ts)
