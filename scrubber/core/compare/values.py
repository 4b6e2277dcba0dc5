"""Contents as text that can be compared, and structured arguments key by key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from scrubber.core.content import Data, Document, Image, Text
from scrubber.core.hashing import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON, Block, Content

MOST_CHANGES = 200
"""Differences between two values that are told; the rest is not looked for."""


class Nothing:
    """Stands for a value that is not there."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()


class Change(NamedTuple):
    """One difference inside two values: where (``edits[2].path``), and both, or NOTHING."""

    path: str
    before: JSON
    after: JSON


def same(one: Content, other: Content) -> bool:
    """Whether two contents say the same; seals and what is beside the content do not count."""
    return one.blocks == other.blocks and one.arguments == other.arguments


def changes(before: JSON, after: JSON) -> list[Change]:
    """The differences between two JSON values, outermost first, at most MOST_CHANGES."""
    found: list[Change] = []
    for change in _changes(before, after, ""):
        found.append(change)
        if len(found) == MOST_CHANGES:
            break
    return found


def _changes(before: JSON, after: JSON, path: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            where = f"{path}.{key}" if path else str(key)
            yield from _changes(before.get(key, NOTHING), after.get(key, NOTHING), where)
    elif isinstance(before, list) and isinstance(after, list):
        for n in range(max(len(before), len(after))):
            mine = before[n] if n < len(before) else NOTHING
            theirs = after[n] if n < len(after) else NOTHING
            yield from _changes(mine, theirs, f"{path}[{n}]")
    elif type(before) is not type(after) or before != after:
        yield Change(path, before, after)


def as_text(content: Content, like: Content | None = None) -> str:
    """A content as text: arguments key by key, then the blocks; keys in the order of another's."""
    parts = []
    if content.arguments is not None:
        order = like.arguments if like is not None else None
        parts.append(arguments_text(content.arguments, order))
    parts += [_block_text(block) for block in content.blocks]
    return "\n".join(part for part in parts if part)


def arguments_text(arguments: JSON, like: JSON = None) -> str:
    """Arguments as lines ``key: value``; longer texts on lines of their own."""
    if not isinstance(arguments, dict):
        return arguments if isinstance(arguments, str) else _json(arguments)
    first = [key for key in like if key in arguments] if isinstance(like, dict) else []
    keys = [*first, *(key for key in arguments if key not in first)]
    return "\n".join(_line(str(key), arguments[key]) for key in keys)


def _line(key: str, value: JSON) -> str:
    text = value if isinstance(value, str) else _json(value)
    return f"{key}:\n{text}" if "\n" in text else f"{key}: {text}"


def _json(value: JSON) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else json.dumps(value, ensure_ascii=False, indent=2)


def _block_text(block: Block) -> str:
    match block:
        case Text(text):
            return text
        case Image(media_type, data, reference):
            return f"[image: {media_type or 'unknown type'} {reference or _mark(data)}]"
        case Document(title, media_type, data, reference):
            return f"[document: {title or media_type} {reference or _mark(data)}]"
        case Data(value):
            return _json(value)


def _mark(data: str) -> str:
    """A few letters that tell one picture from another."""
    return blake2b(data.encode(), digest_size=4).hexdigest() if data else ""
