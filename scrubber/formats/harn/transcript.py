"""harn's transcript dict, as ``transcript export`` writes it and snapshots have it.

``{"_type": "transcript", "version": 2, "id", "messages", "events", "assets"}`` with ``summary``,
``metadata`` and ``state`` where there are any; a snapshot also has ``parent_id``, ``child_ids``
and ``branched_at_event_index``. The messages are what the model sees. The events repeat them, and
tell behind them what else happened: not in the order of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.core.content import JSON, Content, Data, Text
from scrubber.core.events import Kind, Role, Visibility
from scrubber.formats.conversations import ConversationFormat, Piece, fields_piece
from scrubber.formats.documents import DocumentReader, part_of
from scrubber.formats.harn.messages import message_pieces
from scrubber.formats.layouts import sample
from scrubber.formats.openai_messages import text_or_none

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.formats.base import Reader

_TOLD = frozenset({"messages", "events", "assets"})
MIRRORS = ("message", "tool_result")
"""Kinds of events that repeat a message."""

_SHOWN, _HIDDEN = Visibility.UI_ONLY, Visibility.HIDDEN
_KINDS = {
    "message_part": (Kind.MIRROR, _HIDDEN),
    "provider_payload": (Kind.MODEL_CALL, _HIDDEN),
    "private_reasoning": (Kind.REASONING, _HIDDEN),
    "tool_intent": (Kind.TOOL_DETAIL, _HIDDEN),
    "tool_execution": (Kind.TOOL_DETAIL, _HIDDEN),
    "host_input": (Kind.NOTICE, _SHOWN),
    "transcript_fork": (Kind.BRANCH_POINT, _SHOWN),
    "transcript_reset": (Kind.CONTEXT_EDIT, _SHOWN),
    "transcript_archive": (Kind.NOTICE, _SHOWN),
    "transcript_abandon": (Kind.NOTICE, _SHOWN),
    "transcript_resume": (Kind.NOTICE, _SHOWN),
    "compaction": (Kind.NOTICE, _SHOWN),
    "sub_agent_start": (Kind.SUBAGENT_START, _SHOWN),
    "sub_agent_end": (Kind.SUBAGENT_END, _SHOWN),
    "system_reminder": (Kind.NOTICE, _HIDDEN),
    "live_session_client": (Kind.UI_STATE, _HIDDEN),
}
_FAMILIES = {
    "skill_": (Kind.CONFIG_CHANGE, _HIDDEN),
    "tool_search_": (Kind.TOOL_DETAIL, _HIDDEN),
}


class TranscriptDialect:
    """Transcript dicts."""

    branches = ("",)

    def is_conversation(self, value: JSON) -> bool:
        """A transcript says that it is one."""
        return isinstance(value, dict) and value.get("_type") == "transcript"

    def is_message(self, value: JSON) -> bool:
        """Messages never stand alone."""
        return False

    def pieces(self, value: JSON) -> list[Piece]:
        """What is told of the session, its messages, then its events and assets."""
        found = fields_piece(value, _TOLD)
        for number, message in enumerate(list_of(value, "messages")):
            found += message_pieces(message, number)
        found += [event_piece(event) for event in list_of(value, "events")]
        for asset in list_of(value, "assets"):
            content = Content((Data(asset),))
            found.append(Piece(Kind.STATE, Role.NONE, content, _HIDDEN, name="asset"))
        return found


def list_of(value: dict[str, Any], key: str) -> list[JSON]:
    """A list of the dict; harn itself takes anything else for an empty one."""
    found = value.get(key)
    return found if isinstance(found, list) else []


def event_piece(event: JSON) -> Piece:
    """One of the events that stand beside the messages."""
    word = text_or_none(event.get("kind")) if isinstance(event, dict) else None
    if word is None:
        return Piece(Kind.UNKNOWN, Role.NONE, Content((Data(event),)), _SHOWN, source=event)
    text = text_or_none(event.get("text")) or word
    kind, seen = _KINDS.get(word, (Kind.UNKNOWN, _SHOWN))
    for beginning, meant in _FAMILIES.items():
        kind, seen = meant if word.startswith(beginning) else (kind, seen)
    if word in MIRRORS:
        kind, seen = Kind.MIRROR, _HIDDEN
    return Piece(kind, Role.NONE, Content((Text(text),), detail=event), seen, source=event)


class TranscriptReader(DocumentReader):
    """Reads one transcript; its id stands in it."""

    def learn(self, info: SessionInfo, value: dict[str, Any]) -> None:
        """Its id, and the session that it is a fork or a child of."""
        info.native_id = text_or_none(value.get("id")) or self.path.stem
        metadata = part_of(value, "metadata")
        info.model = text_or_none(metadata.get("model"))
        parent = text_or_none(value.get("parent_id"))
        at = value.get("branched_at_event_index")
        if parent and isinstance(at, int) and at >= 0:
            info.parent_native_id, info.relation = parent, "fork"
        elif parent := parent or text_or_none(metadata.get("parent_session_id")):
            info.parent_native_id, info.agent = parent, info.native_id
            info.relation = "subagent"

    def _conversation(self, pieces: list[Piece], value: JSON) -> list[Draft]:
        """Events that repeat messages name them, if there are as many as messages."""
        drafts = super()._conversation(pieces, value)
        firsts: dict[int, int] = {}
        for place, piece in enumerate(pieces):
            if piece.message >= 0:
                firsts.setdefault(piece.message, place)
        if drafts and (info := self.infos[drafts[0].log]).relation == "fork":
            taken = range(_messages_before_branch(value))
            places = [place for place, piece in enumerate(pieces) if piece.message in taken]
            info.shared = places[-1] + 1 if places else 0
        mirrors = [d for d, piece in zip(drafts, pieces, strict=True) if _is_mirror(piece.source)]
        if len(mirrors) == len(firsts):
            for draft, place in zip(mirrors, firsts.values(), strict=True):
                draft.ref = place
        return drafts


def _messages_before_branch(value: dict[str, Any]) -> int:
    """How many messages a fork took along: those whose events are in front of the branch."""
    events = list_of(value, "events")[: value["branched_at_event_index"]]
    return sum(map(_is_mirror, events))


def _is_mirror(event: JSON) -> bool:
    """Whether an event stands for a message; our own snapshots have some for parts of one, too."""
    return isinstance(event, dict) and event.get("kind") in MIRRORS


class HarnTranscript(ConversationFormat):
    """The format of such files. Where they are, whoever exports them decides."""

    name = "harn-transcript"
    title = "harn transcript"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at what such a dict says of itself."""
        return 99 if any(map(self.dialect.is_conversation, sample(head))) else 0

    def reader(self, path: Path) -> Reader:
        """A reader for a transcript."""
        return TranscriptReader(self.dialect, path)


FORMAT = HarnTranscript(TranscriptDialect())
