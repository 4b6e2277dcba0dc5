"""A transcript's words as HTML that says the same and does nothing.

Of Markdown only what helps reading is taken up: fenced code, headings, tables, `code` and
**bold**. Everything else is text, the signs of lists and links included. Nothing of a transcript
becomes markup, an address or an attribute.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from scrubber.core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,30})[^`\n]*$")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)|\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")


def escaped(text: str) -> str:
    """Text for anywhere between tags or in a quoted attribute."""
    return html.escape(visible(text))


def pre(text: str, kind: str = "") -> str:
    """Text as it is, in the type of machines."""
    label = f' data-kind="{escaped(kind)}"' if kind else ""
    return f"<pre{label}>{escaped(text.rstrip())}</pre>"


def prose(text: str) -> str:
    """Words that people or models wrote."""
    return "".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    words: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        fence, heading = _FENCE.match(line), _HEADING.match(line)
        if fence is None and heading is None:
            words.append(line)
            continue
        yield from _paragraph(words)
        words = []
        if fence is not None:
            yield pre("\n".join(_fenced(lines, fence[1])), fence[2])
        elif heading is not None:
            yield f'<p class="h h{len(heading[1])}">{_inline(heading[2])}</p>'
    yield from _paragraph(words)


def _fenced(lines: Iterator[str], fence: str) -> Iterator[str]:
    """The lines up to the fence that closes, or to the end."""
    for line in lines:
        end = line.strip()
        if len(end) >= len(fence) and not end.strip(fence[0]):
            return
        yield line


def _paragraph(lines: list[str]) -> Iterator[str]:
    """Words, with the tables among them."""
    done = at = 0
    while at + 1 < len(lines):
        if not ("|" in lines[at] and _is_rule(lines[at + 1])):
            at += 1
            continue
        stop = next((n for n in range(at + 2, len(lines)) if "|" not in lines[n]), len(lines))
        yield from _words(lines[done:at])
        yield _table([lines[at], *lines[at + 2 : stop]])
        done = at = stop
    yield from _words(lines[done:])


def _is_rule(line: str) -> bool:
    """Whether a line is the one between a table's head and its rows."""
    return "|" in line and all(
        cell.strip() and not cell.strip().strip(":").strip("-") for cell in _cells(line)
    )


def _words(lines: list[str]) -> Iterator[str]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield f'<p class="t">{_inline(text)}</p>'


def _table(rows: list[str]) -> str:
    head, *others = ([_inline(cell.strip()) for cell in _cells(row)] for row in rows)
    first = "".join(f"<th>{cell}</th>" for cell in head)
    rest = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in others)
    return f"<table><tr>{first}</tr>{rest}</table>"


def _cells(row: str) -> list[str]:
    return row.strip().removeprefix("|").removesuffix("|").split("|")


def _inline(text: str) -> str:
    parts, done = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escaped(text[done : found.start()]))
        tag, inside = ("code", found[1]) if found[1] is not None else ("b", found[2])
        parts.append(f"<{tag}>{escaped(inside)}</{tag}>")
        done = found.end()
    return "".join(parts) + escaped(text[done:])
