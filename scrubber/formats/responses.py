"""Files of OpenAI's Responses API: items, requests, responses, logs and batches of both.

A conversation is a request (``{"model", "instructions", "input": text or items, "tools"}``), a
response (``{"id", "object": "response", "output": items, "usage", "previous_response_id"}``), both
in one object (``{"input", "output"}``, ``{"request", "response"}``, a line of a batch), or a bare
list of items. A response that names the one before it goes on with that one's conversation; a
second one that does is a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.layouts import sample
from scrubber.formats.responses_dialect import ResponsesDialect, exchange_of, is_item, is_own_item
from scrubber.formats.responses_reader import ResponsesReader
from scrubber.formats.responses_writer import ResponsesWriter

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.base import Reader


_FIRST_ITEMS = 8


class Responses(ConversationFormat):
    """The format of such files."""

    name = "responses"
    title = "Responses (OpenAI)"

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a response; at items only if one has a type that no other dialect has."""
        values = sample(head)
        if is_item(values[0] if values else None):
            is_list = all(map(is_item, values[:_FIRST_ITEMS]))
            # Less than Codex, which once wrote such lines, too.
            return 65 if is_list and any(map(is_own_item, values)) else 0
        return max(map(_likeness, values), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a file of conversations, or of the items of one."""
        return ResponsesReader()

    def item(self, raw: bytes, part: int) -> JSON:
        """The item that an event was read from, None if it was none."""
        piece = self.piece(raw, part)
        return piece.source if piece is not None and is_item(piece.source) else None


def _likeness(value: JSON) -> int:
    if is_item(value):
        return 0  # among values that are none
    if isinstance(value, list):
        return 87 if any(map(is_own_item, value)) and all(map(is_item, value[:-1])) else 0
    exchange = exchange_of(value)
    if exchange is None:
        return 0
    if exchange.is_sure:
        return 92
    return 87 if any(map(is_own_item, [*exchange.input, *exchange.output])) else 0


FORMAT = Responses(ResponsesDialect())
WRITER = ResponsesWriter(FORMAT.item)
