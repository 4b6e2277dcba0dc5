"""The branches that run on in this window: started here, watched here, stopped with the window."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.errors import CancelledError, ConflictError
from scrubber.core.events import Usage
from scrubber.core.running import Ending, Outcome, add_usage
from scrubber.core.session import Changes
from scrubber.live.parts import Replied
from scrubber.live.reports import Added, Answered, Asked, Noted, Over, Sending, Streamed
from scrubber.models.live_parts import LiveReply
from scrubber.models.tree_rows import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.live.engine import Engine, Run
    from scrubber.live.provider import Forecast, Provider
    from scrubber.live.reports import Report
    from scrubber.live.run import Plan
    from scrubber.models.inquiries import Inquiry, WindowDesk
    from scrubber.models.library import Library

    Make = Callable[[], Provider | str]

TICK_MS = 33
"""Milliseconds between two looks at what came in: it looks continuous, and costs little."""

CHANGES_S = 0.1
"""Seconds between two broadcasts of what a run has added to the store."""


@dataclass(slots=True)
class LiveRun:
    """One session that runs on."""

    session: str
    run: Run
    length: int = 0
    """Events of the session, as far as is known; 0 until the first report."""
    began: float = field(default_factory=time.monotonic)
    turn: int = 0
    forecast: Forecast | None = None
    spent: Usage = field(default_factory=Usage)
    reply: LiveReply = field(default_factory=LiveReply)
    notes: list[str] = field(default_factory=list)
    noted: float = 0.0
    """When the last of them came, by ``time.monotonic``."""
    inquiries: list[Inquiry] = field(default_factory=list)
    ask_seconds: float | None = None
    replays: bool = False
    """Whether it plays what was recorded, and asks no model."""
    stopping: bool = False
    queued: bool = True
    """Whether it waits for others to end before it begins."""

    @property
    def waits(self) -> bool:
        """Whether it waits for the person."""
        return bool(self.inquiries)

    @property
    def state(self) -> RunState:
        """How it stands, in a word."""
        if self.stopping:
            return RunState.STOPPING
        if self.waits:
            return RunState.WAITS
        return RunState.QUEUED if self.queued else RunState.RUNNING


class LiveRuns(QObject):
    """Starts runs on a thread of their own, and tells the window what comes of them.

    Signals:
        started(str): a session runs on.
        moved(str): something about a run is not as it was: its reply, its turn, what it has used.
        asked(object): a run waits for an answer: an Inquiry.
        withdrawn(object): nobody waits for the answer to an Inquiry any more.
        noted(str, str): session, and a sentence that the user should read.
        over(str, object): a session runs no more: the Outcome.
        busy_changed(bool): something runs, or nothing does any more.
    """

    started = Signal(str)
    moved = Signal(str)
    asked = Signal(object)
    withdrawn = Signal(object)
    noted = Signal(str, str)
    over = Signal(str, object)
    busy_changed = Signal(bool)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._engine: Engine | None = None
        self._desk: WindowDesk | None = None
        self._runs: dict[int, LiveRun] = {}
        self._inquiries: deque[tuple[Inquiry, bool]] = deque()
        self._changes = Changes()
        self._told = 0.0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.take)

    # What is asked of it

    def begin(self, session: str, provider: Provider | str | Make, plan: Plan) -> None:
        """Let a session run on.

        ``provider`` may be a function that makes it: called off the window's thread, which does
        not wait for what it imports.
        """
        self.begin_all([session], provider, plan)

    def begin_all(self, sessions: list[str], provider: Provider | str | Make, plan: Plan) -> None:
        """Let several sessions run on, some at a time; what they spend together is one purse."""
        store = self._library.store
        fresh = [session for session in sessions if self.run_of(session) is None]
        if store is None or not fresh:
            return
        # Needs asyncio, which the window's start must not wait for.
        from scrubber.live.run import Purse
        from scrubber.models.live_batch import Batch

        if len(fresh) > 1:
            plan = replace(plan, purse=Purse())
        engine, desk = self._start_engine()
        batch = Batch(store, provider, plan, desk)
        for session in fresh:
            run = engine.start(partial(batch.run, session))
            self._runs[run.number] = LiveRun(
                session,
                run,
                ask_seconds=plan.policy.ask_seconds,
                replays=provider == "replay",
            )
            self.started.emit(session)
        self._timer.start()
        self._library.set_writes_itself(True)
        self.busy_changed.emit(True)

    def stop(self, session: str) -> None:
        """End a run with what it has."""
        live = self.run_of(session)
        if live is not None and not live.stopping:
            live.stopping = True
            live.run.cancel()
            self.moved.emit(session)

    def stop_all(self) -> None:
        """End all runs."""
        for live in list(self._runs.values()):
            self.stop(live.session)

    def run_of(self, session: str) -> LiveRun | None:
        """The run of a session, None if it does not run."""
        return next((live for live in self._runs.values() if live.session == session), None)

    @property
    def all(self) -> list[LiveRun]:
        """Every run, those begun first first."""
        return list(self._runs.values())

    @property
    def running(self) -> list[str]:
        """Ids of the sessions that run."""
        return [live.session for live in self._runs.values()]

    def close(self) -> None:
        """End all runs, and wait until what they have is written."""
        self._timer.stop()
        if self._engine is not None:
            self._engine.stop()
            self._engine = None
        self._runs.clear()
        self._inquiries.clear()

    def _start_engine(self) -> tuple[Engine, WindowDesk]:
        from scrubber.live.engine import Engine
        from scrubber.models.inquiries import WindowDesk

        self._engine = self._engine or Engine()
        self._desk = self._desk or WindowDesk(lambda *told: self._inquiries.append(told))
        return self._engine, self._desk

    # What comes of it

    def take(self) -> None:
        """Take in all that was reported since the last time."""
        if self._engine is None:
            return
        moved: dict[str, None] = {}
        ended: list[tuple[LiveRun, Outcome]] = []
        for run, report in self._engine.reports():
            live = self._runs.get(run.number)
            if live is None:
                continue
            moved[live.session] = None
            live.queued = False
            if (outcome := self._take(live, report)) is not None:
                ended.append((live, outcome))
        self._take_inquiries(moved)
        for session in moved:
            self.moved.emit(session)
        self._broadcast(at_once=bool(ended))
        for live, outcome in ended:
            self._end(live, outcome)

    def _take(self, live: LiveRun, report: Report | Exception) -> Outcome | None:
        match report:
            case Sending():
                live.turn, live.forecast = report.turn, report.forecast
            case Streamed():
                live.reply.take(report.part, live.length)
                if isinstance(report.part, Replied) and report.part.usage is not None:
                    live.spent = add_usage(live.spent, report.part.usage)
            case Added():
                live.length = report.length
                self._changes |= report.changes
            case Noted():
                live.notes.append(report.text)
                live.noted = time.monotonic()
                self.noted.emit(live.session, report.text)
            case Over():
                return report.outcome
            case Asked() | Answered():
                pass
            case _:
                return failed(report)
        return None

    def _take_inquiries(self, moved: dict[str, None]) -> None:
        while self._inquiries:
            inquiry, is_new = self._inquiries.popleft()
            live = self.run_of(inquiry.session)
            if live is None:
                continue
            moved[live.session] = None
            if is_new:
                if live.ask_seconds is not None and inquiry.question is not None:
                    inquiry.until = time.monotonic() + live.ask_seconds
                live.inquiries.append(inquiry)
                self.asked.emit(inquiry)
            elif inquiry in live.inquiries:
                live.inquiries.remove(inquiry)
                self.withdrawn.emit(inquiry)

    def _broadcast(self, at_once: bool) -> None:
        """Tell all views what is in the store now, some ten times a second."""
        now = time.monotonic()
        if self._changes and (at_once or now - self._told >= CHANGES_S):
            changes, self._changes, self._told = self._changes, Changes(), now
            self._library.changed.emit(changes)

    def _end(self, live: LiveRun, outcome: Outcome) -> None:
        live.reply.settle(live.length)
        del self._runs[live.run.number]
        self.over.emit(live.session, outcome)
        if not self._runs:
            self._timer.stop()
            self._library.set_writes_itself(False)
            self.busy_changed.emit(False)


def failed(error: Exception) -> Outcome:
    """How a run ended that never began, or had no end of its own."""
    if isinstance(error, CancelledError):
        return Outcome(Ending.CANCELLED, str(error))
    reason = str(error) or type(error).__name__
    return Outcome(Ending.FAILED, reason, retryable=isinstance(error, ConflictError))
