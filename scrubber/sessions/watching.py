"""A run of a session as harn's agent events: for its log, and for whoever subscribes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Kind
from scrubber.core.tally import speaks
from scrubber.live.reports import Added, Over, Report, Sending
from scrubber.sessions.agent_events import event_of
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.formats.harn.events import AgentEvent
    from scrubber.store import Store


class RunWatcher:
    """Called with the reports of a run, it tells what was said, and where turns begin and end."""

    def __init__(
        self, store: Store, session: str, tell: Callable[[str, AgentEvent], object]
    ) -> None:
        self._store = store
        self._session = session
        self._tell = tell
        self._seen = store.session(session).events
        self._turn: int | None = None
        self._tools: list[str] = []

    def __call__(self, report: Report) -> None:
        """Take one report."""
        match report:
            case Sending():
                self._end_turn()
                self._turn = report.turn
                self._emit({"type": "turn_start", "iteration": report.turn})
            case Added():
                self._tell_added(report.length)
            case Over():
                self._end_turn()

    def _tell_added(self, length: int) -> None:
        found = self._store.session(self._session)
        transcript = StoredTranscript(self._store, found, found.events)
        for event in self._store.events(self._session, self._seen, length):
            if speaks(event):
                self._emit(event_of(event, transcript.content(event), event.role.label))
            if event.kind is Kind.TOOL_CALL and event.name:
                self._tools.append(event.name)
        self._seen = length

    def _end_turn(self) -> None:
        if self._turn is None:
            return
        info = {"tool_names": self._tools, "tool_count": len(self._tools), "iteration": self._turn}
        self._emit({"type": "turn_end", "iteration": self._turn, "turn_info": info})
        self._turn, self._tools = None, []

    def _emit(self, event: AgentEvent) -> None:
        self._tell(self._session, {**event, "session_id": self._session})
