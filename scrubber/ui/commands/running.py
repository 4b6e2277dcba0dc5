"""Letting branches run on: begin, stop, and what is asked before the window closes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QPlainTextEdit

from scrubber.core.visible import visible
from scrubber.models import providers
from scrubber.models.tool_counts import count_tools
from scrubber.ui.dialogs.policy_dialog import PolicyDialog
from scrubber.ui.dialogs.siblings_dialog import SiblingsDialog
from scrubber.ui.popover import Popover

if TYPE_CHECKING:
    from scrubber.core.running import Outcome
    from scrubber.models.tool_counts import ToolCount
    from scrubber.ui.commands.sessions import SessionCommands
    from scrubber.ui.dialogs.siblings_dialog import SiblingsRequest
    from scrubber.ui.panes import Panes


class RunCommands(QObject):
    """Has the composer send, and keeps the actions in step with what runs."""

    def __init__(self, panes: Panes, sessions: SessionCommands, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes
        self._sessions = sessions
        self._writes_next = False
        self._closes = False
        panes.branch.opened.connect(self.update_actions)
        panes.runs.started.connect(lambda _session: self.update_actions())
        panes.runs.over.connect(self._on_over)
        panes.runs.busy_changed.connect(self._on_busy)
        panes.library.forked.connect(self._on_forked)

    def go_on(self) -> None:
        """Let the open branch run on; of a recording, fork it first."""
        if self._panes.branch.can_grow:
            self._panes.composer.send()
        else:
            self.fork_to_continue()

    def fork_to_continue(self) -> None:
        """Fork where the playhead stands, then write what the fork is told."""
        self._writes_next = True
        self._sessions.fork(rejected=self._on_not_forked)

    def _on_not_forked(self) -> None:
        self._writes_next = False

    def _on_forked(self, _fork: object) -> None:
        if self._writes_next:
            self._writes_next = False
            self._panes.composer.write_when_shown()

    def stop(self) -> None:
        """Stop the run of the open session."""
        self._panes.composer.halt()

    def siblings(self) -> None:
        """Ask how many branches shall go on from here, side by side."""
        branch, composer = self._panes.branch, self._panes.composer
        session = branch.session
        if session is None or not branch.can_grow:
            return
        if branch.settings.provider == providers.REPLAY:
            self._panes.tell("A replay says the same each time: choose a model first")
            return
        preview = composer.previewer.preview
        dialog = SiblingsDialog(
            session,
            self._panes.cursor.index,
            branch.settings,
            preview.forecast if preview is not None else None,
            self._panes.window,
        )
        dialog.requested.connect(self._on_siblings)
        dialog.open()

    def _on_siblings(self, request: SiblingsRequest) -> None:
        composer = self._panes.composer
        plan = composer.plan(request.settings)
        provider = composer.provider(request.settings)

        def begin(names: list[str]) -> None:
            self._panes.tell(f"{len(names)} branches begin at event {request.at:,}")
            self._panes.runs.begin_all(names, provider, plan)
            self._panes.tree.open_branch(request.session)

        self._panes.library.fork_siblings(
            request.session, request.at, request.number, request.title, begin
        )

    def show_models(self) -> None:
        """Show the endpoints that branches may be run with."""
        # Knows what it takes to reach them: not before it is asked for.
        from scrubber.ui.dialogs.models_dialog import ModelsDialog

        branch = self._panes.branch
        dialog = ModelsDialog(branch.settings.provider, branch.can_grow, self._panes.window)
        dialog.changed.connect(self._panes.composer.pickers.read_choices)
        dialog.chosen.connect(self._on_model_chosen)
        dialog.open()

    def _on_model_chosen(self, provider: str, model: str) -> None:
        branch = self._panes.branch
        params = replace(branch.settings.params, model=model)
        branch.set(replace(branch.settings, provider=provider, params=params))

    def edit_policy(self) -> None:
        """Ask who answers which tool's calls."""
        store, session = self._panes.library.store, self._panes.branch.session
        if store is None or session is None:
            return
        name = session.id
        self._panes.tasks.run("tools", lambda: count_tools(store, name), self._on_tools)

    def _on_tools(self, tools: list[ToolCount]) -> None:
        dialog = PolicyDialog(self._panes.branch.settings.policy, tools, self._panes.window)
        dialog.decided.connect(self._panes.composer.pickers.set_policy)
        dialog.open()

    def show_notes(self, notes: list[str]) -> None:
        """List what was noted during a run."""
        words = QPlainTextEdit()
        words.setReadOnly(True)
        words.setAccessibleName("Notes on the run")
        words.setPlainText("\n\n".join(f"• {visible(note)}" for note in notes))
        words.setMinimumSize(440, min(120 + 40 * len(notes), 360))
        popover = Popover("Noted during the run", words, self._panes.window)
        popover.popup(self._panes.composer.status.notes)

    def update_actions(self) -> None:
        """Enable what makes sense for the open session."""
        branch, runs = self._panes.branch, self._panes.runs
        session = branch.session
        running = session is not None and runs.run_of(session.id) is not None
        self._panes.actions.enable(branch=branch.can_grow, running=running, busy=bool(runs.running))

    def _on_over(self, session: str, outcome: Outcome) -> None:
        self.update_actions()
        if session != self._panes.cursor.session:
            self._panes.tell(f"A branch is over · {outcome.reason}")

    def _on_busy(self, busy: bool) -> None:
        self.update_actions()
        if not busy and self._closes:
            self._panes.window.close()

    def may_close(self) -> bool:
        """Whether the window may close; while branches run, the user is asked first."""
        running = len(self._panes.runs.running)
        if not running or self._closes:
            return True
        box = QMessageBox(self._panes.window)
        box.setObjectName("stopAndClose")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText("One branch runs." if running == 1 else f"{running} branches run.")
        box.setInformativeText("Stopping keeps what has come so far; it can be gone on with later.")
        stop = box.addButton("Stop and Close", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Let It Run", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        stop.clicked.connect(self._stop_and_close)
        box.open()
        return False

    def _stop_and_close(self) -> None:
        self._closes = True
        if self._panes.runs.running:
            self._panes.runs.stop_all()
        else:
            self._panes.window.close()
