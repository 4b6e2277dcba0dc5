"""Derives events from pieces, each with what only the lines in front of it tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Draft, Kind, Mark
from scrubber.core.kinds import (
    ASSISTANT,
    COMPACTION,
    CONTEXT,
    DEVELOPER,
    MESSAGE,
    NOBODY,
    SYSTEM,
    TOOL_CALL,
    TOOL_RESULT,
    USER,
)
from scrubber.formats.codex.agents import AgentTracker
from scrubber.formats.codex.content import piece_content
from scrubber.formats.codex.injected import is_injected, is_state_update
from scrubber.formats.codex.outputs import detail_failed, has_failed
from scrubber.formats.codex.turns import LiveTurns
from scrubber.formats.codex.twins import Twins
from scrubber.formats.codex.usage import UsageMeter
from scrubber.formats.pieces import SEEN, Piece, draft_of

if TYPE_CHECKING:
    from scrubber.core.content import Content
    from scrubber.core.session import SessionInfo

ABOUT_AGENT = -1
"""Part number of the event that tells that a sub-agent started: about its line, not in it."""
_REMEMBERED = 256
_ENDS_RESPONSE = frozenset({Kind.TURN_START, Kind.TURN_END, Kind.USAGE, COMPACTION})

_UNASKED = frozenset({ASSISTANT, NOBODY})
"""Whose events the model is not told by others."""


class History:
    """One log while it is read."""

    def __init__(self, info: SessionInfo) -> None:
        self._info = info
        self._usage, self._turns, self._twins = UsageMeter(), LiveTurns(), Twins()
        self._agents = AgentTracker()
        self._said: set[int] = set()
        self._failed: dict[str, None] = {}
        self._group: str | None = None
        self._hosted: str | None = None
        self._nameless = 0
        self._begin = 0
        """The first event that a compaction replaces: the one behind the system prompt."""

    def events(self, seq: int, part: int, piece: Piece) -> list[Draft]:
        """The event of a piece at this position, and one about it where there is more to tell."""
        content = piece_content(piece)
        draft = draft_of(part, piece, content, self._group_of(seq, piece))
        if piece.kind is COMPACTION:
            self._compaction(seq, draft, piece, content)
        elif piece.visibility is SEEN:
            return [draft, *self._item(seq, draft, piece, content)]
        else:
            self._beside(seq, draft, piece, content)
        return [draft]

    def _group_of(self, seq: int, piece: Piece) -> str | None:
        """What a model says between two things that it is told is one message."""
        if piece.kind in _ENDS_RESPONSE or (
            piece.visibility is SEEN and piece.role not in _UNASKED
        ):
            self._group = None
        elif piece.visibility is SEEN and piece.role is ASSISTANT:
            self._group = self._group or f"{self._info.native_id}:{seq}"
            return self._group
        return None

    def _item(self, seq: int, draft: Draft, piece: Piece, content: Content) -> list[Draft]:
        """An item of the history."""
        if piece.role is SYSTEM and "base_instructions" in piece.block:
            self._begin = seq + 1
            return []
        if draft.kind is MESSAGE and piece.role is USER and is_injected(content):
            draft.kind = CONTEXT
        self._count_turn(seq, draft, content)
        if draft.kind is TOOL_CALL:
            self._call(seq, draft, piece, content)
        elif draft.kind is TOOL_RESULT:
            return self._result(seq, draft, piece, content)
        else:
            draft.ref = self._twins.item(seq, piece, content)
            self._said.add(_digest(piece, content))
        if draft.kind is CONTEXT:
            self._agents.notified(seq, content, self._info)
        return []

    def _count_turn(self, seq: int, draft: Draft, content: Content) -> None:
        if draft.role is USER and not is_injected(content):
            self._turns.prompt(seq, is_kept=draft.kind is COMPACTION)
        elif draft.role is USER or (draft.role is DEVELOPER and is_state_update(content)):
            self._turns.context(seq)
        elif draft.role is not NOBODY:
            self._turns.other(seq)

    def _call(self, seq: int, draft: Draft, piece: Piece, content: Content) -> None:
        if draft.call_id is None:  # the provider's own calls had no ids in old versions
            self._nameless += 1
            draft.call_id = f"{draft.name or 'call'}_{self._nameless}"
        self._hosted = draft.call_id
        self._agents.call(seq, piece, content)

    def _result(self, seq: int, draft: Draft, piece: Piece, content: Content) -> list[Draft]:
        if draft.part > 0:  # call and result in one item
            draft.call_id = self._hosted
        if draft.call_id in self._failed or has_failed(piece.block, content):
            draft.marks |= Mark.ERROR
        started = self._agents.result(seq + 1, draft, content, self._info)
        if started is None:
            return []
        started.part = ABOUT_AGENT
        return [started]

    def _compaction(self, seq: int, draft: Draft, piece: Piece, content: Content) -> None:
        draft.group_id = None
        if piece.visibility is not SEEN:
            self._turns.compacted(seq)
            draft.ref = self._twins.item(seq, piece, content)
            return
        self._count_turn(seq, draft, content)
        draft.ref = self._begin
        if _digest(piece, content) in self._said and piece.block.get("type") == "message":
            draft.marks |= Mark.DUPLICATE

    def _beside(self, seq: int, draft: Draft, piece: Piece, content: Content) -> None:
        """What is no item of the history."""
        match piece.kind:
            case Kind.MIRROR:
                draft.ref = self._twins.mirror(seq, piece, content)
            case Kind.USAGE:
                draft.usage = self._usage.increment(piece.block)
            case Kind.TURN_START:
                self._turns.turn_started(seq)
            case Kind.REWIND:
                turns = piece.block.get("num_turns")
                draft.ref = self._turns.roll_back(turns if isinstance(turns, int) else 0)
            case Kind.TOOL_DETAIL if piece.call_id and detail_failed(piece.block):
                self._failed[piece.call_id] = None
                if len(self._failed) > _REMEMBERED:
                    del self._failed[next(iter(self._failed))]
            case Kind.SUBAGENT_START | Kind.SUBAGENT_END:
                self._agents.told(seq, draft, piece.block, self._info)


def _digest(piece: Piece, content: Content) -> int:
    """A fingerprint of what is said and by whom."""
    return hash((piece.role, content.text))
