"""Files of whole conversations, without times: what the readers of their dialects share.

A file is lines of JSON, one JSON array, or JSON values one after the other; each value is a
conversation, or one message of the only conversation. A conversation is a log: the first one's
key is ``""``, that of the others their number in the file, so that a file may grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import orjson

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.formats.parsing import loads
from scrubber.formats.record_cache import RecordCache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.formats.base import FoundPlace

ABOUT_RECORD = -1
"""Part number of an event that stands for a whole record, damaged or of an unknown kind."""


class Piece(NamedTuple):
    """One event of a record, with its content and what of the record it was read from."""

    kind: Kind
    role: Role
    content: Content
    visibility: Visibility = Visibility.IN_CONTEXT
    marks: Mark = Mark.NONE
    name: str | None = None
    call_id: str | None = None
    message: int = -1
    """Which of the record's messages it is of, -1 for none."""
    branch: int = 0
    """Which conversation of the record it is of: preference pairs hold two. The second has only
    the messages in which it differs; the numbers of both go on from those that they share."""
    source: JSON = None
    ts: int | None = None
    usage: Usage | None = None


class Dialect(Protocol):
    """What differs between such formats."""

    @property
    def branches(self) -> Sequence[str]:
        """What the conversations of a record are called if it holds several."""
        ...

    def is_conversation(self, value: JSON) -> bool:
        """Whether a value is a whole conversation."""
        ...

    def is_message(self, value: JSON) -> bool:
        """Whether a value is one message."""
        ...

    def pieces(self, value: JSON) -> list[Piece]:
        """The events of a conversation or a message, in order."""
        ...


def tools_piece(tools: JSON) -> Piece:
    """The tools that the model was offered: seen by it, but said by nobody."""
    content = Content((Data(tools),))
    return Piece(Kind.CONTEXT, Role.NONE, content, name="tools", source=tools)


def fields_piece(value: dict[str, JSON], known: frozenset[str]) -> list[Piece]:
    """What a conversation's record holds beside it, so that nothing of it is invisible."""
    rest = {key: item for key, item in value.items() if key not in known and item is not None}
    if not rest:
        return []
    content = Content((Data(rest),))
    hidden = Visibility.HIDDEN
    return [Piece(Kind.STATE, Role.NONE, content, hidden, name="fields")]


def shared(first: Sequence[JSON], second: Sequence[JSON]) -> int:
    """How many messages two conversations begin with that are the same; each ends with its own."""
    most = max(min(len(first), len(second)) - 1, 0)
    return next((n for n in range(most) if first[n] != second[n]), most)


def unknown_piece(value: JSON, message: int, text: str = "") -> Piece:
    """A message of a shape or role that nobody knows."""
    content = Content((Text(text),), detail=value) if text else Content((Data(value),))
    shown = Visibility.UI_ONLY
    return Piece(Kind.UNKNOWN, Role.NONE, content, shown, message=message, source=value)


def parse_record(raw: bytes) -> JSON:
    """The value of a record, whatever separates it from its neighbours; None if it has none."""
    try:
        return loads(raw.removeprefix(b"\xef\xbb\xbf").rstrip(b", \t\r\n"))
    except orjson.JSONDecodeError:
        return None


def pieces_of(dialect: Dialect, value: JSON) -> list[Piece]:
    """The pieces of a record's value, none if it is of no known kind."""
    if dialect.is_conversation(value) or dialect.is_message(value):
        return dialect.pieces(value)
    return []


class ConversationFormat:
    """What the formats of such files share; each has its dialect, and says how to recognise it."""

    name: ClassVar[str]
    title: ClassVar[str]
    version = 2

    def __init__(self, dialect: Dialect, parse: Callable[[bytes], JSON] = parse_record) -> None:
        """``parse`` gives the value of a record from its bytes, None if it has none."""
        self.dialect = dialect
        self._parse = parse
        self._cache = RecordCache(lambda raw: pieces_of(dialect, parse(raw)))

    def content(self, raw: bytes, part: int) -> Content:
        """The content of one event of a record; that of a damaged record is its text."""
        piece = self.piece(raw, part)
        if piece is not None:
            return piece.content
        value = self._parse(raw)
        return Content((Data(value) if value is not None else Text(raw.decode(errors="replace")),))

    def piece(self, raw: bytes, part: int) -> Piece | None:
        """One event of a record with what it was read from."""
        pieces = self._cache.of(raw) if part >= 0 else []
        return pieces[part] if 0 <= part < len(pieces) else None

    def pieces(self, raw: bytes) -> list[Piece]:
        """All events of a record with what they were read from; none of a damaged one."""
        return self._cache.of(raw)

    def message_pieces(self, raw: bytes, message: int, branch: int = 0) -> list[Piece]:
        """All pieces of one message of a record."""
        pieces = self._cache.of(raw)
        return [p for p in pieces if p.message == message and p.branch == branch]

    def places(self) -> Sequence[FoundPlace]:
        """Nowhere in particular."""
        return []
