"""What the readers of files share that hold one JSON object a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from scrubber.core.content import JSON, Content, text_content
from scrubber.formats.base import Reading
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.parsing import loads
from scrubber.formats.pieces import damaged_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.formats.pieces import Piece

Object = dict[str, Any]


class ObjectLinesReader(ABC):
    """Reads such a file; what an object tells is for each format to say."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._lengths: dict[str, int] = {}
        self._number = 0
        self.infos: dict[str, SessionInfo] = {}
        self.warnings: list[tuple[int, str]] = []

    @property
    def pending(self) -> bytes:
        """A torn last line."""
        return self._lines.pending

    def read(self, stream: BinaryIO) -> Iterator[Reading]:
        """The records in file order, which is the order of the timeline."""
        for line in self._lines.read(stream):
            drafts = self._line(line)
            for draft in drafts:
                self._lengths[draft.log] = self.length(draft.log) + 1
            yield Reading(line.raw, drafts)
        if self._lines.pending:
            self.warnings.append((-1, "the last line is incomplete; it is kept until it is whole"))

    def _line(self, line: Line) -> list[Draft]:
        self._number = line.number
        if line.problem is not None:
            self.warn(line.problem or "several JSON objects on one line, read one by one")
        if isinstance(line.value, dict):
            return self.tell(line.value)
        if (
            line.value is None
            and line.problem is None
            and not line.raw.strip(b"\xef\xbb\xbf \t\r\n")
        ):
            return []
        if line.problem is None:
            self.warn("not a JSON object")
        return [damaged_draft(line.raw)]

    @abstractmethod
    def tell(self, record: Object) -> list[Draft]:
        """The events of a record; ``length`` tells where they will stand."""

    def length(self, log: str = "") -> int:
        """How many events a log holds so far."""
        return self._lengths.get(log, 0)

    def warn(self, reason: str) -> None:
        """Report what is odd about the line at hand."""
        self.warnings.append((self._number, reason))


def parsed(raw: bytes) -> JSON:
    """The value of a record, None if it has none."""
    try:
        return loads(raw.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def piece_content(
    raw: bytes, part: int, pieces_of: Callable[[Object], Sequence[Piece]], about: str
) -> Content:
    """The content of an event whose piece has it as its block; a damaged record's is its text.

    ``about`` is what is said of events that are told about a record, not in it.
    """
    if part < 0:
        return text_content(about)
    value = parsed(raw)
    pieces = pieces_of(value) if isinstance(value, dict) else ()
    if part < len(pieces):
        content: Content = pieces[part].block
        return content
    return text_content(raw.decode(errors="replace"))
