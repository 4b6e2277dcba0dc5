"""Files with one JSON value a line, with the damage that real ones have.

A line may be torn (the last one, while its agent still writes), hold two objects glued together
(an agent that appended to a file without a final newline), or be no JSON at all. Nothing of it is
dropped: glued objects become records of their own, bad lines records without a value, and a torn
last line waits as pending bytes.
"""

from __future__ import annotations

from functools import lru_cache
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import orjson

from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

MAX_LINE_BYTES = 512 * 1024 * 1024
"""A line longer than this is read as several damaged records, to bound the memory."""


class Line(NamedTuple):
    """One record: its bytes with the line end, its value, and why it has none."""

    raw: bytes
    value: JSON
    number: int
    problem: str | None = None


class LineReader:
    """Splits a stream into records. ``pending`` holds a torn last line after reading."""

    def __init__(self) -> None:
        self.pending = b""
        self._number = 0

    def read(self, stream: BinaryIO) -> Iterator[Line]:
        """The records in order; blank lines have the value None and no problem.

        Read again, with what was pending and what has come since, it goes on counting.
        """
        self._number -= bool(self.pending)
        self.pending = b""
        while raw := stream.readline(MAX_LINE_BYTES):
            self._number += 1
            number = self._number
            text = raw.lstrip(b"\xef\xbb\xbf") if number == 1 else raw
            if not text or text.isspace():
                if not raw.endswith(b"\n"):
                    self.pending = raw
                    return
                yield Line(raw, None, number)
                continue
            try:
                value = loads(text)
            except orjson.JSONDecodeError as error:
                yield from self._mend(raw, number, str(error))
                continue
            if isinstance(value, (int, float)) and not raw.endswith(b"\n"):
                self.pending = raw  # the beginning of a longer number, perhaps
                return
            yield Line(raw, value, number)

    def _mend(self, raw: bytes, number: int, problem: str) -> Iterator[Line]:
        pieces, rest = split_glued(raw)
        for piece in pieces:
            yield Line(piece, loads(piece), number, "" if rest or len(pieces) > 1 else None)
        if not rest:
            return
        if raw.endswith(b"\n"):
            yield Line(rest, None, number, problem)
        else:
            self.pending = rest


def split_glued(raw: bytes) -> tuple[list[bytes], bytes]:
    """The whole JSON objects at the start of a line, and what is left behind them."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return [], raw
    decoder, pieces, at = JSONDecoder(), [], 0
    while at < len(text) and text[at] == "{":
        try:
            _, end = decoder.raw_decode(text, at)
        except (JSONDecodeError, RecursionError):
            break
        piece = text[at:end].encode()
        if not _readable(piece):
            break
        while end < len(text) and text[end] in " \t\r\n":
            end += 1
        pieces.append(text[at:end].encode())
        at = end
    rest = text[at:].encode()
    if pieces and not rest.strip():
        pieces[-1] += rest
        rest = b""
    return pieces, rest


def _readable(piece: bytes) -> bool:
    try:
        loads(piece)
    except orjson.JSONDecodeError:
        return False
    return True


@lru_cache(maxsize=2)
def first_values(head: bytes, count: int = 40) -> tuple[JSON, ...]:
    """The values of the first whole lines of a file, for recognising it.

    They are kept for the next format that asks for them, and so not to be changed.
    """
    values: list[JSON] = []
    lines = head.split(b"\n", count)
    for line in lines[:count]:
        try:
            values.append(loads(line.lstrip(b"\xef\xbb\xbf")))
        except orjson.JSONDecodeError:
            pieces, _ = split_glued(line)
            values.extend(loads(piece) for piece in pieces)
    return tuple(values)
