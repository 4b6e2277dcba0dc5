"""What a record of the Responses API holds: what was asked, what was answered, and the bill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.formats.amounts import count_of, ms_of
from scrubber.formats.conversations import Piece, fields_piece, tools_piece, unknown_piece
from scrubber.formats.openai_messages import ROLES, text_or_none
from scrubber.formats.responses_items import item_content, item_pieces, part_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHERS = frozenset(
    {"item_reference", "compaction", "mcp_list_tools", "mcp_approval_request"}
    | {"mcp_approval_response", "program", "program_output"}
)
_TYPED_PARTS = ("input_text", "output_text", "input_image", "input_file", "input_audio")
_KNOWN = frozenset(
    {"id", "object", "model", "instructions", "input", "output", "tools", "usage", "created_at"}
    | {"error", "incomplete_details", "request", "response", "body"}
)
_ONLY_HERE = ("previous_response_id", "instructions", "max_output_tokens", "text", "truncation")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was sent and what came back, either of which a record may lack."""

    request: dict[str, Any]
    response: dict[str, Any]
    outer: dict[str, Any]
    """The record itself, where it only wraps them."""
    is_sure: bool
    """Whether it can be nothing else."""

    @property
    def input(self) -> list[JSON]:
        """The items sent; a plain text is one of the user's."""
        given = self.request.get("input", self.response.get("input"))
        if isinstance(given, str):
            return [{"role": "user", "content": given}]
        return given if isinstance(given, list) else []

    @property
    def output(self) -> list[JSON]:
        """The items that came back."""
        given = self.response.get("output")
        return given if isinstance(given, list) else []

    @property
    def id(self) -> str | None:
        """The id of the response."""
        return text_or_none(self.response.get("id"))

    @property
    def previous(self) -> str | None:
        """The id of the response that this one goes on from."""
        for place in (self.response, self.request):
            if found := text_or_none(place.get("previous_response_id")):
                return found
        return None

    def get(self, key: str) -> JSON:
        """A fact of either side, the request's first."""
        found = self.request.get(key)
        return found if found is not None else self.response.get(key)


def exchange_of(value: JSON) -> Exchange | None:
    """The request and the response of a record, None if it is neither."""
    if not isinstance(value, dict):
        return None
    request, response = _body(value.get("request")), _body(value.get("response"))
    if response is None and "input" in value and isinstance(value.get("body"), dict):
        return None
    if request is None and (found := _body(value)) is not value:
        request = found
    if _is_response(response) or (request is not None and _is_request(request)):
        sure = _is_response(response) or any(key in (request or {}) for key in _ONLY_HERE)
        return Exchange(request or {}, response or {}, value, sure)
    if _is_response(value):
        return Exchange({}, value, {}, value.get("object") == "response")
    if isinstance(value.get("output"), list) and _are_items(value["output"]) and "input" in value:
        return Exchange(value, value, {}, "previous_response_id" in value) if _asks(value) else None
    if _is_request(value):
        return Exchange(value, {}, {}, any(key in value for key in _ONLY_HERE[:2]))
    return None


def _body(value: JSON) -> dict[str, Any] | None:
    """What a batch wraps as ``body``."""
    if not isinstance(value, dict):
        return None
    body = value.get("body")
    return body if isinstance(body, dict) else value


def _is_response(value: JSON) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("output"), list):
        return False
    is_named = value.get("object") == "response" or str(value.get("id")).startswith("resp_")
    return is_named and _are_items(value["output"])


def _is_request(value: dict[str, Any]) -> bool:
    """A request with items, or with a text and what tells that it is a request."""
    if not _asks(value):
        return False
    is_told = "model" in value and any(key in value for key in (*_ONLY_HERE, "tools", "store"))
    return is_told if isinstance(value["input"], str) else True


def _asks(value: dict[str, Any]) -> bool:
    given = value.get("input")
    return isinstance(given, str) or (isinstance(given, list) and bool(given) and _are_items(given))


def _are_items(value: list[JSON]) -> bool:
    return all(map(is_item, value[:4]))


def is_item(value: JSON) -> bool:
    """Whether a value is an item of the API, or a message as it takes them."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind == "reasoning":
        return isinstance(value.get("summary"), list)
    if kind == "compaction":
        return "encrypted_content" in value
    if kind == "message" or (kind is None and str(value.get("role")) in ROLES):
        return "content" in value and "role" in value and "tool_calls" not in value
    return str(kind) in _OTHERS or (kind is not None and bool(item_pieces(value)))


def is_own_item(value: JSON) -> bool:
    """Whether an item can be of no other dialect of messages."""
    if not is_item(value):
        return False
    content = value.get("content")
    parts = content if isinstance(content, list) else ()
    is_typed = any(isinstance(p, dict) and p.get("type") in _TYPED_PARTS for p in parts)
    return is_typed or ("type" in value and value["type"] != "message") or "phase" in value


class ResponsesDialect:
    """Conversations whose turns are items."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """A list of items, a request, a response, or both."""
        if isinstance(value, list):
            return bool(value) and _are_items(value)
        return not is_item(value) and exchange_of(value) is not None

    def is_message(self, value: JSON) -> bool:
        """An item by itself."""
        return is_item(value)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a conversation or of an item."""
        if isinstance(value, list):
            return list(_items(value, 0))
        exchange = None if is_item(value) else exchange_of(value)
        return list(_items([value], 0) if exchange is None else _exchange(exchange))


def _exchange(exchange: Exchange) -> Iterator[Piece]:
    sides = [exchange.outer, exchange.request, exchange.response]
    for place in sides[: 2 if exchange.request is exchange.response else 3]:
        yield from fields_piece(place, _KNOWN)
    if instructions := exchange.get("instructions"):
        yield from _instructions(instructions)
    if tools := exchange.get("tools"):
        yield tools_piece(tools)
    asked = list(_items(exchange.input, 0))
    yield from asked
    number = asked[-1].message + 1 if asked else 0
    yield from _answer(exchange, number)


def _instructions(instructions: JSON) -> Iterator[Piece]:
    """The system prompt, a text or items, by a name of its own: it is no item of the input."""
    if isinstance(instructions, list):
        yield from (piece._replace(source=None, message=-1) for piece in _items(instructions, 0))
    else:
        content = Content(part_blocks(instructions))
        yield Piece(Kind.MESSAGE, Role.SYSTEM, content, name="instructions")


def _answer(exchange: Exchange, number: int) -> Iterator[Piece]:
    """All that one response says is one message; its bill stands on the first of it."""
    response = exchange.response
    ts, usage = ms_of(response.get("created_at")), usage_of(response.get("usage"))
    for piece in _items(exchange.output, number):
        yield piece._replace(message=number, ts=ts, usage=usage)
        usage = None
    if usage is not None:
        hidden = Visibility.HIDDEN
        content = Content((Data(response["usage"]),))
        yield Piece(Kind.USAGE, Role.NONE, content, hidden, ts=ts, usage=usage)
    for key in ("error", "incomplete_details"):
        if (told := response.get(key)) and isinstance(told, dict):
            words = str(told.get("message") or told.get("reason") or key)
            kind = Kind.ERROR if key == "error" else Kind.NOTICE
            marks = Mark.ERROR if key == "error" else Mark.NONE
            content = Content((Text(words),), detail=told)
            yield Piece(kind, Role.NONE, content, Visibility.UI_ONLY, marks, ts=ts)


def _items(items: list[JSON], number: int) -> Iterator[Piece]:
    """The events of items; what the model says in a row is one message."""
    said_last = False
    for item in items:
        pieces = _item(item, number)
        says = pieces[0].role is Role.ASSISTANT
        if not (says and said_last):
            number += 1
        said_last = says
        yield from (piece._replace(message=number - 1, source=item) for piece in pieces)


def _item(item: JSON, number: int) -> list[Piece]:
    if not isinstance(item, dict):
        return [unknown_piece(item, number)]
    kind = str(item.get("type"))
    if kind in _OTHERS:
        return [_other(item, kind)]
    found = item_pieces(item)
    return [
        Piece(p.kind, p.role, item_content(p), p.visibility, p.marks, p.name, p.call_id)
        for p in found
    ] or [unknown_piece(item, number)]


def _other(item: dict[str, Any], kind: str) -> Piece:
    if kind == "compaction":
        seal = text_or_none(item.get("encrypted_content"))
        sealed = Content(signature=seal, detail=item)
        return Piece(Kind.CONTEXT, Role.ASSISTANT, sealed, marks=Mark.SEALED, name="compaction")
    if kind == "mcp_list_tools":
        content = Content((Data(item.get("tools")),), detail=item)
        return Piece(Kind.CONTEXT, Role.NONE, content, name=str(item.get("server_label") or "mcp"))
    if kind.startswith("mcp_approval"):
        return Piece(Kind.APPROVAL, Role.NONE, _told(item, "name", "approve"), Visibility.UI_ONLY)
    if kind == "item_reference":
        return Piece(Kind.LINK, Role.NONE, _told(item, "id"), Visibility.UI_ONLY)
    return unknown_piece(item, 0)


def _told(item: dict[str, Any], *keys: str) -> Content:
    words = [f"{key} {item[key]}" for key in keys if item.get(key) is not None]
    return Content((Text(", ".join(words) or str(item.get("type"))),), detail=item)


def usage_of(usage: JSON) -> Usage | None:
    """The bill of a response; its input tokens hold the cached ones."""
    if not isinstance(usage, dict):
        return None
    prompt, output = count_of(usage, "input_tokens"), count_of(usage, "output_tokens")
    cached = min(count_of(usage.get("input_tokens_details"), "cached_tokens"), prompt)
    written = count_of(usage.get("input_tokens_details"), "cache_write_tokens")
    reasoning = count_of(usage.get("output_tokens_details"), "reasoning_tokens")
    if not prompt and not output:
        return None
    fresh = max(prompt - cached - written, 0)
    return Usage(fresh, cached, written, output, min(reasoning, output), prompt)
