"""The spans that Copilot Chat keeps in SQLite, as lines of OTLP/JSON.

Tables ``spans``, ``span_attributes`` and ``span_events``. Lines are in the order of the spans'
ends, which is that in which they were written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.openai_messages import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.sqlite_rows import Database

TABLES = frozenset({"spans", "span_attributes", "span_events"})

_OWN = ("span_id", "trace_id", "parent_span_id", "name", "start_time_ms", "end_time_ms")
_STATUS = ("status_code", "status_message")
_COLUMNS = {
    "operation_name": "gen_ai.operation.name",
    "provider_name": "gen_ai.provider.name",
    "agent_name": "gen_ai.agent.name",
    "conversation_id": "gen_ai.conversation.id",
    "request_model": "gen_ai.request.model",
    "response_model": "gen_ai.response.model",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "cached_tokens": "gen_ai.usage.cache_read.input_tokens",
    "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
    "tool_name": "gen_ai.tool.name",
    "tool_call_id": "gen_ai.tool.call.id",
    "tool_type": "gen_ai.tool.type",
    "chat_session_id": "copilot_chat.chat_session_id",
    "turn_index": "copilot_chat.turn_index",
    "ttft_ms": "copilot_chat.time_to_first_token",
}
_NUMBERS = frozenset(name for column, name in _COLUMNS.items() if column.endswith("tokens"))


def lines(database: Database) -> Iterator[bytes]:
    """One line a span."""
    for row in database.rows("SELECT * FROM spans ORDER BY end_time_ms, span_id"):
        name = (row.get("span_id"),)
        attributes = database.rows("SELECT * FROM span_attributes WHERE span_id = ?", name)
        query = "SELECT * FROM span_events WHERE span_id = ? ORDER BY timestamp_ms, id"
        span = _span(row, {str(a.get("key")): a.get("value") for a in attributes})
        span["events"] = [_event(event) for event in database.rows(query, name)]
        batch = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
        yield orjson.dumps(batch, default=repr) + b"\n"


def _span(row: dict[str, Any], attributes: dict[str, JSON]) -> dict[str, Any]:
    rest = {
        _COLUMNS.get(column, column): value
        for column, value in row.items()
        if column not in _OWN + _STATUS and value is not None
    }
    return {
        "traceId": row.get("trace_id"),
        "spanId": row.get("span_id"),
        "parentSpanId": row.get("parent_span_id"),
        "name": row.get("name"),
        "startTimeUnixNano": _nano(row.get("start_time_ms")),
        "endTimeUnixNano": _nano(row.get("end_time_ms")),
        "attributes": _listed(rest | attributes),
        "status": {"code": row.get("status_code"), "message": row.get("status_message")},
    }


def _event(row: dict[str, Any]) -> dict[str, Any]:
    given = row.get("attributes")
    value = parse_json(given) if isinstance(given, str) else None
    attributes = value if isinstance(value, dict) else {"attributes": given}
    time = _nano(row.get("timestamp_ms"))
    return {"timeUnixNano": time, "name": row.get("name"), "attributes": _listed(attributes)}


def _listed(attributes: dict[str, JSON]) -> list[JSON]:
    return [{"key": key, "value": _any(key, value)} for key, value in attributes.items()]


def _any(key: str, value: JSON) -> JSON:
    """Numbers are text in the table of attributes."""
    is_number = key in _NUMBERS and isinstance(value, str) and value.isascii() and value.isdigit()
    if is_number or (isinstance(value, int) and not isinstance(value, bool)):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    text = value if isinstance(value, str) else orjson.dumps(value, default=repr).decode()
    return {"stringValue": text}


def _nano(ms: JSON) -> str | None:
    if not isinstance(ms, (int, float)) or not 0 < ms < 1e14:
        return None
    return str(round(ms * 1000) * 1000)
