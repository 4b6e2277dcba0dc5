"""How a session file is laid out: lines, one object with a list of messages, or a bare list."""

from __future__ import annotations

from io import BufferedReader
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from scrubber.formats.gemini_cli.messages import is_message
from scrubber.formats.json_stream import ValueReader
from scrubber.formats.json_tree import TreePath, TreeReader
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.layouts import HEAD_BYTES, Layout, layout_of
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = ("messages", "history")


class Records:
    """Splits a session file into records. ``pending`` holds what is left of a torn one."""

    def __init__(self) -> None:
        self.pending = b""

    def read(self, stream: BinaryIO) -> Iterator[Line]:
        """The records in order; brackets and the keys of lists have neither value nor problem."""
        head = stream.read(HEAD_BYTES)
        rest = iter(lambda: stream.read(HEAD_BYTES), b"")
        whole = BufferedReader(PieceStream(chain([head], rest)))
        reader = _reader_for(head)
        if isinstance(reader, TreeReader):
            yield from (Line(p.raw, p.value, p.number, p.problem) for p in reader.parts(whole))
        else:
            yield from reader.read(whole)
        self.pending = reader.pending


def _reader_for(head: bytes) -> LineReader | ValueReader | TreeReader:
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        return ValueReader(in_array=True, accepts=is_message)
    if layout_of(head) is Layout.LINES:
        return LineReader()
    return TreeReader(_opens, is_message)


def _opens(path: TreePath) -> bool:
    return len(path) == 2 and path[-1] in LISTS
