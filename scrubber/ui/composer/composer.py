"""The pane below the transcript: lets a branch run on; a recording it offers to fork."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from scrubber.models import providers
from scrubber.ui.composer.attachments import as_images
from scrubber.ui.composer.frame import ComposerFrame
from scrubber.ui.composer.memory import Memory, Written

if TYPE_CHECKING:
    from scrubber.core.content import Content, Image
    from scrubber.core.running import Outcome
    from scrubber.live.run import Plan
    from scrubber.live.settings import BranchSettings
    from scrubber.models.cursor import Cursor
    from scrubber.models.inquiries import Inquiry
    from scrubber.models.library import Library
    from scrubber.models.live_runs import LiveRun, LiveRuns, Make
    from scrubber.models.open_branch import OpenBranch
    from scrubber.models.preview import Preview

_TICK_MS = 100
_WITH_MESSAGE = "Message to the model; without one it just goes on"
_BY_REPLAY = "Message: the replay ends where you say something of your own"


class Composer(ComposerFrame):
    """Message, model, parameters, policy, budget, Continue and Stop.

    Signals:
        fork_wanted(): the recording shall be forked where the playhead stands.
        siblings_wanted(): several branches shall go on from here.
        policy_wanted(): who answers which tool's calls shall be settled.
        models_wanted(): endpoints and keys shall be settled.
        system_wanted(): a system prompt shall be given.
        notes_wanted(object): a list of notes shall be shown.
        told(str): something to say to the user.
    """

    fork_wanted = Signal()
    siblings_wanted = Signal()
    policy_wanted = Signal()
    models_wanted = Signal()
    system_wanted = Signal()
    notes_wanted = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        library: Library,
        branch: OpenBranch,
        runs: LiveRuns,
        cursor: Cursor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(library, branch, parent)
        self._library, self._branch, self._runs = library, branch, runs
        self._cursor = cursor
        self._session = ""
        self._writes_next = False
        self._seen: tuple[object, ...] | None = None
        self._memory = Memory()
        self._tick = QTimer(self, interval=_TICK_MS)
        self._connect()
        self.refresh_colours()
        self._show()

    def _connect(self) -> None:
        runs = self._runs
        self._branch.opened.connect(self._on_opened)
        self._branch.changed.connect(self._forget_outcome)
        runs.started.connect(self._on_run)
        runs.moved.connect(self._on_run)
        runs.over.connect(self._on_over)
        runs.asked.connect(self._on_asked)
        self._tick.timeout.connect(self._show_status)
        self._cursor.index_changed.connect(lambda _index: self._show_placeholder())
        self.previewer.looked.connect(self._on_preview)
        self.bar.fork_wanted.connect(self.fork_wanted)
        self.go.clicked.connect(self.send)
        self.stop.clicked.connect(self.halt)
        self.siblings.clicked.connect(self.siblings_wanted)
        self.message.send_wanted.connect(self.send)
        self.message.left.connect(self._leave)
        self.message.textChanged.connect(self._forget_outcome)
        self.message.pictures_given.connect(self._on_pictures)
        self.findings.agreed.connect(self._on_agreed)
        self.findings.system_wanted.connect(self.system_wanted)
        self.pickers.policy_wanted.connect(self.policy_wanted)
        self.pickers.models_wanted.connect(self.models_wanted)
        self.status.models_wanted.connect(self.models_wanted)
        self.status.retry_wanted.connect(self.send)
        self.status.notes_wanted.connect(self._on_notes)

    # What is done

    def send(self) -> None:
        """Let the branch run on, with what was written."""
        session = self._branch.session
        if session is None or not self._branch.can_grow or self._live() is not None:
            return
        if self.findings.open(self.content() is not None):
            self.findings.heading.setChecked(True)
            self.told.emit("Settle what is in the way first: nothing is repaired silently")
            return
        memory = self._memory.of(session.id)
        memory.sent, memory.outcome = self._written(), None
        settings = self._branch.settings
        self._runs.begin(session.id, self.provider(settings), self.plan(settings))
        self.message.clear()
        self.pictures.set_images([])

    def plan(self, settings: BranchSettings) -> Plan:
        """A run with these settings, what is written, and the repairs that were agreed to."""
        return replace(settings.plan(), message=self.content())

    @staticmethod
    def provider(settings: BranchSettings) -> Make | str:
        """What replies: a name, or the way to make it."""
        if settings.provider in (providers.REPLAY, providers.PERSON):
            return settings.provider
        return lambda: providers.make(settings)

    def content(self) -> Content | None:
        """The message that is written, None if there is none."""
        from scrubber.live.drafts import typed

        text, images = self.message.toPlainText().strip(), tuple(self.pictures.images)
        return typed(text, images) if text or images else None

    def halt(self) -> None:
        """Stop the run of the open session, with what it has."""
        if self._live() is not None:
            self._runs.stop(self._session)

    def write(self) -> None:
        """Put the keys into the message."""
        self.message.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def write_when_shown(self) -> None:
        """Put the keys into the message of the branch that is opened next."""
        self._writes_next = True

    def _leave(self) -> None:
        self.halt() if self._live() is not None else self.message.clearFocus()

    def _on_pictures(self, given: list[object]) -> None:
        def done(images: list[Image]) -> None:
            left_out = self.pictures.add(images)
            if not images:
                self.told.emit("That is no picture that a model can be given")
            elif left_out:
                self.told.emit(f"{left_out} pictures were left out: a message takes eight")

        self._library.tasks.run("", lambda: as_images(given), done)  # type: ignore[arg-type]

    # What is shown

    def _live(self) -> LiveRun | None:
        return self._runs.run_of(self._session) if self._session else None

    def _on_opened(self) -> None:
        session = self._branch.session
        former, self._session = self._session, session.id if session is not None else ""
        if former != self._session:
            if former:
                self._memory.of(former).draft = self._written()
            self.findings.show_findings((), frozenset())
            self._put(self._memory.of(self._session).draft)
        self.pickers.read_choices()
        self._show()
        if self._writes_next and self._branch.can_grow:
            self._writes_next = False
            self.write()

    def _written(self) -> Written:
        return Written(self.message.toPlainText(), tuple(self.pictures.images))

    def _put(self, written: Written) -> None:
        self.message.setPlainText(written.text)
        self.pictures.set_images(list(written.images))

    def _on_run(self, session: str) -> None:
        """Show another state at once; how far it has come is shown at each tick."""
        live = self._live()
        if session == self._session and live is not None and self._seen != _state(live):
            self._show()

    def _on_asked(self, inquiry: Inquiry) -> None:
        """Give the keys to the answer, unless something else is being written."""
        if inquiry.session == self._session:
            self._show()
            if not isinstance(self.window().focusWidget(), QLineEdit | QPlainTextEdit):
                self.ask.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_over(self, session: str, outcome: Outcome) -> None:
        unsaid = self._memory.ended(session, outcome)
        if session != self._session:
            return
        if unsaid and not self.message.toPlainText():
            self._put(self._memory.of(session).draft)
            self._memory.of(session).outcome = outcome
        self.previewer.look()
        self._show()

    def _forget_outcome(self) -> None:
        """Something else is about to be done: what it would use is of more use now."""
        if self.message.toPlainText() or self.message.hasFocus() or self.sender() is self._branch:
            self._memory.of(self._session).outcome = None
        self._show()

    def _show(self) -> None:
        """Bring everything in line with the session, its settings, and its run."""
        session, live = self._branch.session, self._live()
        self._seen = _state(live) if live is not None else None
        grows = self._branch.can_grow
        self.setVisible(session is not None)
        self.body.setVisible(grows)
        self.bar.setVisible(not grows)
        self._show_placeholder()
        waits = live is not None and live.waits
        self.ask.show_inquiries(live.inquiries if live is not None else [])
        for part in (self.message, self.pickers):
            part.setVisible(not waits)
        self.pickers.setEnabled(live is None)
        self.siblings.setVisible(live is None and not self._replays())
        self.go.setVisible(live is None)
        self.go.setEnabled(not self.findings.open(self.content() is not None))
        self.stop.setVisible(live is not None)
        self.stop.setEnabled(live is not None and not live.stopping)
        self.findings.setVisible(self.findings.has_any and live is None)
        if live is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        self._show_status()

    def _replays(self) -> bool:
        return self._branch.settings.provider == providers.REPLAY

    def _show_placeholder(self) -> None:
        """Say what a message does, and where it goes if that is not where the playhead is."""
        replays, session = self._replays(), self._branch.session
        words = _BY_REPLAY if replays else _WITH_MESSAGE
        if session is not None and self._cursor.index != session.events:
            words = f"At the end, behind event {session.events:,} · {words}"
        self.message.set_hint(words)

    def _show_status(self) -> None:
        live, outcome = self._live(), self._memory.of(self._session).outcome
        if live is not None:
            self.status.show_run(live)
            self.status.icon.update()
            self.ask.tick()
        elif outcome is not None:
            self.status.show_outcome(outcome)
        elif self.previewer.preview is not None:
            self.status.show_preview(self.previewer.preview)
        else:
            self.status.show_words("", "")

    def _on_preview(self, preview: Preview) -> None:
        self.findings.show_findings(preview.findings, self._branch.settings.repairs)
        self._show()

    def _on_agreed(self, repairs: frozenset[str]) -> None:
        self._branch.set(replace(self._branch.settings, repairs=repairs))

    def _on_notes(self) -> None:
        live, outcome = self._live(), self._memory.of(self._session).outcome
        notes = live.notes if live is not None else list(outcome.notes) if outcome else []
        self.notes_wanted.emit(notes)

    def refresh_colours(self) -> None:
        """Follow the palette."""
        super().refresh_colours()
        self._show_status()


def _state(live: LiveRun) -> tuple[object, ...]:
    """What the composer looks like depends on of a run."""
    return live.state, tuple(map(id, live.inquiries))
