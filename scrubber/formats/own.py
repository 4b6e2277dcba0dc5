"""Events made in this program: typed, edited, synthetic, or said by a model on a branch.

One JSON object a record. ``{"kind", "role", "visibility", "origin", "marks", "ts", "name",
"call_id", "group_id", "ref", "content": {"blocks": [...], "arguments", "signature", "detail"}}``;
keys without a value are left out, words are those of the command line. The first event of a
message that an agent runtime handed over has that as well, as it was given: ``"message",
"pieces"``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from scrubber.core.content import JSON, Content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role, Visibility, one_line
from scrubber.core.telling import telling_argument
from scrubber.formats.anthropic_blocks import blocks_of, to_block
from scrubber.formats.base import FoundPlace, Reader, Reading
from scrubber.formats.jsonl import LineReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrubber.core.session import SessionInfo


def encode(draft: Draft, content: Content, message: JSON = None, pieces: int = 1) -> bytes:
    """The record of an event made here.

    ``message``: the message that begins with this event and has so many pieces, as it was given.
    """
    body: dict[str, Any] = {
        "kind": draft.kind.label,
        "role": draft.role.label,
        "visibility": draft.visibility.label,
        "origin": draft.origin.label,
        "marks": int(draft.marks),
        "ts": draft.ts,
        "name": draft.name,
        "call_id": draft.call_id,
        "group_id": draft.group_id,
        "ref": draft.ref,
        "content": {
            "blocks": [to_block(block) for block in content.blocks],
            "arguments": content.arguments,
            "signature": content.signature,
            "detail": content.detail,
        },
        "message": message,
        "pieces": pieces if pieces > 1 else None,
    }
    return orjson.dumps({key: value for key, value in body.items() if value is not None}) + b"\n"


def draft_of(record: dict[str, Any]) -> Draft:
    """The event that such a record stands for; a ValueError names what is wrong with it."""
    content = content_of(record)
    text = content.text or telling_argument(content.arguments)
    return Draft(
        Kind.parse(str(record.get("kind"))),
        one_line(text),
        Role.parse(str(record.get("role", "none"))),
        Visibility.parse(str(record.get("visibility", "in_context"))),
        Origin.parse(str(record.get("origin", "recorded"))),
        Mark(int(record.get("marks", 0))),
        record.get("ts"),
        record.get("name"),
        record.get("call_id"),
        record.get("group_id"),
        record.get("ref"),
        size=len(text),
    )


def content_of(record: dict[str, Any]) -> Content:
    """The content that such a record holds."""
    body: JSON = record.get("content") or {}
    return Content(
        blocks_of(body.get("blocks", [])),
        body.get("arguments"),
        body.get("signature"),
        body.get("detail"),
    )


def message_of(raw: bytes) -> tuple[JSON, int] | None:
    """The message that was given, and of how many events it is; None if it is not on record."""
    record: JSON = orjson.loads(raw)
    return (record["message"], record.get("pieces", 1)) if "message" in record else None


class OwnReader:
    """Reads the records of one log of this program's events."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """One event a record."""
        for line in self._lines.read(stream):
            yield Reading(line.raw, [draft_of(line.value)] if line.value is not None else [])


class Own:
    """The format of events that were made here; its files are never opened as transcripts."""

    name = "scrubber"
    title = "Scrubber"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Never: snapshots have a format of their own."""
        return 0

    def reader(self, path: Path) -> Reader:
        """A reader for the events of a log."""
        return OwnReader()

    def content(self, raw: bytes, part: int) -> Content:
        """The content of the record's one event."""
        return content_of(orjson.loads(raw))

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere."""
        return []


FORMAT = Own()
