"""Files that are one JSON array, or JSON values one after the other, read value by value.

An array of hundreds of megabytes is never held as a whole: each element becomes a record, with
the comma and the blanks behind it. Brackets are records without a value, so the records, one
after the other, are the file. A damaged element costs itself only: reading goes on at the next
value that the caller takes for one of its own.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, BinaryIO

import orjson

from scrubber.formats.jsonl import Line
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.content import JSON

CHUNK_BYTES = 1024 * 1024
MAX_VALUE_BYTES = 512 * 1024 * 1024
"""A value longer than this is read as damaged records, to bound the memory."""

BLANKS = re.compile(r"[\s,]*", re.ASCII)
_START = re.compile(r"(?:\xef\xbb\xbf)?\s*", re.ASCII)
_OPENING = re.compile(r"\[\s*", re.ASCII)
_CLOSING = re.compile(r"\][\s,]*", re.ASCII)
_CANDIDATE = re.compile(r'\{\s*"|\[\s*\{', re.ASCII)
_LONGEST_WORD = 12
_scan = JSONDecoder().raw_decode


class ValueReader:
    """Splits a stream into records. ``pending`` holds what is left of a truncated file.

    The bytes are looked at as Latin-1 text, in which one character is one byte: Python's own
    scanner then tells where a value ends, whatever its strings hold; orjson reads the value.
    """

    def __init__(self, in_array: bool, accepts: Callable[[JSON], bool]) -> None:
        """``in_array``: the values are elements of an array, to be taken apart.

        ``accepts`` tells a value of the file's own kind, to find the next one behind damage.
        """
        self.pending = b""
        self._in_array = in_array
        self._accepts = accepts
        self._text = ""
        self._at = 0
        self._line = 1

    def read(self, stream: BinaryIO) -> Iterator[Line]:
        """The records in order; brackets and blanks have the value None and no problem."""
        if start := self._begin(stream):
            yield self._take(start, None, None)
        inside = False
        while self._at < len(self._text) or self._fill():
            bracket = _CLOSING if inside else _OPENING
            if self._in_array and (end := self._end_of(bracket, self._at)):
                yield self._take(end, None, None)
                inside = not inside
            elif (line := self._value()) is not None:
                yield line
            else:
                self.pending = self._text[self._at :].encode("latin-1")
                return

    def _begin(self, stream: BinaryIO) -> int:
        """Begin to read; gives where the blanks end that the file begins with."""
        self._stream, self._ended = stream, False
        self._fill()
        return self._end_of(_START, 0)

    def _fill(self) -> bool:
        """Read as much again as is held, a chunk at least; False at the end of the file."""
        held = len(self._text) - self._at
        data = b"" if self._ended else self._stream.read(max(CHUNK_BYTES, held))
        self._ended = not data
        self._text += data.decode("latin-1")
        return bool(data)

    def _end_of(self, pattern: re.Pattern[str], start: int) -> int:
        """Where the pattern ends from ``start`` on, with all blanks of it read; 0: no match."""
        while (found := pattern.match(self._text, start)) is not None:
            if found.end() < len(self._text) or not self._fill():
                return found.end()
        return 0

    def _take(self, end: int, value: JSON, problem: str | None) -> Line:
        raw, self._at = self._text[self._at : end].encode("latin-1"), end
        if self._at > CHUNK_BYTES:
            self._text, self._at = self._text[self._at :], 0
        number, self._line = self._line, self._line + raw.count(b"\n")
        return Line(raw, value, number, problem)

    def _value(self) -> Line | None:
        """The next value, or damage up to the one behind it; None if the file ends within it."""
        end, problem, is_cut = self._scan(self._at)
        if end:
            value, fault = _load(self._text[self._at : end])
            return self._take(self._end_of(BLANKS, end) or end, value, fault)
        return self._damage(problem, is_cut)

    def _damage(self, problem: str, is_cut: bool) -> Line | None:
        """Damage up to the next good value; None if the file only ends within one."""
        found = self._resync()
        if found is None and is_cut and not self._is_too_long():
            return None
        return self._take(found or len(self._text), None, problem)

    def _scan(self, start: int) -> tuple[int, str, bool]:
        """(end, problem, whether it seems to be cut off) of the value at a place; end 0: none."""
        while True:
            try:
                _, end = _scan(self._text, start)
            except JSONDecodeError as error:
                end, problem, is_cut = 0, error.msg, self._is_cut(error)
            except (ValueError, RecursionError) as error:
                end, problem, is_cut = 0, str(error), False
            if end and (end < len(self._text) or not self._fill()):
                return end, "", False
            if not end and (not is_cut or self._is_too_long() or not self._fill()):
                return 0, problem, is_cut

    def _is_cut(self, error: JSONDecodeError) -> bool:
        if error.msg.startswith("Unterminated string"):
            return True
        return error.pos >= len(self._text.rstrip()) - _LONGEST_WORD

    def _is_too_long(self) -> bool:
        return len(self._text) - self._at > MAX_VALUE_BYTES

    def _resync(self) -> int | None:
        """Where the next good value begins behind the damage at hand, None if nowhere."""
        at = self._at + 1
        while not self._is_too_long():
            found = _CANDIDATE.search(self._text, at)
            if found is None:
                at = max(len(self._text) - _LONGEST_WORD, self._at + 1)
                if not self._fill():
                    return None
                continue
            end, _, _ = self._scan(found.start())
            if end and self._accepts(_load(self._text[found.start() : end])[0]):
                return found.start()
            at = found.start() + 1
        return None


def _load(text: str) -> tuple[JSON, str | None]:
    try:
        return loads(text.encode("latin-1")), None
    except orjson.JSONDecodeError as error:
        return None, str(error)
