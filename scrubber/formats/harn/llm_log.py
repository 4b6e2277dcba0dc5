"""harn's record of what went to models, ``llm_transcript.jsonl``: its best source of messages.

Rows are ``{"type", "timestamp": "seconds.millis", "span_id", …}``. Where there are ``message``
rows they are the conversation, and a ``provider_call_response`` only tells of tokens; a file
without any holds the conversation in the responses.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Draft, Kind, Role, Usage, Visibility, one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.amounts import count_of, ms_of
from scrubber.formats.base import FoundPlace, Reader, Reading
from scrubber.formats.harn.messages import message_pieces
from scrubber.formats.jsonl import first_values
from scrubber.formats.object_lines import ObjectLinesReader, piece_content
from scrubber.formats.openai_messages import text_or_none
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece, draft_of
from scrubber.formats.streams import rejoined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.content import JSON
    from scrubber.formats.object_lines import Object

NAME = "llm_transcript.jsonl"
_HEAD = 256 * 1024
_REQUEST, _RESPONSE = "provider_call_request", "provider_call_response"
_TITLE_LENGTH = 90


def pieces_of(row: Object) -> list[Piece]:
    """The pieces of a row, at least one; of a response, its tokens and then what it said."""
    kind = row.get("type")
    if kind == "message":
        return _said(row)
    if kind == "system_prompt":
        given = row.get("content")
        blocks = (Text(given),) if isinstance(given, str) else (Data(given),)
        return [Piece(Kind.MESSAGE, Role.SYSTEM, SEEN, Content(blocks))]
    if kind == "tool_schemas":
        content = Content((Data(row.get("schemas")),))
        return [Piece(Kind.CONTEXT, Role.NONE, SEEN, content, name="tools")]
    model = text_or_none(row.get("model"))
    if kind == _REQUEST:
        return [Piece(Kind.MODEL_CALL, Role.NONE, HIDDEN, Content(detail=row), name=model)]
    if kind == _RESPONSE:
        bill = Piece(Kind.USAGE, Role.NONE, HIDDEN, Content(detail=row), name=model)
        return [bill, *_said(_as_message(row))]
    if kind == "interpreted_response":
        return [Piece(Kind.STATE, Role.NONE, HIDDEN, Content((Data(row),)))]
    return [Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(row),)))]


def _said(message: Object) -> list[Piece]:
    return [
        Piece(p.kind, p.role, p.visibility, p.content, p.marks, p.name, p.call_id)
        for p in message_pieces(message, 0)
    ]


def _as_message(row: Object) -> Object:
    """What a response said, in the shape of a message."""
    return {
        "role": "assistant",
        "content": row.get("text"),
        "reasoning": row.get("thinking"),
        "tool_calls": row.get("tool_calls"),
    }


class LlmLogReader(ObjectLinesReader):
    """Reads one file."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        name = path.parent.name if path.name == NAME and path.parent.name else path.stem
        self._info = self.infos[""] = SessionInfo(native_id=name)
        self._has_messages = True
        self._told: dict[str, int] = {}
        """Where each system prompt and each set of tools was told first, by its hash."""

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The rows in file order."""
        head = stream.read(_HEAD)
        kinds = {str(v.get("type")) for v in first_values(head, -1) if isinstance(v, dict)}
        self._has_messages = "message" in kinds or _RESPONSE not in kinds
        yield from super().read(rejoined(head, stream))

    def tell(self, record: Object) -> list[Draft]:
        """The events of a row."""
        kind, ts = record.get("type"), _time_of(record.get("timestamp"))
        self._info.saw(ts)
        self._info.model = text_or_none(record.get("model")) or self._info.model
        pieces = pieces_of(record)
        if kind == _RESPONSE and self._has_messages:
            pieces = pieces[:1]
        group = f"row-{self._number}"
        drafts = [draft_of(part, p, p.block, group) for part, p in enumerate(pieces)]
        for draft in drafts:
            draft.ts = ts
            self._entitle(draft)
        if kind == _RESPONSE:
            drafts[0].usage = _usage(record)
        elif kind in ("system_prompt", "tool_schemas"):
            self._repeat(drafts[0], f"{kind} {record.get('hash')}")
        return drafts

    def _entitle(self, draft: Draft) -> None:
        """It is called after what the user says first, or the model where no user is on record."""
        speaks = draft.role is Role.USER or (
            draft.role is Role.ASSISTANT and not self._has_messages
        )
        if draft.kind is Kind.MESSAGE and speaks and not self._info.title:
            self._info.title = one_line(draft.text, _TITLE_LENGTH)

    def _repeat(self, draft: Draft, key: str) -> None:
        """What was told with the same hash before says nothing new."""
        if key in self._told:
            draft.kind, draft.visibility = Kind.MIRROR, Visibility.HIDDEN
            draft.role, draft.ref = Role.NONE, self._told[key]
        self._told.setdefault(key, self.length())


def _usage(row: Object) -> Usage | None:
    read, written = count_of(row, "cache_read_tokens"), count_of(row, "cache_write_tokens")
    prompt, output = count_of(row, "input_tokens"), count_of(row, "output_tokens")
    found = Usage(prompt, read, written, output, context=prompt + read + written)
    return found if found.total else None


def _time_of(value: JSON) -> int | None:
    """Milliseconds of a time that is seconds, written as text."""
    try:
        return ms_of(float(value)) if isinstance(value, (str, int, float)) else None
    except (ValueError, OverflowError):
        return None


class HarnLlm:
    """The format of such files."""

    name = "harn-llm"
    title = "harn model log"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at a call of a provider, or a message of a span."""
        return max(map(_likeness, first_values(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a file."""
        return LlmLogReader(path)

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a row; a damaged one's is its text."""
        return piece_content(raw, part, pieces_of, "")

    def places(self) -> Sequence[FoundPlace]:
        """``$HARN_LLM_TRANSCRIPT_DIR``, if that is set."""
        folder = os.environ.get("HARN_LLM_TRANSCRIPT_DIR")
        return [FoundPlace(Path(folder), f"**/{NAME}")] if folder else []


def _likeness(value: JSON) -> int:
    if not isinstance(value, dict):
        return 0
    kind = value.get("type")
    if kind in (_REQUEST, _RESPONSE) and "iteration" in value:
        return 95
    if kind in ("system_prompt", "tool_schemas") and "hash" in value:
        return 80
    is_row = kind == "message" and "span_id" in value and "iteration" in value
    return 95 if is_row and isinstance(value.get("role"), str) else 0


FORMAT = HarnLlm()
