"""Splits a chat history into blocks of lines of one kind, as aider itself does.

``# aider chat started at …`` begins a chat, ``#### …`` is what the user says, ``> …`` what aider
says, and all other lines are the model's. Blank lines at the end of a block are a record of their
own, so that a block does not change when the next one is appended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

START, USER, TOOL = b"# aider chat started at ", b"#### ", b"> "
_LONGEST_LINE = 16 * 1024 * 1024
_LONGEST_BLOCK = 64 * 1024 * 1024


class Block(NamedTuple):
    """One record: neighbouring lines of one kind, or blank ones."""

    raw: bytes
    number: int
    """Its first line, from 1."""


def prefix_of(line: bytes) -> bytes:
    """What a line begins with that tells whose it is; empty for the model's."""
    for prefix in (START, USER, TOOL):
        if line.startswith(prefix) or line.rstrip(b" \r\n") == prefix.rstrip():
            return prefix
    return b""


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """The blocks of a history in order."""
    lines: list[bytes] = []
    kind, size, number = b"", 0, 1
    while line := stream.readline(_LONGEST_LINE):
        is_blank, own = not line.strip(), prefix_of(line)
        is_next = not is_blank and any(map(bytes.strip, lines)) and (own != kind or own == START)
        if is_next or size > _LONGEST_BLOCK:
            yield from _split(lines, number)
            number, lines, size = number + len(lines), [], 0
        if not is_blank:
            kind = own
        lines.append(line)
        size += len(line)
    yield from _split(lines, number)


def _split(lines: list[bytes], number: int) -> Iterator[Block]:
    """A block, the blank lines in front of it, and those behind it."""
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    last = next((n for n in range(len(lines), first, -1) if lines[n - 1].strip()), first)
    for start, stop in ((0, first), (first, last), (last, len(lines))):
        if stop > start:
            yield Block(b"".join(lines[start:stop]), number + start)
