"""Which records of a Claude Code session go into an exported one, and with which parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrubber.formats.anthropic_messages import api_id
from scrubber.formats.claude_code.pieces import Record, pieces_of
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from scrubber.core.events import Event
    from scrubber.formats.continuing import Plan

_IN_CHAIN = ("user", "assistant", "attachment", "system")
"""Records with a place in the conversation. ``progress`` has one too, but is only for the screen;
titles, snapshots and the like have none."""


def id_in_file(plan: Plan, call: Event) -> str:
    """The id of a call as it stands in the file."""
    if call.group_id in plan.native and call.call_id:
        return call.call_id
    return api_id(call)


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
