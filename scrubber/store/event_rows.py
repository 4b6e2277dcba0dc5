"""Makes rows of the events of a source, batch by batch, in the order in which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.store import columns, logs
from scrubber.store.source_logs import branches

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from scrubber.core.events import Draft
    from scrubber.core.session import SessionInfo
    from scrubber.store.source_logs import SourceLog, SourceLogs


class EventRows:
    """Writes the events of one source's logs."""

    def __init__(self, source: int, known: SourceLogs, as_is: bool) -> None:
        """``as_is``: the events have all their marks already."""
        self._source = source
        self._logs = known
        self._as_is = as_is
        self._events: list[logs.Row] = []
        self._usages: list[logs.Row] = []
        self._waiting: dict[str, SourceLog] = {}
        """Logs with events that are not rows yet."""

    def write(
        self,
        connection: sqlite3.Connection,
        entries: Iterable[tuple[int, Sequence[Draft]]],
        infos: Mapping[str, SessionInfo],
    ) -> dict[str, None]:
        """Write what was derived from records: (record, events); gives the logs that grew."""
        grown: dict[str, None] = {}
        log: SourceLog | None = None
        for record, drafts in entries:
            for draft in drafts:
                if log is None or draft.log != log.key:
                    log = self._turn_to(connection, draft.log, infos)
                    grown[draft.log] = None
                self._take(log, record, draft)
        self._insert(connection)
        return grown

    def _turn_to(
        self, connection: sqlite3.Connection, key: str, infos: Mapping[str, SessionInfo]
    ) -> SourceLog:
        """The log that the next events belong to, ready for them."""
        log = self._logs[key]
        if log.id is None:
            log.id = logs.create(connection, self._source, key)
        if not (log.is_placed or self._as_is):
            if branches(infos, key):
                self._insert(connection)  # what it branches off from is looked at
            self._logs.place(connection, log, infos)
        self._waiting[key] = log
        return log

    def _take(self, log: SourceLog, record: int, draft: Draft) -> None:
        """Count an event and make rows of it."""
        tally, usage = log.tally, draft.usage
        if self._as_is:
            tally.count(draft)
        else:
            tally.enter(draft)
        event = logs.event_id(log.id or 0, tally.events - 1)
        codes = columns.codes(draft.kind, draft.role, draft.visibility, draft.origin, draft.marks)
        self._events.append(logs.event_row(event, record, draft, codes, tally))
        context = 0
        if usage is not None:
            context = usage.context
            self._usages.append(logs.usage_row(event, usage, tally))
        log.cells.append(columns.cell(codes, draft.ts, draft.size, context))

    def _insert(self, connection: sqlite3.Connection) -> None:
        logs.insert(connection, self._events, self._usages)
        self._events, self._usages = [], []
        for log in self._waiting.values():
            log.inserted = log.tally.events
        self._waiting = {}
