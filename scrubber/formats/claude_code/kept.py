"""What of a Claude Code session goes into an exported one; known before the first line of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.events import Event, Kind
from scrubber.core.messages import Survey, survey_of
from scrubber.core.tally import is_spoken
from scrubber.formats.anthropic_messages import UNTOUCHED, api_id
from scrubber.formats.claude_code.pieces import Record, pieces_of
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from scrubber.core.transcript import Transcript

_IN_CHAIN = ("user", "assistant", "attachment", "system")
"""Records with a place in the conversation. ``progress`` has one too, but is only for the screen;
titles, snapshots and the like have none."""


@dataclass(slots=True)
class Plan:
    """What later events of a session say about how earlier ones are written."""

    survey: Survey
    edited: set[str] = field(default_factory=set)
    """Messages of which a part was edited by hand."""
    native: set[str] = field(default_factory=set)
    """Messages that Claude Code recorded."""
    unanswered: set[str] = field(default_factory=set)
    """Calls that no result answers."""

    def api_id(self, call: Event) -> str:
        """The id of a call as it stands in the file."""
        if call.group_id in self.native and call.call_id:
            return call.call_id
        return api_id(call)


def plan_of(transcript: Transcript) -> Plan:
    """Read the events of a session once."""
    plan = Plan(survey_of(transcript))
    for event in plan.survey.kept(transcript.events()):
        if not is_spoken(event.kind, event.role, event.visibility):
            continue
        if event.kind is Kind.TOOL_CALL and event.call_id:
            plan.unanswered.add(event.call_id)
        elif event.kind is Kind.TOOL_RESULT and event.call_id:
            plan.unanswered.discard(event.call_id)
        if event.group_id is None:
            continue
        if event.origin not in UNTOUCHED:
            plan.edited.add(event.group_id)
        if transcript.format_of(event) == "claude-code":
            plan.native.add(event.group_id)
    return plan


def parse(raw: bytes) -> Record:
    """A record's value; empty where it cannot be read."""
    try:
        record = loads(raw.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return {}
    return record if isinstance(record, dict) else {}


def is_kept(record: Record) -> bool:
    """Whether a record has a place in the conversation."""
    return record.get("type") in _IN_CHAIN


def without_parts(record: Record, parts: list[int]) -> Record:
    """The record with only these parts of its message; itself if that is all of them."""
    pieces = pieces_of(record)
    message = record.get("message")
    if len(parts) == len(pieces) or not isinstance(message, dict):
        return record
    blocks: list[Any] = []
    for part in parts:
        block = pieces[part].block
        blocks += block if isinstance(block, list) else [block]
    return record | {"message": message | {"content": blocks}}
