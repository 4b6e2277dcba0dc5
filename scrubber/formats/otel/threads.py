"""Conversations put together from calls that each repeat what was said before.

The messages of a call that continue a conversation's are its new ones. What the conversation holds
beyond the messages they share is dropped: a rewind. A call that shares none of them begins a
conversation of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

from scrubber.core.events import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.session import SessionInfo
    from scrubber.formats.conversation_log import ConversationLog
    from scrubber.formats.conversations import Piece

_BYTES = 12
_UNCOUNTED = (Role.SYSTEM, Role.DEVELOPER)


@dataclass
class Thread:
    """One conversation: what was said, as digests, and where in its log each of it stands."""

    key: str
    info: SessionInfo
    log: ConversationLog
    said: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    told: set[bytes] = field(default_factory=set)
    """Instructions and tools that were shown."""
    calls: set[str] = field(default_factory=set)
    length: int = 0

    def shared(self, said: Sequence[bytes]) -> int:
        """With how much of this conversation a call begins."""
        most = min(len(self.said), len(said))
        return next((n for n in range(most) if self.said[n] != said[n]), most)

    def drop(self, kept: int) -> int:
        """Forget what a call no longer holds; the place of the first event that it drops."""
        place = self.places[kept]
        del self.said[kept:], self.places[kept:]
        return place


def is_counted(piece: Piece) -> bool:
    """Whether a piece tells how a conversation goes on.

    Instructions change from call to call, and thoughts are often not given back to the model.
    """
    is_message = piece.message >= 0 and piece.kind is not Kind.REASONING
    return is_message and piece.role not in _UNCOUNTED


def digest(piece: Piece) -> bytes:
    """What makes the same message the same in two calls."""
    content = piece.content
    if piece.kind is Kind.TOOL_CALL and piece.call_id:
        told: object = piece.call_id
    elif piece.kind is Kind.TOOL_RESULT and piece.call_id:
        told = [piece.call_id, content.text.strip()]
    else:
        told = [content.text.strip(), content.arguments, piece.name]
        told = [*told, [repr(block) for block in content.blocks]] if not content.text else told
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS
    data = orjson.dumps([piece.kind, piece.role, told], default=repr, option=options)
    return blake2b(data, digest_size=_BYTES).digest()
