"""The events that a run adds: replies, results, prompts, and what is told about the run."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.content import JSON, Content, Image, text_content
from scrubber.core.events import Draft, Event, Kind, Mark, Origin, Role, Usage, Visibility, one_line
from scrubber.core.telling import telling_argument

if TYPE_CHECKING:
    from scrubber.live.desk import Answer

Item = tuple[Draft, Content]
"""An event to be, and what it holds."""

TOLD = "told"
"""Key in the detail of an event's content: what the run knows about how it came to be."""


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def reply_part(
    kind: Kind,
    content: Content,
    origin: Origin,
    group: str,
    *,
    name: str | None = None,
    call_id: str | None = None,
    marks: Mark = Mark.NONE,
) -> Item:
    """A part of the model's reply."""
    is_call = kind is Kind.TOOL_CALL
    text = telling_argument(content.arguments) if is_call else content.text
    size = len(to_json(content.arguments)) if is_call else len(content.text)
    if content.signature:
        marks |= Mark.SEALED
    draft = Draft(
        kind,
        one_line(text),
        Role.ASSISTANT,
        origin=origin,
        marks=marks,
        ts=now_ms(),
        name=name,
        call_id=call_id,
        group_id=group,
        size=size,
    )
    return draft, content


def result(call: Event, answer: Answer) -> Item:
    """A tool's result, with the rung that it came from."""
    text = answer.content.text
    marks = Mark.ERROR if answer.is_error else Mark.NONE
    if answer.content.images:
        marks |= Mark.IMAGE
    draft = Draft(
        Kind.TOOL_RESULT,
        one_line(text) or ("[image]" if answer.content.images else ""),
        Role.TOOL,
        origin=answer.origin,
        marks=marks,
        ts=now_ms(),
        name=call.name,
        call_id=call.call_id,
        size=len(text),
    )
    detail: JSON = answer.content.detail
    told = {TOLD: {"rung": answer.rung}, **({"detail": detail} if detail is not None else {})}
    content = Content(answer.content.blocks, detail=told)
    return draft, content


def prompt(content: Content, role: Role = Role.USER, origin: Origin = Origin.TYPED) -> Item:
    """What a person says to the model, or a system prompt."""
    marks = Mark.IMAGE if content.images else Mark.NONE
    text = one_line(content.text) or ("[image]" if content.images else "")
    size = len(content.text)
    draft = Draft(Kind.MESSAGE, text, role, origin=origin, marks=marks, ts=now_ms(), size=size)
    return draft, content


def typed(text: str, images: tuple[Image, ...] = ()) -> Content:
    """What a person has typed, with pictures."""
    return Content((*text_content(text).blocks, *images)) if text else Content(tuple(images))


def told(
    kind: Kind,
    text: str,
    facts: dict[str, Any],
    *,
    name: str | None = None,
    usage: Usage | None = None,
    visibility: Visibility = Visibility.HIDDEN,
    marks: Mark = Mark.NONE,
) -> Item:
    """Something about the run that no model sees: a model call, its usage, an error, the end."""
    value = {key: fact for key, fact in facts.items() if fact is not None}
    content = Content(detail=value or None)
    draft = Draft(
        kind,
        one_line(text),
        visibility=visibility,
        origin=Origin.SYNTHETIC,
        marks=marks,
        ts=now_ms(),
        name=name,
        size=len(to_json(value)),
        usage=usage,
    )
    return draft, content


def usage_facts(usage: Usage) -> dict[str, Any]:
    """A usage as facts, without what is nothing."""
    return {key: value for key, value in asdict(usage).items() if value}


def to_json(value: JSON) -> bytes:
    """Compact JSON."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
