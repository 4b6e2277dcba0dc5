"""ShareGPT files, with what LLaMA-Factory and others made of them.

A conversation is ``{"conversations": [{"from": "human|gpt|system|function_call|observation|tool",
"value": …}]}`` with ``system``, ``tools`` (JSON text), ``images`` (for each ``<image>`` in the
texts) beside it; keys may also be ``messages`` with ``role`` and ``content``, where content may
be a list of ``{"type": "text|reasoning|tool_call|image_url", "value": …}``. Preference pairs
have ``chosen`` and ``rejected`` (one turn that follows, or ``…_messages``: all of them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.conversations import (
    ConversationFormat,
    Piece,
    fields_piece,
    shared,
    tools_piece,
)
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import parse_json
from scrubber.formats.sharegpt_turns import Pictures, is_turn, system_piece, turn_pieces
from scrubber.formats.sharegpt_writer import ShareGPTWriter

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import JSON
    from scrubber.formats.base import Reader

_TURNS = ("conversations", "conversation", "messages")
_PAIRS = (("chosen", "rejected"), ("chosen_messages", "rejected_messages"))
_KNOWN = frozenset({*_TURNS, "system", "tools", "images", *(k for pair in _PAIRS for k in pair)})
_MEDIA = ("images", "videos", "audios")


class ShareGPTDialect:
    """Conversations whose turns have ``from`` and ``value``, and their relatives."""

    branches = ("chosen", "rejected")

    def is_conversation(self, value: JSON) -> bool:
        """An object with turns, or a bare list of them."""
        if isinstance(value, list):
            return bool(value) and is_turn(value[0])
        return isinstance(value, dict) and _branches(value) is not None

    def is_message(self, value: JSON) -> bool:
        """A turn by itself."""
        return is_turn(value)

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a conversation, of both of a pair, or of one turn."""
        if isinstance(value, list):
            return _turns(value, Pictures(None))
        branches = _branches(value)
        if branches is None:
            return turn_pieces(value, 0, Pictures(None))
        found = _around(value) + _turns(branches[0], _pictures(value))
        for other in branches[1:]:
            start = shared(branches[0], other)
            pieces = _turns(other, _pictures(value))
            found += [piece._replace(branch=1) for piece in pieces if piece.message >= start]
        return found


def _pictures(value: dict[str, Any]) -> Pictures:
    return Pictures(value.get("images"))


def _around(value: dict[str, Any]) -> list[Piece]:
    pieces = fields_piece(value, _KNOWN)
    tools = value.get("tools")
    if found := parse_json(tools) if isinstance(tools, str) else tools:
        pieces.append(tools_piece(found))
    if value.get("system"):
        pieces.append(system_piece(value["system"]))
    return pieces


def _turns(turns: list[JSON], pictures: Pictures) -> list[Piece]:
    return [
        piece for number, turn in enumerate(turns) for piece in turn_pieces(turn, number, pictures)
    ]


def _branches(value: dict[str, Any]) -> list[list[JSON]] | None:
    """The turns of a record's conversation, or of both of a pair; None if it has none."""
    found = (value[key] for key in _TURNS if _is_list_of_turns(value.get(key)))
    turns: list[JSON] | None = next(found, None)
    for pair in _PAIRS:
        endings = [_as_turns(value.get(key)) for key in pair]
        if all(endings):
            return [[*(turns or []), *ending] for ending in endings if ending is not None]
    return [turns] if turns is not None else None


def _is_list_of_turns(value: JSON) -> bool:
    return isinstance(value, list) and (not value or is_turn(value[0]))


def _as_turns(value: JSON) -> list[JSON] | None:
    if is_turn(value):
        return [value]
    return value if isinstance(value, list) and value and is_turn(value[0]) else None


class ShareGPT(ConversationFormat):
    """The format of such files."""

    name = "sharegpt"
    title = "ShareGPT, LLaMA-Factory"
    version = 2

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at what is only here: ``conversations``, ``from``, values in typed parts."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for a file of conversations."""
        return ConversationReader(self.dialect)


def _likeness(value: JSON) -> int:
    if isinstance(value, dict) and not is_turn(value):
        return _likeness_of_conversation(value)
    turns = [value] if is_turn(value) else value if _is_list_of_turns(value) else []
    return 85 if any(_is_own_turn(turn) for turn in turns) else 0


def _likeness_of_conversation(value: dict[str, Any]) -> int:
    branches = _branches(value)
    if branches is None:
        return 0
    if any(key in value for key in ("conversations", "chosen_messages")):
        return 90
    if any(_is_own_turn(turn) for turns in branches for turn in turns):
        return 85
    return 80 if any(isinstance(value.get(key), list) for key in _MEDIA) else 0


def _is_own_turn(turn: JSON) -> bool:
    if not isinstance(turn, dict):
        return False
    content = turn.get("content")
    parts = content if isinstance(content, list) else ()
    return "from" in turn or any(isinstance(p, dict) and "value" in p for p in parts)


FORMAT = ShareGPT(ShareGPTDialect())
WRITER = ShareGPTWriter()
