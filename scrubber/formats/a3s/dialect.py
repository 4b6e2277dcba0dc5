"""The object of an a3s-code session, to events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.formats.a3s.shapes import STATES, message_pieces
from scrubber.formats.amounts import count_of, micros_of
from scrubber.formats.base import parse_time
from scrubber.formats.conversations import Piece, fields_piece
from scrubber.formats.documents import part_of
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLD = frozenset({"messages", "tasks", "todos", "cost_records"})
_OWN = ("auto_compact_threshold", "storage_type", "max_context_length", "workspace")
_SIGNS = {"completed": "x", "in_progress": ">", "failed": "!", "skipped": "-", "cancelled": "-"}


class A3sDialect:
    """Session objects."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """A session has its configuration, its state, and a list of messages."""
        if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
            return False
        config = value.get("config")
        has_config = isinstance(config, dict) and any(key in config for key in _OWN)
        return has_config and ("state" in value or "context_usage" in value)

    def is_message(self, value: JSON) -> bool:
        """Messages never stand alone."""
        return False

    def pieces(self, value: JSON) -> list[Piece]:
        """What is told of the session, its messages, its tasks and its bill."""
        found = fields_piece(value, _TOLD)
        if prompt := text_or_none(part_of(value, "config").get("system_prompt")):
            content = Content((Text(prompt),))
            found.append(Piece(Kind.MESSAGE, Role.SYSTEM, content, source=prompt))
        for number, message in enumerate(value["messages"]):
            found += message_pieces(message, number)
        return [*found, *_tasks(value), *_bill(value), *_end(value)]


def _tasks(value: dict[str, Any]) -> Iterator[Piece]:
    tasks = value.get("tasks", value.get("todos"))
    if not isinstance(tasks, list) or not tasks:
        return
    text = "\n".join(_task(task) for task in tasks if isinstance(task, dict))
    content = Content((Text(text),), detail=tasks)
    yield Piece(Kind.PLAN, Role.NONE, content, Visibility.UI_ONLY)


def _task(task: dict[str, Any]) -> str:
    told = task.get("content", task.get("description", ""))
    return f"[{_SIGNS.get(str(task.get('status')), ' ')}] {told}"


def _bill(value: dict[str, Any]) -> Iterator[Piece]:
    """Each call that was billed; the totals, where there is no record of calls."""
    records = value.get("cost_records")
    calls = [r for r in records if isinstance(r, dict)] if isinstance(records, list) else []
    for record in calls:
        yield _call(record, micros_of(record.get("cost_usd")))
    total = value.get("total_usage")
    if not calls and isinstance(total, dict) and any(count_of(total, key) for key in total):
        yield _call(total, micros_of(value.get("total_cost")) or None)


def _call(record: dict[str, Any], cost: int | None) -> Piece:
    prompt, output = count_of(record, "prompt_tokens"), count_of(record, "completion_tokens")
    return Piece(
        Kind.USAGE,
        Role.NONE,
        Content(detail=record),
        Visibility.HIDDEN,
        name=text_or_none(record.get("model")),
        ts=parse_time(record.get("timestamp")),
        usage=Usage(prompt, output=output, context=prompt, cost_micros=cost),
    )


def _end(value: dict[str, Any]) -> Iterator[Piece]:
    state = value.get("state")
    if state in STATES[3:]:
        marks = Mark.ERROR if state == "Error" else Mark.NONE
        content = Content((Text(str(state)),))
        yield Piece(Kind.SESSION_END, Role.NONE, content, Visibility.UI_ONLY, marks=marks)
