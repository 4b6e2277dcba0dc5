"""Derives events from a file of conversations, record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal

from scrubber.core.events import Draft, Kind, Mark, Visibility, one_line
from scrubber.core.session import Branch, SessionInfo
from scrubber.formats.base import Reading
from scrubber.formats.conversation_log import ConversationLog
from scrubber.formats.conversations import ABOUT_RECORD, Dialect, Piece
from scrubber.formats.layouts import HEAD_BYTES, RecordReader, record_reader, sample
from scrubber.formats.streams import rejoined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrubber.core.content import JSON
    from scrubber.formats.jsonl import Line

Holds = Literal["conversations", "messages"]
"""What the records of a file are."""

_SEPARATORS = b"[], \t\r\n\xef\xbb\xbf"


class ConversationReader:
    """Reads one file of conversations, or of the messages of one conversation."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._records: RecordReader | None = None
        self._holds: Holds | None = None
        self._type: type = object
        self._conversations = 0
        self._logs: dict[str, ConversationLog] = {}
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line, or the rest of an array that was cut off."""
        return self._records.pending if self._records is not None else b""

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in file order."""
        head = stream.read(HEAD_BYTES)
        self._expect(sample(head))
        self._records = record_reader(head, self._resumes)
        for line in self._records.read(rejoined(head, stream)):
            yield Reading(line.raw, self._drafts(line))
        if self.pending:
            self.warnings.append((-1, "the file ends within a record; what is there of it is kept"))

    def _expect(self, values: Sequence[JSON]) -> None:
        """Tell from the first values of a file what it holds; conversations hold messages, too."""
        dialect = self._dialect
        if (whole := next(filter(dialect.is_conversation, values), None)) is not None:
            self._holds, self._type = "conversations", type(whole)
        elif (single := next(filter(dialect.is_message, values), None)) is not None:
            self._holds, self._type = "messages", type(single)

    def _resumes(self, value: JSON) -> bool:
        """Whether a value behind damage is one of the file's own, and no part of another."""
        return isinstance(value, self._type) and self._what(value) is not None

    def _what(self, value: JSON) -> Holds | None:
        """What a record of this file is; None if it has no place in it."""
        is_conversation = self._dialect.is_conversation(value)
        if is_conversation and self._holds != "messages":
            return "conversations"
        if self._holds != "conversations" and self._dialect.is_message(value):
            return "conversations" if is_conversation else "messages"
        return None

    def _drafts(self, line: Line) -> list[Draft]:
        if line.problem is not None:
            why = line.problem or "several JSON values on one line, read one by one"
            self.warnings.append((line.number, why))
        value = line.value
        if value is None and line.problem is None and not line.raw.strip(_SEPARATORS):
            return []
        what = self._what(value)
        if what is None:
            return [self._other(line)]
        self._holds = what
        pieces = self._dialect.pieces(value)
        if what == "conversations":
            return self._conversation(pieces, value)
        return self._message(pieces)

    def _conversation(self, pieces: list[Piece], value: JSON) -> list[Draft]:
        """The events of a record; a second conversation in it branches off the first."""
        key = self._next_key()
        several = any(piece.branch for piece in pieces)
        drafts, logs = [], dict[int, ConversationLog]()
        for part, piece in enumerate(pieces):
            if piece.branch not in logs:
                name = self._dialect.branches[piece.branch] if several else ""
                own = key if not piece.branch else f"{self._conversations - 1}-{name}"
                info = self._info(own, value)
                if piece.branch:
                    info.branch = Branch(key, _shared(pieces, piece.message))
                title = logs[0].title if piece.branch else self._title(key)
                logs[piece.branch] = ConversationLog(own, info, name, title)
            drafts.append(logs[piece.branch].enter(part, piece))
        return drafts

    def _title(self, key: str) -> str:
        """What a conversation is called; empty: what is said first tells it."""
        return ""

    def _message(self, pieces: list[Piece]) -> list[Draft]:
        log = self._logs.get("")
        if log is None:
            log = self._logs[""] = ConversationLog("", self._info("", None))
        log.next_record()
        return [log.enter(part, piece) for part, piece in enumerate(pieces)]

    def _next_key(self) -> str:
        self._conversations += 1
        return str(self._conversations - 1) if self._conversations > 1 else ""

    def _info(self, key: str, value: JSON) -> SessionInfo:
        if key not in self.infos:
            found = value if isinstance(value, dict) else {}
            model, name = found.get("model"), found.get("id")
            self.infos[key] = SessionInfo(
                native_id=name if isinstance(name, str) and name else None,
                model=model if isinstance(model, str) and model else None,
            )
        return self.infos[key]

    def _other(self, line: Line) -> Draft:
        """A record that could not be read, or is no conversation: one event, a log of its own.

        Between the messages of one conversation it stands in their log.
        """
        if line.problem is None:
            self.warnings.append((line.number, "neither a conversation nor a message of one"))
        key = "" if self._holds == "messages" else self._next_key()
        text = line.raw.decode(errors="replace").strip()
        info = self._info(key, None)
        info.title = info.title or f"Line {line.number}: not readable as a conversation"
        damaged = Mark.DAMAGED if line.problem is not None else Mark.NONE
        return Draft(
            Kind.UNKNOWN,
            one_line(text),
            visibility=Visibility.UI_ONLY,
            marks=damaged,
            size=len(text),
            log=key,
            part=ABOUT_RECORD,
        )


def _shared(pieces: list[Piece], message: int) -> int:
    """How many events of the first conversation are in front of a message of the second."""
    return sum(piece.branch == 0 and piece.message < message for piece in pieces)
