"""The panes of one window and the models behind them: made here, laid out by the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from scrubber.core.timeline.prepare import filtered
from scrubber.models.cursor import Cursor
from scrubber.models.event_filter import EventFilter
from scrubber.models.event_search import EventSearch
from scrubber.models.index_keeper import IndexKeeper
from scrubber.models.library import Library
from scrubber.models.live_runs import LiveRuns
from scrubber.models.live_tail import LiveTail
from scrubber.models.open_branch import OpenBranch
from scrubber.models.open_session import OpenSession
from scrubber.models.player import Player
from scrubber.models.session_notes import SessionNotes
from scrubber.models.session_tree import SessionTree
from scrubber.models.strips import Strips
from scrubber.models.tasks import Tasks
from scrubber.ui.actions import Actions
from scrubber.ui.compare import ComparePage
from scrubber.ui.composer import Composer
from scrubber.ui.filter_bar import FilterBar
from scrubber.ui.find_bar import FindBar
from scrubber.ui.header import SessionHeader
from scrubber.ui.inspector import Inspector
from scrubber.ui.job_bar import JobBar
from scrubber.ui.note_marks import note_marks
from scrubber.ui.runs_bar import RunsBar
from scrubber.ui.search import SearchPane
from scrubber.ui.timeline import Timeline, Transport
from scrubber.ui.transcript import TranscriptView
from scrubber.ui.tree import TreePane
from scrubber.ui.welcome import Welcome

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


_STATES_MS = 100
_LONG = 100_000
"""So long a session is filtered for the timeline in the background: it takes more than a frame."""


class Panes(QObject):
    """Everything that a window shows, and nothing of how it is arranged.

    Signals:
        told(str): something to say to the user for a while.
        welcome_wanted(): the welcome page shall be shown.
    """

    told = Signal(str)
    welcome_wanted = Signal()

    def __init__(self, store_path: Path, window: QWidget, settings: QSettings) -> None:
        super().__init__(window)
        self.window = window
        self.settings = settings
        self._make_models(store_path)
        self._make_widgets()
        self._connect()

    def _make_models(self, store_path: Path) -> None:
        self.tasks = Tasks(self)
        self.library = Library(store_path, self.tasks, self)
        self.cursor = Cursor(self)
        self.open_session = OpenSession(self.library, self.cursor, self)
        self.live_tail = LiveTail(self.library, self.open_session, self)
        self.player = Player(self.cursor, self)
        self.runs = LiveRuns(self.library, self)
        self.notes = SessionNotes(self.library, self.open_session, self)
        self.branch = OpenBranch(self.library, self.open_session, self)
        self.strips = Strips(self.library, self.open_session, self)
        self.tree_model = SessionTree(self.tasks, self)
        self.search_tasks = Tasks(self)
        self.search = EventSearch(self.library, self.search_tasks, self)
        self.index_keeper = IndexKeeper(self.library, self)
        self.filter = EventFilter(self.library, self.search_tasks, self.cursor, self)
        self.actions = Actions(self.window)

    def _make_widgets(self) -> None:
        window = self.window
        self.tree = TreePane(self.tree_model, window)
        self.header = SessionHeader(window)
        self.find_bar = FindBar(self.library, self.cursor, window)
        self.find_bar.hide()
        self.search_pane = SearchPane(self.search, self.index_keeper, window)
        self.search_pane.hide()
        self.filter_bar = FilterBar(self.filter, self.library, self.search_tasks, window)
        self.filter_bar.hide()
        self.transcript = TranscriptView(self.open_session.feed, self.cursor, window)
        self.inspector = Inspector(self.library, self.cursor, window)
        self.timeline = Timeline(self.cursor, window)
        self.timeline.set_describe(self._describe)
        self.transport = Transport(self.actions.by_id, window)
        self.welcome = Welcome(window)
        self.compare = ComparePage(self.library, window)
        self.job_bar = JobBar(window)
        self.runs_bar = RunsBar(self.runs, window)
        self.composer = Composer(self.library, self.branch, self.runs, self.cursor, window)

    def _connect(self) -> None:
        """What passes between panes that do not know each other."""
        library, shown = self.library, self.open_session
        library.failed.connect(self.told)
        library.job_started.connect(self.job_bar.show_job)
        self.tree.session_chosen.connect(shown.open)
        shown.gone.connect(self.show_session)
        shown.status_changed.connect(self.transport.set_status)
        self.timeline.fork_activated.connect(self.show_session)
        self.timeline.span_activated.connect(self.show_session)
        self.strips.changed.connect(self.timeline.set_strips)
        self.transport.mode_changed.connect(self.timeline.set_mode)
        self.timeline.mode_changed.connect(self.transport.set_mode)
        self.transport.speed_changed.connect(self.player.set_speed)
        self.transport.zoom_in_requested.connect(self.timeline.zoom_in)
        self.transport.zoom_out_requested.connect(self.timeline.zoom_out)
        self.transport.zoom_reset_requested.connect(self.timeline.reset_zoom)
        self.inspector.session_activated.connect(self.show_session)
        self.inspector.show_named(str(self.settings.value("inspector", "")))
        self.inspector.tabs.currentChanged.connect(self._remember_page)
        self.filter.changed.connect(self._on_filter)
        self.notes.changed.connect(self._on_notes)
        self.find_bar.highlight_changed.connect(self.transcript.set_highlight)
        self.composer.told.connect(self.told)
        self.runs_bar.session_wanted.connect(self.show_session)
        self._states = QTimer(self, interval=_STATES_MS)
        self._states.timeout.connect(self._show_states)
        self.runs.busy_changed.connect(self._on_busy)
        shown.may_follow = self.transcript.follows
        self.runs.moved.connect(self._show_reply)
        self.runs.over.connect(lambda session, _outcome: self._show_reply(session))
        shown.shown.connect(lambda loaded: self._show_reply(loaded.session.id))
        shown.feed.grown.connect(lambda _length: self._show_reply(self.cursor.session))

    def _show_reply(self, session: str) -> None:
        """Show what a model is writing below the events that are on the page."""
        if session != self.cursor.session:
            return
        live = self.runs.run_of(session)
        if live is not None:
            live.reply.shown(len(self.open_session.feed))
        self.transcript.show_reply(live.reply.parts if live is not None else ())

    def _describe(self, index: int) -> str:
        """What an event says, and what is written on it."""
        parts = (self.open_session.describe(index), self.notes.describe(index))
        return "\n".join(part for part in parts if part)

    def _on_notes(self) -> None:
        """Show what is written where it is."""
        marks = note_marks(self.notes.written)
        self.timeline.set_notes(marks)
        self.transcript.set_notes(marks)

    def _on_filter(self) -> None:
        """Show what the filter leaves, and no other place."""
        mask, prepared = self.filter.mask, self.timeline.viewport.prepared
        self.transcript.set_fitting(mask)
        if mask is None or len(prepared) < _LONG:
            self.search_tasks.run("fitting", lambda: None, lambda _nothing: None)
            self.timeline.set_fitting(mask)
            return
        self.search_tasks.run(
            "fitting",
            lambda: filtered(prepared, mask),
            lambda made: self.timeline.set_fitting(mask, made),
        )

    def _on_busy(self, busy: bool) -> None:
        self._show_states()
        self._states.start() if busy else self._states.stop()

    def _show_states(self) -> None:
        """Show in the tree how the branches stand."""
        states = {live.session: live.state for live in self.runs.all}
        self.tree_model.set_runs(states)
        self.timeline.set_runs(states)

    def _remember_page(self) -> None:
        self.settings.setValue("inspector", self.inspector.current.name)

    def close(self) -> None:
        """Stop what runs, and let go of the store."""
        self.composer.previewer.close()
        self.runs.close()
        self.live_tail.close()
        self._states.stop()
        self.search.stop()
        self.filter.stop()
        self.search_tasks.stop()
        self.index_keeper.close()
        self.strips.close()
        self.library.close()

    def show_session(self, session: str) -> None:
        """Select a session in the tree, which opens it."""
        self.tree.show_session(session)

    def show_welcome(self) -> None:
        """Show what can be imported, and no session."""
        self.tree.choose_none()
        self.open_session.close()
        self.welcome_wanted.emit()

    def tell(self, text: str) -> None:
        """Say something for a while."""
        self.told.emit(text)

    def refresh_colours(self) -> None:
        """Draw everything that was drawn in the palette's colours anew."""
        self.actions.refresh_icons()
        for part in (
            self.tree,
            self.search_pane,
            self.filter_bar,
            self.job_bar,
            self.runs_bar,
            self.welcome,
        ):
            part.refresh_icons()
        self.header.refresh_colours()
        self.composer.refresh_colours()
        self.compare.refresh_colours()
