"""Tells the events of each record: what is new in it, what it repeats, what it takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scrubber.core.events import Draft, Kind, Role, Usage, Visibility
from scrubber.core.session import SessionInfo, Spawn
from scrubber.core.telling import telling_argument
from scrubber.formats.gemini_cli import about
from scrubber.formats.gemini_cli.facts import Facts
from scrubber.formats.gemini_cli.messages import SESSION_CONTEXT, Message
from scrubber.formats.gemini_cli.thread import Entry, Thread, Told, common, grown, told
from scrubber.formats.gemini_cli.usage import UsageCounter
from scrubber.formats.pieces import draft_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from scrubber.formats.gemini_cli.pieces import Record


class Teller:
    """Keeps the conversation as the client holds it, and its place in the log."""

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._facts = Facts(path)
        self._thread = Thread()
        self._usage = UsageCounter()
        self._length = 0
        self._drafts: list[Draft] = []
        self._repeated: list[int] = []
        self._unspent: Usage | None = None
        self._calls: dict[str, tuple[int, str]] = {}
        self._tellings: dict[str, int] = {}
        self._context: int | None = None
        self._restart: Literal["none", "begun", "put away"] = "none"
        self._put_away = 0

    @property
    def info(self) -> SessionInfo:
        """What is known of the session."""
        return self._facts.info

    def other(self, draft: Draft) -> list[Draft]:
        """The event of a record that could not be read."""
        self._drafts = []
        self._put(draft)
        return self._drafts

    def record(self, record: Record) -> list[Draft]:
        """The events of a record."""
        self._drafts, self._repeated, self._unspent = [], [], None
        self._facts.see(record.facts)
        if self._restart == "put away" and (record.messages or record.rewinds_to):
            self._restart = "none"
            if not record.is_checkpoint:
                self._drop(self._put_away)  # what was put away is not taken up again
        self._about(record)
        self._messages(record)
        if self._repeated:
            self._put(about.mirror(min(self._repeated), self._unspent))
        return self._drafts

    def _about(self, record: Record) -> None:
        """The events of the record itself."""
        if record.is_header:
            self._restart = "begun" if self._thread.followed() else "none"
        for part, piece in enumerate(record.about):
            draft = draft_of(part, piece, piece.block)
            if record.rewinds_to is not None:
                draft.ref = self._rewind(record.rewinds_to)
            self._put(draft)

    def _rewind(self, target: str) -> int | None:
        if target not in self._thread:
            self._warn(f"rewound to {target}, which is not there: all messages are dropped")
        drop = self._thread.rewind(target)
        self._forget(drop)
        return drop

    def _drop(self, drop: int) -> None:
        """Take back the log's event ``drop`` and all behind it."""
        self._put(about.rewind(drop))
        self._thread.cut(drop)
        self._forget(drop)

    def _forget(self, drop: int | None) -> None:
        if self._context is not None and drop is not None and drop <= self._context:
            self._context = None

    def _put(self, draft: Draft) -> int:
        """Enter an event; gives its position in the log."""
        self._drafts.append(draft)
        self._length += 1
        return self._length - 1

    def _messages(self, record: Record) -> None:
        given, part = [], len(record.about)
        for message in record.messages:
            given.append((message, list(self._told(message, part))))
            part += len(message.pieces)
        if record.is_checkpoint:
            self._checkpoint(given)
            return
        for message, pieces in given:
            self._tell(message, pieces, self._kept(pieces))

    def _told(self, message: Message, part: int) -> Iterable[Told]:
        name = message.id if not message.id.startswith("#") else f"{message.id} {self._length}"
        pairs = zip(message.pieces, message.times, strict=True)
        return [told(name, part + n, piece, ts) for n, (piece, ts) in enumerate(pairs)]

    def _kept(self, pieces: Sequence[Told]) -> Mapping[int, int]:
        """What the log tells of a message by itself; changes to its former version are made."""
        name = pieces[0].message
        held = [entry for entry in self._thread.entries(name) if entry.is_followed]
        followed = [one for one in pieces if one.is_followed]
        kept = grown(held, followed)
        if kept is not None:
            return kept
        if self._thread.is_last(name):
            return self._replaced(held, followed)
        self._warn("a message was replaced to which others are attached; both versions are told")
        self._put(about.edit(held[0].seq))
        known = {entry.key: entry.seq for entry in held}
        return {one.part: known[one.key] for one in followed if one.key in known}

    def _replaced(self, held: Sequence[Entry], pieces: Sequence[Told]) -> Mapping[int, int]:
        """Take back what a new version of the last message changes; gives what is left of it."""
        count = common(held, pieces)
        self._drop(self._thread.origin(held[count].seq))
        return {one.part: entry.seq for one, entry in zip(pieces[:count], held, strict=False)}

    def _checkpoint(self, given: Sequence[tuple[Message, list[Told]]]) -> None:
        """A list of messages that takes the place of all there are."""
        followed = list(_followed(one for _, pieces in given for one in pieces))
        found = self._thread.compare(followed)
        held = self._thread.followed()[: found.kept]
        kept = {one.part: entry.seq for one, entry in zip(followed, held, strict=False)}
        if self._restart == "begun" and found.kept == len(followed) and found.drop is not None:
            self._restart, self._put_away = "put away", found.drop
        else:
            self._restart = "none"
            if found.drop is not None:
                self._drop(found.drop)
            self._thread.take(((pieces[0].message, pieces) for _, pieces in given), kept)
        summary = None
        if found.summary is not None:
            summary = (followed[found.summary].part, found.first)
        for message, pieces in given:
            self._tell(message, pieces, kept, summary)

    def _tell(
        self,
        message: Message,
        pieces: Sequence[Told],
        kept: Mapping[int, int],
        summary: tuple[int, int] | None = None,
    ) -> None:
        """The events of a message's pieces that the log does not tell yet."""
        self.info.model = message.model or self.info.model
        usage = self._usage.increment(message)
        for one in pieces:
            place = kept.get(one.part, self._place(one))
            if place is not None:
                self._repeated.append(place)
                continue
            draft = draft_of(one.part, one.piece, one.piece.block, usage=usage)
            if summary is not None and one.part == summary[0]:
                draft.kind, draft.ref = Kind.COMPACTION, summary[1]
                self._thread.sum_up(self._length, summary[1])
            usage = None
            self._enter(draft, one)
            self._agent(message, one)
        self._unspent = usage or self._unspent

    def _place(self, one: Told) -> int | None:
        """Where the log tells the same beside the conversation, or as another message's result."""
        if one.piece.kind is Kind.TOOL_RESULT:
            return self._thread.answer(one.piece.call_id)
        others = () if one.is_followed else self._thread.entries(one.message)
        return next((entry.seq for entry in others if entry.key == one.key), None)

    def _group(self, one: Told) -> str:
        """The group of a message's events; another one each time that it is told from its start."""
        entries = self._thread.entries(one.message)
        if one.is_followed and not any(entry.is_followed for entry in entries):
            self._tellings[one.message] = self._tellings.get(one.message, 0) + 1
        number = self._tellings.get(one.message, 1)
        return one.message if number == 1 else f"{one.message}~{number}"

    def _enter(self, draft: Draft, one: Told) -> None:
        draft.ts = one.ts
        draft.group_id = self._group(one) if draft.role is Role.ASSISTANT else None
        self.info.saw(one.ts)
        text = one.piece.block.text
        if draft.kind is Kind.MESSAGE and draft.role is Role.USER:
            self._facts.prompt(text)
        if draft.kind is Kind.CONTEXT and text.lstrip().startswith(SESSION_CONTEXT):
            self._facts.context(text)
            if self._context is not None:
                draft.visibility = Visibility.UI_ONLY  # it takes the place of the one in front
            else:
                self._context = self._length
        if draft.kind is Kind.TOOL_CALL and draft.call_id is not None:
            self._calls[draft.call_id] = (self._length, telling_argument(one.piece.block.arguments))
        self._thread.add(one, self._put(draft))

    def _agent(self, message: Message, one: Told) -> None:
        """Tell that the sub-agent has ended whose result this is."""
        call_id = one.piece.call_id or ""
        agent, call = message.agents.get(call_id), self._calls.get(call_id)
        if agent is None or call is None or one.piece.kind is not Kind.TOOL_RESULT:
            return
        number = list(message.agents).index(call_id)
        end = self._put(about.agent_end(agent, call[0], call[1], number, one.ts))
        self.info.spawns[agent] = Spawn(call[0], end, call[1])


def _followed(pieces: Iterable[Told]) -> Iterable[Told]:
    """What of the pieces the client means to send: a result once, however often it stands there."""
    answered: set[str] = set()
    for one in pieces:
        call = one.piece.call_id if one.piece.kind is Kind.TOOL_RESULT else None
        if one.is_followed and call not in answered:
            yield one
        if call is not None:
            answered.add(call)
