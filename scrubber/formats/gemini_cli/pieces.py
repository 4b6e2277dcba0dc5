"""What a record of Gemini CLI is made of: facts about the session, and messages.

Source of the shapes: ``chatRecordingService.ts`` of versions 0.1 to 0.61, and sessions of them.
A record is a header, a message, a patch (``$set``, ``$rewindTo``), or a part of a session that is
one JSON object. A header and a ``$set`` may hold a whole list of messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import Content, Data, Text
from scrubber.core.events import Kind, Role
from scrubber.formats.gemini_cli.messages import Message, is_message, message_of
from scrubber.formats.pieces import HIDDEN, SHOWN, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON

REWIND = "$rewindTo"
SET = "$set"

_HEADER = ("sessionId", "projectHash", "startTime", "start_time")
_LISTS = ("messages", "history")
_QUIET = {
    *_HEADER,
    *_LISTS,
    "lastUpdated",
    "kind",
    "hasUserOrAssistantMessage",
}
"""What is known of a session and no event of its own."""
_MEMBERS = {*_QUIET, "summary", "directories", "memoryScratchpad", "meta"}


class Record(NamedTuple):
    """A record taken apart: its own pieces first, then its messages'."""

    facts: dict[str, Any]
    """What it says of the session as a whole."""
    about: list[Piece]
    messages: list[Message]
    is_header: bool = False
    is_checkpoint: bool = False
    """Whether its messages take the place of all before them."""
    rewinds_to: str | None = None

    def pieces(self) -> list[Piece]:
        """All of its pieces; their positions are their parts."""
        return [*self.about, *(piece for message in self.messages for piece in message.pieces)]


def record_of(value: JSON) -> Record:
    """A record of any kind; what nobody knows has one piece of an unknown kind."""
    if isinstance(value, dict):
        if isinstance(value.get(REWIND), str):
            return _rewind(value)
        if is_message(value):
            return Record({}, [], [message_of(value)])
        if isinstance(value.get(SET), dict):
            return _patch(value[SET])
        if len(value) == 1 and "sessionId" not in value and not _MEMBERS.isdisjoint(value):
            return _patch(value)._replace(is_checkpoint=False)
        if not _MEMBERS.isdisjoint(value):
            return _header(value)
    unknown = Piece(Kind.UNKNOWN, Role.NONE, SHOWN, Content((Data(value),)))
    return Record({}, [unknown], [])


def _rewind(value: dict[str, Any]) -> Record:
    target = value[REWIND]
    content = Content((Text(f"rewound to the message in front of {target}"),))
    about = [Piece(Kind.REWIND, Role.NONE, SHOWN, content)]
    return Record({}, about, [], rewinds_to=target)


def _header(value: dict[str, Any]) -> Record:
    facts = {key: item for key, item in value.items() if key not in _LISTS}
    kind = facts.get("kind") or "session"
    content = Content((Text(f"{kind} {facts.get('sessionId', '')}".strip()),), detail=facts)
    start = Piece(Kind.SESSION_START, Role.NONE, HIDDEN, content)
    return Record(facts, [start, *_title(facts)], _messages(value), is_header=True)


def _patch(changes: dict[str, Any]) -> Record:
    facts = {key: item for key, item in changes.items() if key not in _LISTS}
    about = [*_title(facts), *_rest(facts)]
    is_checkpoint = isinstance(changes.get("messages"), list)
    return Record(facts, about, _messages(changes), is_checkpoint=is_checkpoint)


def _messages(value: dict[str, Any]) -> list[Message]:
    return [message_of(item, number) for number, item in enumerate(listed(value))]


def listed(value: dict[str, Any]) -> list[JSON]:
    """The messages that a header or a patch holds, as they stand there."""
    lists = (value[key] for key in _LISTS if isinstance(value.get(key), list))
    given: list[JSON] = next(lists, [])
    return given


def _title(facts: dict[str, Any]) -> Iterator[Piece]:
    summary = facts.get("summary")
    if isinstance(summary, str) and summary:
        yield Piece(Kind.TITLE, Role.NONE, HIDDEN, Content((Text(summary),)))


def _rest(facts: dict[str, Any]) -> Iterator[Piece]:
    """What a patch tells that is told nowhere else."""
    rest = {key: item for key, item in facts.items() if key not in (*_QUIET, "summary")}
    if rest:
        content = Content((Text(", ".join(rest)),), detail=rest)
        yield Piece(Kind.STATE, Role.NONE, HIDDEN, content)
