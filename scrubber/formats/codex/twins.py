"""Links what is told twice: an item of the history, and the line that repeats it for the screen.

Which of the two comes first depends on the version. The later one refers to the earlier one, so
that a file can be read on while it grows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Text
from scrubber.core.kinds import COMPACTION
from scrubber.formats.codex.records import Record, inner

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.formats.pieces import Piece

_REMEMBERED = 128
_Key = tuple[object, object]


class Twins:
    """The items and the mirrors of late that have no twin yet."""

    def __init__(self) -> None:
        self._items: dict[_Key, int] = {}
        self._mirrors: dict[_Key, int] = {}

    def item(self, seq: int, piece: Piece, content: Content) -> int | None:
        """An item of the history; gives its mirror, if that stands in front of it."""
        return _match(_keys(piece, content), seq, self._mirrors, self._items)

    def mirror(self, seq: int, piece: Piece, content: Content) -> int | None:
        """A line that repeats an item; gives the item, if that stands in front of it."""
        return _match(_keys(piece, content), seq, self._items, self._mirrors)


def _match(keys: list[_Key], seq: int, there: dict[_Key, int], here: dict[_Key, int]) -> int | None:
    known = [there[key] for key in keys if key in there]
    if not known:
        here.update(dict.fromkeys(keys, seq))
        while len(here) > _REMEMBERED:
            del here[next(iter(here))]
        return None
    for key in keys:
        if there.get(key) == known[0]:
            del there[key]
    return known[0]


def _keys(piece: Piece, content: Content) -> list[_Key]:
    """What two twins have in common: the id, the words, or only what they are."""
    block: Record = piece.block
    item = inner(block, "item") or block if "item" in block else block
    what = _what(piece, item)
    if what == "compaction":
        return [(what, None)]
    # A reasoning with several parts is repeated part by part.
    texts = [block.text for block in content.blocks if isinstance(block, Text)]
    if len(texts) > 1:
        texts = texts if what == "reasoning" else [texts[0], "\n".join(texts)]
    keys: list[_Key] = [(what, hash(text)) for text in dict.fromkeys(texts) if text]
    return [("id", item["id"]), *keys] if isinstance(item.get("id"), str) else keys


def _what(piece: Piece, item: Record) -> object:
    """What they are: a word for it, or who said it."""
    kind = str(item.get("type")).lower()
    if piece.kind is COMPACTION or "compact" in kind:
        return "compaction"
    return "reasoning" if "reasoning" in kind else piece.role
