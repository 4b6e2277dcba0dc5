"""The work place in a window: the panes laid out around one cursor, and what happens there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scrubber.ui import theme
from scrubber.ui.commands import Commands, wiring
from scrubber.ui.field_keys import FieldKeys
from scrubber.ui.panes import Panes
from scrubber.ui.paths import dropped_paths
from scrubber.ui.tool_bar import ToolBar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PySide6.QtCore import QMimeData, QSettings

    from scrubber.api import OpenStore
    from scrubber.core.session import Changes, Session
    from scrubber.models.open_session import Loaded

_TOLD_MS = 8000

_REMEMBERED = ("show_tree", "show_inspector", "follow")
"""Choices of the view that last beyond the window."""
_NEEDS_STORE = (
    "action.import",
    "action.import_folder",
    "action.import_found",
    "action.verify",
)


class Workplace(QObject):
    """Session tree, transcript, inspector, timeline: every pane follows one cursor."""

    def __init__(self, store_path: Path, window: QMainWindow, settings: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self.settings = settings
        self.panes = Panes(store_path, window, self.settings)
        self._lay_out()
        self._make_bars()
        self.commands = Commands(self.panes)
        wiring.connect(self.panes, self.commands)
        self._connect()
        FieldKeys(window, self.panes.actions["action.palette"])
        self._restore()
        window.setAcceptDrops(True)

    def _lay_out(self) -> None:
        panes = self.panes
        self.centre = QStackedWidget(self._window)
        self.centre.addWidget(panes.welcome)
        reading = (panes.header, panes.filter_bar, panes.find_bar, panes.transcript, panes.composer)
        self.centre.addWidget(self._column(*reading, wide=panes.transcript))
        self.centre.addWidget(panes.compare)
        self.upper_half = self._splitter("upperHalf", Qt.Orientation.Horizontal)
        for part in (panes.tree, panes.search_pane, self.centre, panes.inspector):
            self.upper_half.addWidget(part)
        self.upper_half.setStretchFactor(2, 1)
        self.upper_half.setSizes([280, 360, 800, 320])
        self.lower_half = self._column(panes.transport, panes.timeline)
        self.halves = self._splitter("halves", Qt.Orientation.Vertical)
        self.halves.addWidget(self.upper_half)
        self.halves.addWidget(self.lower_half)
        self.halves.setStretchFactor(0, 1)
        self.halves.setSizes([600, 245])
        self._window.setCentralWidget(self.halves)

    def _column(self, *parts: QWidget, wide: QWidget | None = None) -> QWidget:
        """Widgets below each other; one gets the room, the last if none is named."""
        holder = QWidget(self._window)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in parts:
            column.addWidget(part)
        column.setStretchFactor(wide or parts[-1], 1)
        return holder

    def _splitter(self, name: str, orientation: Qt.Orientation) -> QSplitter:
        splitter = QSplitter(orientation, self._window)
        splitter.setObjectName(name)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        return splitter

    def _make_bars(self) -> None:
        actions = self.panes.actions
        actions.fill(self._window.menuBar())
        self.tool_bar = ToolBar(actions, self._window)
        self._window.addToolBar(self.tool_bar)
        self.store_label = QLabel(self._window)
        self.store_label.setTextFormat(Qt.TextFormat.PlainText)
        self.store_label.setContentsMargins(8, 0, 10, 0)
        foot = self._window.statusBar()
        foot.setSizeGripEnabled(False)
        for part in (self.panes.runs_bar, self.panes.job_bar, self.store_label):
            foot.addPermanentWidget(part)
        self.refresh_colours()

    def _connect(self) -> None:
        panes = self.panes
        panes.told.connect(self.tell)
        panes.welcome_wanted.connect(lambda: self._show_session(False))
        panes.library.opened.connect(self._on_opened)
        panes.library.refused.connect(self._on_refused)
        panes.library.changed.connect(self._on_changed)
        panes.tree_model.filled.connect(self._on_tree_filled)
        panes.open_session.shown.connect(self._on_shown)
        panes.open_session.updated.connect(self._on_updated)
        panes.compare.wanted.connect(lambda: self.centre.setCurrentWidget(panes.compare))
        panes.compare.left.connect(self._on_compare_left)
        self.centre.currentChanged.connect(
            lambda _page: panes.actions.enable(comparing=panes.compare.isVisibleTo(self._window))
        )

    def _on_opened(self, store: OpenStore) -> None:
        panes = self.panes
        panes.tree_model.set_store(store)
        self.store_label.setText(store.path.name)
        self.store_label.setToolTip(str(store.path))
        self.commands.importing.import_waiting()

    def _on_refused(self, reason: str) -> None:
        self.panes.welcome.show_problem(reason)
        self._window.setAcceptDrops(False)
        for name in _NEEDS_STORE:
            self.panes.actions[name].setEnabled(False)
        self.tell(reason)

    def _on_tree_filled(self) -> None:
        """Show what was open last time, or the newest session, once there are any."""
        panes = self.panes
        if panes.open_session.session is not None or panes.tree.wanted or panes.tree.filter.text():
            return
        first = panes.tree_model.session_at(panes.tree_model.index(0, 0))
        last, store = str(self.settings.value("session", "")), panes.library.store
        if first is None or store is None:
            self.commands.importing.offer_found()
            return

        def show(known: list[Session]) -> None:
            if not panes.tree.wanted:  # the user may have been quicker
                panes.show_session(known[0].id if known else first.id)

        panes.tasks.run("last", lambda: store.sessions_with([last]), show)

    def _on_shown(self, loaded: Loaded) -> None:
        self._show_session(True)
        self._window.setWindowTitle(loaded.session.title or "untitled")
        self.settings.setValue("session", loaded.session.id)
        self._on_updated(loaded)

    def _on_updated(self, loaded: Loaded) -> None:
        self.panes.timeline.set_prepared(loaded.prepared)
        self.panes.player.set_track(loaded.prepared.track)
        self.panes.header.show_session(loaded.session)

    def _on_changed(self, changes: Changes | None) -> None:
        if changes is None:
            self.panes.tree_model.refresh()
        else:
            self.panes.tree_model.apply(changes)
        if self.panes.open_session.session is None:
            self._show_session(False)
            self.commands.importing.offer_found()

    def _on_compare_left(self) -> None:
        self.panes.compare.model.cancel()
        self._show_session(self.panes.open_session.session is not None)
        self.panes.transcript.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_session(self, is_open: bool) -> None:
        self.centre.setCurrentIndex(1 if is_open else 0)
        self.lower_half.setVisible(is_open)
        wanted = self.panes.actions["action.show_inspector"].isChecked()
        self.panes.inspector.setVisible(is_open and wanted)
        self.panes.actions.enable(session=is_open, selection=is_open)
        self.commands.update_undo()
        if not is_open:
            self.panes.header.show_session(None)
            self._window.setWindowTitle("Scrubber")

    def is_settled(self, session: str) -> bool:
        """Whether a session is on screen and nothing is being read any more."""
        shown = self.panes.open_session.session
        return (
            shown is not None
            and shown.id == session
            and self.panes.tasks.idle
            and self.panes.library.looks.idle
        )

    def tell(self, text: str) -> None:
        """Say something in the status bar for a while."""
        self._window.statusBar().showMessage(text, _TOLD_MS)

    def refresh_colours(self) -> None:
        """Draw everything that was drawn in the palette's colours anew."""
        self.panes.refresh_colours()
        line = theme.current().line.name()
        # Not one sheet for the window: each change of it would undo the palettes of all labels.
        for splitter in (self.upper_half, self.halves):
            for number in range(1, splitter.count()):
                splitter.handle(number).setStyleSheet(f"background: {line};")
        self.tool_bar.refresh_colours()
        self._window.statusBar().setStyleSheet(
            f"QStatusBar {{ border-top: 1px solid {line}; }} QStatusBar::item {{ border: none; }}"
        )

    @property
    def _upper_key(self) -> str:
        """The widths of so many panes: those of another version's panes fit no longer."""
        return f"upper{self.upper_half.count()}"

    def _restore(self) -> None:
        for name, restore in (
            (self._upper_key, self.upper_half.restoreState),
            ("halves", self.halves.restoreState),
        ):
            value = self.settings.value(name)
            if isinstance(value, QByteArray):
                restore(value)
        for name in _REMEMBERED:
            shown = self.settings.value(name, "true") != "false"
            self.panes.actions[f"action.{name}"].setChecked(shown)
        self.panes.tree.setVisible(self.panes.actions["action.show_tree"].isChecked())
        self._show_session(False)

    def import_paths(self, paths: Iterable[Path]) -> None:
        """Import files and folders."""
        if several := list(paths):
            self.commands.importing.import_paths(several)

    def takes(self, dropped: QMimeData) -> bool:
        """Whether something that is dragged here can be imported."""
        return bool(dropped_paths(dropped))

    def take(self, dropped: QMimeData) -> None:
        """Import what was dropped."""
        self.import_paths(dropped_paths(dropped))

    def close(self) -> None:
        """Remember how everything was, and stop it."""
        self.panes.player.pause()
        self.panes.inspector.flush()
        self.settings.setValue(self._upper_key, self.upper_half.saveState())
        self.settings.setValue("halves", self.halves.saveState())
        for name in _REMEMBERED:
            checked = self.panes.actions[f"action.{name}"].isChecked()
            self.settings.setValue(name, "true" if checked else "false")
        self.panes.close()
