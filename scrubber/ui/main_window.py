"""The window: panes around one cursor. It puts them together and knows what no pane knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from scrubber.models.cursor import Cursor
from scrubber.models.library import Library
from scrubber.models.open_session import Loaded, OpenSession
from scrubber.models.player import Player
from scrubber.models.session_tree import SessionTree
from scrubber.models.tasks import Tasks
from scrubber.ui import theme
from scrubber.ui.actions import Actions
from scrubber.ui.commands import Commands
from scrubber.ui.find_bar import FindBar
from scrubber.ui.header import SessionHeader
from scrubber.ui.inspector import Inspector
from scrubber.ui.job_bar import JobBar
from scrubber.ui.timeline import Timeline, Transport
from scrubber.ui.transcript import TranscriptView
from scrubber.ui.tree import TreePane
from scrubber.ui.welcome import Welcome

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

_TOOLBAR = (
    "action.import",
    "",
    "action.fork",
    "action.undo",
    "",
    "action.find",
    "action.export",
    "",
    "action.prev_tool",
    "action.next_tool",
    "action.prev_error",
    "action.next_error",
)


class MainWindow(QMainWindow):
    """Session tree, transcript, inspector, timeline: every pane follows one cursor."""

    def __init__(self, store_path: Path, settings: QSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Scrubber")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self.settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "scrubber", "scrubber"
        )
        self.tasks = Tasks(self)
        self.library = Library(store_path, self.tasks, self)
        self.cursor_model = Cursor(self)
        self.open_session = OpenSession(self.library, self.cursor_model, self)
        self.player = Player(self.cursor_model, self)
        self.actions_by_id = Actions(self)
        self._make_panes()
        self._lay_out()
        self._make_bars()
        self.commands = Commands(self)
        self._connect()
        self._restore()
        self._started = False

    def _make_panes(self) -> None:
        self.tree_model = SessionTree(self.tasks, self)
        self.tree = TreePane(self.tree_model, self)
        self.header = SessionHeader(self)
        self.find_bar = FindBar(self.library, self.cursor_model, self)
        self.find_bar.hide()
        self.transcript = TranscriptView(self.open_session.feed, self.cursor_model, self)
        self.inspector = Inspector(self.library, self.cursor_model, self)
        self.timeline = Timeline(self.cursor_model, self)
        self.timeline.set_describe(self.open_session.describe)
        self.transport = Transport(self.actions_by_id.by_id, self)
        self.welcome = Welcome(self)
        self.job_bar = JobBar(self)

    def _lay_out(self) -> None:
        reading = QWidget(self)
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.find_bar, self.transcript):
            column.addWidget(part)
        column.setStretchFactor(self.transcript, 1)
        self.centre = QStackedWidget(self)
        self.centre.addWidget(self.welcome)
        self.centre.addWidget(reading)
        self.panes = self._splitter("panes", Qt.Orientation.Horizontal)
        for part in (self.tree, self.centre, self.inspector):
            self.panes.addWidget(part)
        self.panes.setStretchFactor(1, 1)
        self.panes.setSizes([280, 800, 320])
        self.lower_half = QWidget(self)
        rows = QVBoxLayout(self.lower_half)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.transport)
        rows.addWidget(self.timeline, 1)
        self.halves = self._splitter("halves", Qt.Orientation.Vertical)
        self.halves.addWidget(self.panes)
        self.halves.addWidget(self.lower_half)
        self.halves.setStretchFactor(0, 1)
        self.halves.setSizes([600, 210])
        self.lower_half.hide()
        self.setCentralWidget(self.halves)
        self.resize(1280, 860)

    def _splitter(self, name: str, orientation: Qt.Orientation) -> QSplitter:
        splitter = QSplitter(orientation, self)
        splitter.setObjectName(name)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        return splitter

    def _make_bars(self) -> None:
        actions = self.actions_by_id
        actions.fill(self.menuBar())
        bar = QToolBar("Tools", self)
        bar.setObjectName("toolBar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for name in _TOOLBAR:
            bar.addAction(actions[name]) if name else bar.addSeparator()
        for name in ("action.import", "action.fork", "action.export", "action.find"):
            button = bar.widgetForAction(actions[name])
            button.setProperty("toolButtonStyle", Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        gap = QWidget(bar)
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        bar.addAction(actions["action.palette"])
        self.addToolBar(bar)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.job_bar)
        self.store_label = QLabel(self)
        self.store_label.setTextFormat(Qt.TextFormat.PlainText)
        self.store_label.setContentsMargins(8, 0, 10, 0)
        self.statusBar().addPermanentWidget(self.store_label)
        self.refresh_colours()

    def _connect(self) -> None:
        library, shown = self.library, self.open_session
        library.opened.connect(self._on_opened)
        library.refused.connect(self._on_refused)
        library.changed.connect(self._on_changed)
        library.failed.connect(self.tell)
        library.job_started.connect(self.job_bar.show_job)
        library.forked.connect(self.commands.on_forked)
        self.tree.session_chosen.connect(shown.open)
        self.tree.menu_wanted.connect(self.commands.show_session_menu)
        self.tree_model.filled.connect(self._on_tree_filled)
        shown.shown.connect(self._on_shown)
        shown.updated.connect(self._on_updated)
        shown.status_changed.connect(self.transport.set_status)
        self.cursor_model.session_changed.connect(lambda _session: self._update_actions())
        self.header.parent_wanted.connect(self.commands.open_parent)
        self.timeline.fork_activated.connect(self.show_session)
        self.timeline.span_activated.connect(self.show_session)
        self.transport.mode_changed.connect(self.timeline.set_mode)
        self.timeline.mode_changed.connect(self.transport.set_mode)
        self.transport.speed_changed.connect(self.player.set_speed)
        self.transport.zoom_in_requested.connect(self.timeline.zoom_in)
        self.transport.zoom_out_requested.connect(self.timeline.zoom_out)
        self.transport.zoom_reset_requested.connect(self.timeline.reset_zoom)
        self.player.playing_changed.connect(self.commands.on_playing)
        self.transcript.fork_requested.connect(self.commands.fork_after)
        self.transcript.subagent_activated.connect(self.commands.open_subagent)
        self.transcript.copy_raw_requested.connect(self.commands.copy_raw)
        self.inspector.session_activated.connect(self.show_session)
        self.inspector.reveal_requested.connect(self.commands.reveal_file)
        self.find_bar.highlight_changed.connect(self.transcript.set_highlight)
        self.find_bar.match_activated.connect(self.commands.show_match)
        self.welcome.import_wanted.connect(self.commands.import_files)
        self.welcome.folder_wanted.connect(self.commands.import_folder)
        self.welcome.sample_wanted.connect(self.commands.import_sample)
        self.welcome.found_wanted.connect(self.commands.import_found)
        self._update_actions()

    # What happens

    def showEvent(self, event: QShowEvent) -> None:
        """Open the store after the window has been painted for the first time."""
        super().showEvent(event)
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self, self.library.open)

    def _on_opened(self, store: object) -> None:
        self.tree_model.set_store(self.library.store)  # type: ignore[arg-type]  # it is open
        self.store_label.setText(self.library.path.name)
        self.store_label.setToolTip(str(self.library.path))
        self.tasks.run("found", self.library.find_sessions, self.welcome.show_found)
        self.commands.import_waiting()

    def _on_refused(self, reason: str) -> None:
        self.welcome.show_problem(reason)
        self.tell(reason)

    def _on_tree_filled(self) -> None:
        """Show what was open last time, or the newest session, once there are any."""
        if self.open_session.session is not None or self.tree.filter.text():
            return
        first = self.tree_model.session_at(self.tree_model.index(0, 0))
        last = str(self.settings.value("session", ""))
        if first is not None:
            self.show_session(last or first.id)

    def show_session(self, session: str) -> None:
        """Select a session in the tree, which opens it."""
        self.tree.show_session(session)

    def _on_shown(self, loaded: Loaded) -> None:
        self.centre.setCurrentIndex(1)
        self.lower_half.show()
        self.timeline.set_prepared(loaded.prepared)
        self.player.set_track(loaded.prepared.track)
        self.header.show_session(loaded.session)
        self.setWindowTitle(loaded.session.title or "untitled")
        self.settings.setValue("session", loaded.session.id)
        self._update_actions()

    def _on_updated(self, loaded: Loaded) -> None:
        self.timeline.set_prepared(loaded.prepared)
        self.player.set_track(loaded.prepared.track)
        self.header.show_session(loaded.session)

    def _on_changed(self, changes: object) -> None:
        if changes is None:
            self.tree_model.reload()
        else:
            self.tree_model.apply(changes)  # type: ignore[arg-type]  # a Changes, by the signal
        self.commands.update_undo()
        if self.open_session.session is None:
            self._show_nothing()

    def _show_nothing(self) -> None:
        self.centre.setCurrentIndex(0)
        self.lower_half.hide()
        self.header.show_session(None)
        self.setWindowTitle("Scrubber")
        self._update_actions()

    def _update_actions(self) -> None:
        is_open = bool(self.cursor_model.session)
        self.actions_by_id.enable(is_open, is_open)
        self.commands.update_undo()

    def is_settled(self, session: str) -> bool:
        """Whether a session is on screen and nothing is being read any more."""
        shown = self.open_session.session
        return shown is not None and shown.id == session and self.tasks.idle

    def tell(self, text: str) -> None:
        """Say something in the status bar for a while."""
        self.statusBar().showMessage(text, 8000)

    # The window itself

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "store_label"):
            self.refresh_colours()

    def refresh_colours(self) -> None:
        """Draw everything that was drawn in the palette's colours anew."""
        self.actions_by_id.refresh_icons()
        for part in (self.tree, self.job_bar, self.welcome):
            part.refresh_icons()
        self.header.refresh_colours()
        line = theme.current().line.name()
        self.setStyleSheet(
            f"QSplitter::handle {{ background: {line}; }}"
            f"QToolBar {{ border: none; border-bottom: 1px solid {line}; padding: 3px 6px;"
            " spacing: 4px; }"
            f"QStatusBar {{ border-top: 1px solid {line}; }}"
            "QStatusBar::item { border: none; }"
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.commands.import_paths(paths)
        event.acceptProposedAction()

    def _restore(self) -> None:
        for name, restore in (
            ("geometry", self.restoreGeometry),
            ("panes", self.panes.restoreState),
            ("halves", self.halves.restoreState),
        ):
            value = self.settings.value(name)
            if isinstance(value, QByteArray):
                restore(value)
        shown = self.settings.value("inspector", "true") != "false"
        self.inspector.setVisible(shown)
        self.tree.setVisible(self.settings.value("tree", "true") != "false")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window was, and stop everything."""
        self.player.pause()
        self.settings.setValue("geometry", self.saveGeometry())
        self.settings.setValue("panes", self.panes.saveState())
        self.settings.setValue("halves", self.halves.saveState())
        self.settings.setValue("inspector", "true" if self.inspector.isVisible() else "false")
        self.settings.setValue("tree", "true" if self.tree.isVisible() else "false")
        self.settings.sync()
        self.library.close()
        super().closeEvent(event)
