"""Bytes as text that hides nothing, and as a hex dump; a page of them at a time."""

from __future__ import annotations

from scrubber.core.visible import visible

PAGE = 16 * 1024
"""Bytes of one page: a text field takes a third of a frame's time to lay them out."""


def page_count(size: int) -> int:
    """How many pages there are, at least one."""
    return max(1, -(-size // PAGE))


def page_bounds(data: bytes, page: int) -> tuple[int, int]:
    """Where a page begins and ends; no character of UTF-8 is torn."""
    return _whole(data, page * PAGE), _whole(data, (page + 1) * PAGE)


def _whole(data: bytes, at: int) -> int:
    if at >= len(data):
        return len(data)
    for back in range(min(at, 4)):
        if data[at - back] & 0xC0 != 0x80:
            return at - back
    return at


def as_text(data: bytes) -> str:
    """The bytes as UTF-8. Control characters are seen; a line end is seen, and ends the line."""
    text = data.decode("utf-8", "replace").replace("\r", "␍").replace("\t", "␉")
    return visible(text).replace("\n", "↵\n").removesuffix("\n")


def as_hex(data: bytes, offset: int, columns: int) -> str:
    """``00a0  7b 22 74 79  {"ty``, so many bytes a line."""
    last = offset + len(data)
    digits = max(4, len(f"{last:x}"))
    lines = []
    for start in range(0, len(data), columns):
        piece = data[start : start + columns]
        shown = piece.translate(_SIGNS).decode("ascii")
        lines.append(f"{offset + start:0{digits}x}  {piece.hex(' '):<{columns * 3 - 1}}  {shown}")
    return "\n".join(lines)


def width(columns: int, size: int) -> int:
    """Characters of a line of the dump."""
    return max(4, len(f"{size:x}")) + 2 + columns * 3 - 1 + 2 + columns


_SIGNS = bytes(code if 0x20 <= code < 0x7F else 0x2E for code in range(256))
