"""Derives events from files of the Responses API: chains of responses are one conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Draft, Role
from scrubber.formats.branching import TreeLogs
from scrubber.formats.conversation_log import ConversationLog
from scrubber.formats.conversation_reader import ConversationReader
from scrubber.formats.responses_dialect import Exchange, ResponsesDialect, exchange_of

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.core.session import Branch
    from scrubber.formats.conversations import Piece


class ResponsesReader(ConversationReader):
    """Reads one file of conversations, or of the items of one conversation."""

    def __init__(self) -> None:
        super().__init__(ResponsesDialect())
        self._trees: dict[str, TreeLogs] = {}
        self._chains: dict[str, ConversationLog] = {}
        self._orders: dict[str, set[bytes]] = {}
        self._seen = 0
        self._speaking: str | None = None

    def _conversation(self, pieces: list[Piece], value: JSON) -> list[Draft]:
        """The events of a record, in the log of the response that it goes on from, if it does."""
        self._seen += 1
        exchange = exchange_of(value) or Exchange({}, {}, {}, False)
        before = exchange.previous
        tree = self._trees.get(before or "") or TreeLogs(self._next_key())
        name = exchange.id or f"record-{self._seen}"
        key, branch = tree.place(name, before if tree.knows(before or "") else None)
        if key not in self._chains:
            self._begin(key, branch, exchange)
        if isinstance(model := exchange.get("model"), str) and model:
            self.infos[key].model = model
        drafts = self._entered(key, pieces)
        tree.add(key, len(drafts), name)
        self._trees[name] = tree
        return drafts

    def _begin(self, key: str, branch: Branch | None, exchange: Exchange) -> None:
        info = self._info(key, exchange.response)
        info.branch = branch
        title = self._chains[branch.log].title if branch is not None else ""
        self._chains[key] = ConversationLog(key, info, title=title)
        self._orders[key] = set(self._orders[branch.log]) if branch is not None else set()

    def _entered(self, key: str, pieces: list[Piece]) -> list[Draft]:
        """The pieces as events; what a chain repeats of its standing orders is not said again."""
        log, found = self._chains[key], list[Draft]()
        log.next_record(self._seen)
        for part, piece in enumerate(pieces):
            if piece.name in ("instructions", "tools"):
                told = repr(piece.content).encode()
                if told in self._orders[key]:
                    continue
                self._orders[key].add(told)
            found.append(log.enter(part, piece))
        return found

    def _message(self, pieces: list[Piece]) -> list[Draft]:
        """An item by itself; what the model says in a row is one message."""
        drafts = super()._message(pieces)
        if pieces[0].role is not Role.ASSISTANT:
            self._speaking = None
            return drafts
        self._speaking = self._speaking or drafts[0].group_id
        for draft in drafts:
            draft.group_id = self._speaking if draft.group_id else None
        return drafts
