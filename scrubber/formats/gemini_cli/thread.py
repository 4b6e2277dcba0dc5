"""The conversation as the client holds it after each record, and where the log tells of it.

A Gemini CLI file is a log of messages and of patches to them. The store's log is only ever
appended to, so each record is compared with what the records before it left behind: what is there
already is repeated, what is new is told, and what is gone is dropped by a rewind.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import orjson

from scrubber.core.events import Kind
from scrubber.core.tally import is_spoken
from scrubber.formats.anthropic_blocks import to_block
from scrubber.formats.gemini_cli.messages import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrubber.core.content import Content
    from scrubber.core.events import Event
    from scrubber.formats.pieces import Piece


class Told(NamedTuple):
    """A piece of a record, ready to become an event."""

    message: str
    part: int
    piece: Piece
    ts: int | None
    key: bytes
    """The same for the same piece, however a record puts it."""
    is_followed: bool
    """Whether it belongs to what the client sends again each time."""


class Entry(NamedTuple):
    """A piece that the conversation holds, and its place in the log."""

    key: bytes
    seq: int
    is_followed: bool
    answers: str | None
    """The call whose result it is."""


class Difference(NamedTuple):
    """How a conversation differs from the one that the log tells."""

    kept: int
    """So many of its pieces are told already."""
    drop: int | None
    """Position in the log of the first event that is no longer in it."""
    summary: int | None = None
    """Which of its pieces is a summary that stands for what was before."""
    first: int = 0
    """Position in the log of the first event that the summary stands for."""


def told(message: str, part: int, piece: Piece, ts: int | None) -> Told:
    """A piece with what it is compared by."""
    return Told(message, part, piece, ts, key_of(piece, piece.block), _is_followed(piece))


def key_of(what: Piece | Event, content: Content) -> bytes:
    """The same for the same piece or event, however a record puts it."""
    said = [
        what.role,
        what.call_id,
        what.name if what.kind is Kind.TOOL_CALL else what.kind is Kind.REASONING,
        content.arguments,
        [to_block(block) for block in content.blocks],
    ]
    return blake2b(orjson.dumps(said, option=orjson.OPT_NON_STR_KEYS), digest_size=16).digest()


def _is_followed(piece: Piece) -> bool:
    """The context that the client puts in front is not: it is made anew at each start."""
    if piece.kind is Kind.CONTEXT and piece.name is None:
        return False
    return is_spoken(piece.kind, piece.role, piece.visibility)


class Thread:
    """The messages that the conversation holds, in order, each with the places of its pieces."""

    def __init__(self) -> None:
        self._messages: dict[str, list[Entry]] = {}
        self._answers: dict[str, int] = {}
        self._stands_for: dict[int, int] = {}
        """Where the summaries stand, and the first event that each of them stands for."""

    def __contains__(self, message: str) -> bool:
        return message in self._messages

    def entries(self, message: str) -> list[Entry]:
        """What the conversation holds of a message."""
        return self._messages.setdefault(message, [])

    def followed(self) -> list[Entry]:
        """All that the client sends again, in order."""
        return [e for entries in self._messages.values() for e in entries if e.is_followed]

    def answer(self, call_id: str | None) -> int | None:
        """Where the result of a call stands, if it is part of the conversation."""
        return self._answers.get(call_id) if call_id is not None else None

    def is_last(self, message: str) -> bool:
        """Whether no message follows this one."""
        return next(reversed(self._messages), None) == message

    def add(self, one: Told, seq: int) -> None:
        """Take up a piece, behind all others of its message."""
        answers = one.piece.call_id if one.piece.kind is Kind.TOOL_RESULT else None
        self.entries(one.message).append(Entry(one.key, seq, one.is_followed, answers))
        if answers is not None:
            self._answers[answers] = seq

    def sum_up(self, seq: int, first: int) -> None:
        """Note that the summary at ``seq`` stands for the events from ``first`` on."""
        self._stands_for[seq] = first

    def origin(self, seq: int) -> int:
        """Where that begins which goes with an event: with a summary, what it stands for.

        Else what a summary had put away would be back when the summary itself is dropped.
        """
        return self._stands_for.get(seq, seq)

    def cut(self, drop: int) -> None:
        """Drop all pieces that stand at this position of the log or behind it."""
        left: dict[str, list[Entry]] = {}
        for name, entries in self._messages.items():
            if any(entry.seq >= drop for entry in entries):
                if before := [entry for entry in entries if entry.seq < drop]:
                    left[name] = before
                break
            left[name] = entries
        self._hold(left)

    def rewind(self, message: str) -> int | None:
        """Drop a message and all behind it, all there are if it is not known.

        Gives the position of the first event that is dropped, None if there is none.
        """
        names = list(self._messages)
        at = names.index(message) if message in self._messages else 0
        dropped = [entry for name in names[at:] for entry in self._messages[name]]
        places = [self.origin(entry.seq) for entry in dropped]
        self._hold({name: self._messages[name] for name in names[:at]})
        return min(places, default=None)

    def take(self, messages: Iterable[tuple[str, Sequence[Told]]], kept: Mapping[int, int]) -> None:
        """Hold the messages of a checkpoint, so far as the log tells them."""
        fresh: dict[str, list[Entry]] = {}
        for name, pieces in messages:
            entries = fresh.setdefault(name, [])
            known = {entry.seq: entry for entry in self._messages.get(name, ())}
            for one in pieces:
                if (seq := kept.get(one.part)) is not None:
                    answers = one.piece.call_id if one.piece.kind is Kind.TOOL_RESULT else None
                    entries.append(Entry(one.key, seq, one.is_followed, answers))
                    known.pop(seq, None)
            entries += [entry for entry in known.values() if not entry.is_followed]
        self._hold(fresh)

    def _hold(self, messages: dict[str, list[Entry]]) -> None:
        self._messages = messages
        every = (entry for entries in messages.values() for entry in entries)
        self._answers = {e.answers: e.seq for e in every if e.answers is not None}

    def compare(self, pieces: Sequence[Told]) -> Difference:
        """A whole conversation with the one that is held."""
        held = self.followed()
        kept = common(held, pieces)
        if kept == len(held):
            return Difference(kept, None)
        if kept < len(pieces) and SUMMARY in pieces[kept].piece.block.text:
            tail = start_of_tail(held[kept:], pieces[kept + 1 :])
            return Difference(kept, tail, kept, self.origin(held[kept].seq))
        return Difference(kept, self.origin(held[kept].seq))


def common(held: Sequence[Entry], pieces: Sequence[Told]) -> int:
    """How many pieces both begin with."""
    pairs = enumerate(zip(held, pieces, strict=False))
    return next((n for n, (a, b) in pairs if a.key != b.key), min(len(held), len(pieces)))


def grown(held: Sequence[Entry], pieces: Sequence[Told]) -> dict[int, int] | None:
    """Where the log tells the pieces of a message that may have grown, by their parts.

    None if anything is gone that was there before.
    """
    places: dict[int, int] = {}
    for one in pieces:
        if len(places) < len(held) and one.key == held[len(places)].key:
            places[one.part] = held[len(places)].seq
    return places if len(places) == len(held) else None


def start_of_tail(held: Sequence[Entry], pieces: Sequence[Told]) -> int | None:
    """Where the messages stand that a compaction kept behind its summary: they are told anew."""
    for start in range(min(len(pieces), 2)):
        first, length = pieces[start].key, len(pieces) - start
        for at, entry in enumerate(held):
            if entry.key == first and common(held[at:], pieces[start:]) == length:
                return entry.seq
    return None
