"""The parts of a log that harn rotates, as one stream; and lines with holes in them.

``event_log-<id>.jsonl`` is the first part, ``event_log-<id>-000001.jsonl`` the second, and so on.
Where a part was torn off within a line, a line end is put in, so that the next part's first line
is whole.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO, cast

import orjson

from scrubber.formats.containers import open_plain
from scrubber.formats.jsonl import Line, LineReader
from scrubber.formats.parsing import loads
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"event_log-(.+?)(?:-(\d{6}))?\.jsonl")
_HOLE = re.compile(rb"\0+")
_STEP = 256 * 1024


def session_of(path: Path) -> str | None:
    """The id in the name of a log, None if it is not called like one."""
    found = _NAME.fullmatch(path.name)
    return found[1] if found else None


def first_of(path: Path) -> Path | None:
    """The first part of the log that a file is a part of, None if it is called like no part.

    A later part whose first one is gone stands for itself.
    """
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    first = path.with_name(f"event_log-{found[1]}.jsonl")
    return first if found[2] and first.is_file() else path


def later_parts(path: Path) -> list[Path]:
    """The parts behind a first one, in their order, as far as none is missing."""
    found: list[Path] = []
    while (part := path.with_name(f"{path.stem}-{len(found) + 1:06d}.jsonl")).is_file():
        found.append(part)
    return found


def open_parts(path: Path) -> BinaryIO:
    """A log with all its parts."""
    parts = later_parts(path)
    if not parts:
        return open_plain(path)
    return cast("BinaryIO", io.BufferedReader(PieceStream(_pieces([path, *parts])), _STEP))


def _pieces(parts: list[Path]) -> Iterator[bytes]:
    for number, part in enumerate(parts):
        last = b"\n"
        with part.open("rb") as stream:
            while data := stream.read(_STEP):
                yield data
                last = data[-1:]
        if last != b"\n" and number < len(parts) - 1:
            yield b"\n"


class HoledLineReader(LineReader):
    """Reads lines in which stretches of zero bytes stand.

    A log that was begun anew while its former writer still had it open has them: the writer goes
    on where it was, beyond the new end. What stands on both sides of a hole is read.
    """

    def _mend(self, raw: bytes, number: int, problem: str) -> Iterator[Line]:
        if not _HOLE.search(raw):
            yield from super()._mend(raw, number, problem)
        elif raw.endswith(b"\n"):
            yield from self._around_holes(raw, number, problem)
        else:
            # A last line that is torn waits as a whole, or its hole would be read as another.
            lines = list(self._around_holes(raw, number, problem))
            self.pending = raw if self.pending or raw.endswith(b"\0") else b""
            yield from lines if not self.pending else ()

    def _around_holes(self, raw: bytes, number: int, problem: str) -> Iterator[Line]:
        hole = _HOLE.search(raw)
        if hole is None:
            whole = _line(raw, number, problem)
            yield from super()._mend(raw, number, problem) if whole.problem else (whole,)
            return
        before, rest = raw[: hole.start()], raw[hole.end() :]
        told = f"a hole of {len(hole[0]):,} zero bytes"
        if before.strip():
            yield _line(before, number, problem)
        holed = hole[0] if before.strip() else raw[: hole.end()]
        if rest.strip():
            yield Line(holed, None, number, told)
            yield from self._around_holes(rest, number, problem)
        else:
            yield Line(holed + rest, None, number, told)


def _line(raw: bytes, number: int, problem: str) -> Line:
    try:
        return Line(raw, loads(raw), number)
    except orjson.JSONDecodeError:
        return Line(raw, None, number, problem)
