"""The logs of one source while it is written: what each holds, and where it branches off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrubber.core.slices import SliceList
from scrubber.core.tally import Tally
from scrubber.store import columns, logs, prefixes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence

    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo


@dataclass(slots=True)
class SourceLog:
    """One log of the source."""

    key: str
    tally: Tally = field(default_factory=Tally)
    id: int | None = None
    written: int = 0
    """Events that are committed."""
    inserted: int = 0
    """Events that are rows by now, those of the open transaction included."""
    cells: list[columns.Cell] = field(default_factory=list)
    """What the timeline shows of the events that are not committed."""
    is_placed: bool = False
    """Whether its tally knows what is open in front of it."""
    told: object = None
    """What its session was told last, besides its events."""


class SourceLogs(dict[str, SourceLog]):
    """All logs of a source, by their keys; one that is asked for is there."""

    def __init__(self, connection: sqlite3.Connection, source: int) -> None:
        super().__init__()
        for key, log, length in connection.execute(
            "SELECT key, id, length FROM logs WHERE source = ?", (source,)
        ):
            self[key] = SourceLog(key, id=log, written=length, inserted=length)

    def __missing__(self, key: str) -> SourceLog:
        log = self[key] = SourceLog(key)
        return log

    def id_of(self, key: str) -> int | None:
        """Id of a log, None before its first event is written."""
        return self[key].id if key in self else None

    def prefix(self, key: str, infos: Mapping[str, SessionInfo]) -> SliceList:
        """What a log branches off from, as far as it is written."""
        if not branches(infos, key):
            return SliceList()
        return prefixes.branch_prefix(infos, key, self._find)

    def _find(self, key: str) -> tuple[int, int] | None:
        """(id, length) of a log, as far as it is written."""
        log = self.get(key)
        if log is None or log.id is None:
            return None
        return log.id, min(log.inserted, log.tally.events)

    def place(
        self, connection: sqlite3.Connection, log: SourceLog, infos: Mapping[str, SessionInfo]
    ) -> None:
        """Before a log's first event: see what is open where it branches off."""
        log.is_placed = True
        if prefix := self.prefix(log.key, infos):
            prefixes.expect(connection, prefix, log.tally)

    def with_news(self, infos: Mapping[str, SessionInfo]) -> dict[str, None]:
        """The logs of which more is known than their sessions were told."""
        return {key: None for key, log in self.items() if log.told != told(infos.get(key))}

    # What the store holds already is read again, to go on behind it.

    def replay(
        self,
        connection: sqlite3.Connection,
        drafts: Sequence[Draft],
        infos: Mapping[str, SessionInfo],
    ) -> None:
        """Count the events of a record that are rows already."""
        for draft in drafts:
            log = self[draft.log]
            if not log.is_placed:
                self.place(connection, log, infos)
            log.tally.enter(draft)

    def holds(self, connection: sqlite3.Connection, drafts: Sequence[Draft]) -> bool:
        """Whether the store has just these events, which were replayed last, of one record."""
        left = Counter(draft.log for draft in drafts)
        for draft in drafts:
            log = self[draft.log]
            seq = log.tally.events - left[draft.log]
            left[draft.log] -= 1
            row = connection.execute(
                "SELECT kind, size, text FROM events WHERE id = ?",
                (logs.event_id(log.id or 0, seq),),
            ).fetchone()
            if row != (int(draft.kind), draft.size, draft.text):
                return False
        return True

    @property
    def in_step(self) -> bool:
        """After replaying: whether that gave just as many events as the store holds."""
        return all(log.tally.events == log.written for log in self.values())


def branches(infos: Mapping[str, SessionInfo], key: str) -> bool:
    """Whether a log is known to branch off another."""
    return key in infos and infos[key].branch is not None


def parents_first(keys: Collection[str], infos: Mapping[str, SessionInfo]) -> list[str]:
    """Some logs, each behind those of them that it branches off from."""
    ordered: dict[str, None] = {}
    for key in keys:
        line = [key]
        while (info := infos.get(line[-1])) is not None and info.branch is not None:
            if info.branch.log in line or info.branch.log not in keys:
                break
            line.append(info.branch.log)
        ordered.update(dict.fromkeys(reversed(line)))
    return list(ordered)


def told(info: SessionInfo | None) -> object:
    """What a session is told of its log, besides events; it may change without any."""
    if info is None:
        return None
    spawns = [(agent, one.start, one.stop, one.title) for agent, one in info.spawns.items()]
    return info.title, info.model, spawns
