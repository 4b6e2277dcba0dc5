"""How the JSON values of a file are laid out, told from its first bytes."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from io import BytesIO
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, BinaryIO, Protocol

import orjson

from scrubber.formats.json_stream import ValueReader
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.content import JSON

HEAD_BYTES = 256 * 1024
_BOM = b"\xef\xbb\xbf"
_SIGNS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_scan = JSONDecoder().raw_decode


class Layout(Enum):
    """Where the values of a file stand."""

    LINES = "one a line"
    ARRAY = "elements of one array"
    VALUES = "one after the other, over any number of lines"


class RecordReader(Protocol):
    """Splits a stream into records."""

    @property
    def pending(self) -> bytes:
        """After reading: bytes at the end that are no whole record yet."""
        ...

    def read(self, stream: BinaryIO) -> Iterator[Line]:
        """The records in order."""
        ...


def record_reader(head: bytes, accepts: Callable[[JSON], bool]) -> RecordReader:
    """What splits a file with this beginning."""
    layout = layout_of(head)
    if layout is Layout.LINES:
        return LineReader()
    return ValueReader(layout is Layout.ARRAY, accepts)


def layout_of(head: bytes) -> Layout:
    """Lines, unless the first line is only the beginning of a value, or an array of them.

    A line may be one conversation as a bare list of messages; an array of conversations is taken
    apart also where it stands on one line.
    """
    lines = head.removeprefix(_BOM).lstrip().split(b"\n")
    if lines[0].startswith(b"["):
        return _layout_of_list(lines)
    text = lines[0].decode("latin-1")
    if len(lines) == 1:
        return Layout.LINES
    try:
        _scan(text)
    except JSONDecodeError as error:
        is_beginning = not error.msg.startswith("Unterminated") and error.pos >= len(text.rstrip())
        return Layout.VALUES if is_beginning else Layout.LINES
    except (ValueError, RecursionError):
        pass
    return Layout.LINES


def _layout_of_list(lines: list[bytes]) -> Layout:
    if len(lines) == 1:
        return Layout.LINES if _is_list_of_messages(mend(lines[0])) else Layout.ARRAY
    if lines[0].strip() != b"[" and any(_is_list_of_messages(_load(line)) for line in lines[:-1]):
        return Layout.LINES
    return Layout.ARRAY


def _is_list_of_messages(value: JSON) -> bool:
    return isinstance(value, list) and bool(value) and is_bare_message(value[0])


def is_bare_message(value: JSON) -> bool:
    """Whether a value is one message, in any dialect, and not a conversation."""
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("role"), str) or isinstance(value.get("from"), str)


@lru_cache(maxsize=1)
def sample(head: bytes) -> tuple[JSON, ...]:
    """The first values of a file, for recognising it; the last one may be cut short."""
    return _values(head, accepts=lambda value: False) or _values(head, accepts=lambda value: True)


def _values(head: bytes, accepts: Callable[[JSON], bool]) -> tuple[JSON, ...]:
    reader = record_reader(head, accepts)
    values = [line.value for line in reader.read(BytesIO(head)) if line.value is not None]
    if reader.pending and (cut := mend(reader.pending)) is not None:
        values.append(cut)
    return tuple(values)


def mend(cut: bytes) -> JSON:
    """A value that was cut off, closed where it ends; None if that gives no JSON."""
    text = cut.decode(errors="ignore").lstrip("\ufeff \t\r\n")
    closers, quoted, closed = [], False, ""
    for found in _SIGNS.finditer(text):
        sign = found[0]
        if sign == '"':
            quoted = not quoted
        elif quoted or sign[0] == "\\":
            continue
        elif sign in "[{":
            closers.append("]" if sign == "[" else "}")
        elif closers:
            closers.pop()
            closed = text[: found.end()] + "".join(reversed(closers))
    tail = "".join(reversed(closers))
    ends = [text + '"' + tail, text[:-1] + '"' + tail] if quoted else [text + tail]
    values = (_load(end.encode()) for end in (*ends, closed))
    return next((value for value in values if value is not None), None)


def _load(line: bytes) -> JSON:
    try:
        return loads(line)
    except orjson.JSONDecodeError:
        return None
