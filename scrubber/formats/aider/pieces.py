"""What a block of a chat history tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.content import Content, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.formats.aider.blocks import START, TOOL, USER, prefix_of
from scrubber.formats.base import parse_time
from scrubber.formats.pieces import HIDDEN, SEEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKING = ("/ask ", "/code ", "/architect ", "/context ", "/help ")
"""Commands that hand their text to the model."""
_COMMANDS = ("/", "!")
_NUMBER = r"\$?([\d.,]+)([kM]?)"
_TOKENS = re.compile(
    rf"Tokens: {_NUMBER} sent,(?: {_NUMBER} cache write,)?(?: {_NUMBER} cache hit,)?"
    rf" {_NUMBER} received\.(?: Cost: {_NUMBER} (?:message|request|send),)?"
)
_MODEL = re.compile(r"^(?:Main model|Models?): (\S+)(?: with|,|$)", re.MULTILINE)
_TIMES = {"": 1, "k": 1_000, "M": 1_000_000}


def piece_of(raw: bytes) -> Piece:
    """The piece of a block."""
    text = raw.decode(errors="replace")
    prefix = prefix_of(raw)
    if prefix == START:
        told = text.removeprefix("# ").strip()
        return Piece(Kind.SESSION_START, Role.NONE, HIDDEN, Content((Text(told),)))
    if prefix == USER:
        return _prompt("\n".join(_lines(text, "####")).strip())
    if prefix == TOOL:
        words = "\n".join(_lines(text, ">")).strip("\n")
        return Piece(Kind.NOTICE, Role.NONE, SHOWN, Content((Text(words),) if words else ()))
    said = Content((Text(text.strip("\r\n")),))
    return Piece(Kind.MESSAGE, Role.ASSISTANT, SEEN, said, _damage(text))


def _lines(text: str, sign: str) -> Iterator[str]:
    """Lines without their sign, and without the blanks that Markdown breaks lines by."""
    for line in text.splitlines():
        yield line.removeprefix(sign).removeprefix(" ").removesuffix("  ")


def _prompt(text: str) -> Piece:
    is_command = text.startswith(_COMMANDS) and not text.startswith(_ASKING)
    kind, seen = (Kind.COMMAND, SHOWN) if is_command else (Kind.MESSAGE, SEEN)
    return Piece(kind, Role.USER, seen, Content((Text(text),) if text else ()))


def _damage(text: str) -> Mark:
    return Mark.DAMAGED if "\ufffd" in text else Mark.NONE


def started_at(text: str) -> int | None:
    """When a chat started, by the clock of the machine; milliseconds since 1970 as if in UTC."""
    return parse_time(text.removeprefix("aider chat started at ").strip())


def model_of(text: str) -> str | None:
    """The model that aider says it works with."""
    found = _MODEL.search(text)
    return found[1] if found else None


def usage_of(text: str) -> Usage | None:
    """The tokens and the cost of the answers that aider accounts for in a block."""
    found = [_numbers(match) for match in _TOKENS.finditer(text)]
    if not found:
        return None
    sent, written, read, received = (
        int(sum(column)) for column in list(zip(*found, strict=True))[:4]
    )
    costs = [numbers[4] for numbers in found if numbers[4]]
    return Usage(
        input=max(sent - written - read, 0),
        cache_read=read,
        cache_write=written,
        output=received,
        context=int(found[-1][0]),
        cost_micros=round(sum(costs) * 1_000_000) if costs else None,
    )


def _numbers(match: re.Match[str]) -> list[float]:
    groups = match.groups(default="")
    return [_number(*groups[n : n + 2]) for n in range(0, len(groups), 2)]


def _number(digits: str, unit: str) -> float:
    try:
        return min(float(digits.replace(",", "")) * _TIMES[unit], 2.0**40)
    except ValueError:
        return 0.0
