"""The open store as the window sees it: what can be done, what changed, and how to undo it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from scrubber.core.session import Changes
from scrubber.models.edits import carry_out
from scrubber.models.jobs import Job
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scrubber.api import Fork, OpenStore
    from scrubber.core.lint import Repair
    from scrubber.core.redaction import Finding, Wanted
    from scrubber.models.edits import EditRequest
    from scrubber.transfer.found import Found
    from scrubber.transfer.progress import Progress

_WATCH_MS = 1500
_REFRESH_S = 15.0


@dataclass(frozen=True, slots=True)
class ForkRequest:
    """What the fork dialog asks for."""

    session: str
    at: int
    title: str
    note: str
    repair: Repair


class Library(QObject):
    """A store behind a thread. Every change goes through here and is broadcast once.

    Signals:
        opened(object): the store is open: an OpenStore.
        refused(str): it cannot be opened, and why.
        changed(object): Changes; all views update from it.
        forked(object): a Fork was made, here and now.
        failed(str): something could not be done, in a sentence.
        job_started(object): a Job began (an import, an export).
    """

    opened = Signal(object)
    refused = Signal(str)
    changed = Signal(object)
    forked = Signal(object)
    failed = Signal(str)
    job_started = Signal(object)

    def __init__(self, path: Path, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.tasks = tasks
        self.looks = Tasks(self)
        """For what takes longer than scrubbing may wait: a thread of its own."""
        self.undo_stack = QUndoStack(self)
        self.store: OpenStore | None = None
        self._jobs: list[Job] = []
        self._seen_version = 0
        self._refreshed = 0.0
        self._writes_itself = False
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look_for_others)
        tasks.failed.connect(self.failed)
        self.looks.failed.connect(self.failed)

    def open(self) -> None:
        """Open the store in the background; what reads it is imported there, too."""

        def work() -> OpenStore:
            from scrubber.api import open_store

            return open_store(self.path)

        def done(store: OpenStore) -> None:
            self.store = store
            self._watch.start()
            self._look_for_others()
            self.opened.emit(store)

        self.tasks.run("", work, done, lambda e: self.refused.emit(str(e)))

    def formats(self) -> list[tuple[str, str, bool, bool]]:
        """(name, title, can be read, can be written) of every format."""
        return self.store.formats() if self.store is not None else []

    def find_sessions(self) -> list[Found]:
        """Sessions of agents on this machine; blocks while it looks, so call it in a task."""
        from scrubber.transfer.found import find_sessions

        return list(find_sessions())

    def verify(self) -> Job | None:
        """Check everything in the store; the job delivers each Fault."""
        store = self.store
        if store is None:
            return None

        def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
            for fault in store.verify(progress):
                deliver(fault)

        return self.start("Verify store", work)

    def close(self) -> None:
        """Stop all work and let go of the store."""
        self._watch.stop()
        # It tells of its last change while it is being destroyed, when nobody can listen any more.
        self.undo_stack.blockSignals(True)
        for job in self._jobs:
            job.cancel()
        for job in list(self._jobs):
            job.wait()
        self.looks.stop()
        self.tasks.stop()
        if self.store is not None:
            self.store.close()

    def _look_for_others(self) -> None:
        """Notice what another program wrote to the store."""
        store = self.store
        if store is None:
            return

        def done(version: int) -> None:
            if self._seen_version not in (0, version) and not self._is_too_soon():
                self._refreshed = time.monotonic()
                self.changed.emit(None)
            self._seen_version = version

        self.tasks.run("watch", store.store.data_version, done)

    def set_writes_itself(self, writes: bool) -> None:
        """Say whether branches of this window run: they broadcast what they write themselves."""
        self._writes_itself = writes
        if not writes:
            self._seen_version = -1  # what others wrote meanwhile may have been missed

    def take_for_known(self) -> None:
        """What was written just now was written here, and has been broadcast."""
        self._seen_version = 0

    def _is_too_soon(self) -> bool:
        """Among our own many writes those of others cannot be told: then look only now and then."""
        return self._writes_itself and time.monotonic() - self._refreshed < _REFRESH_S

    # Changes that can be undone

    def fork(self, request: ForkRequest) -> None:
        """Fork a session; ``forked`` tells when it is done."""
        store = self.store
        if store is None:
            return

        self._fork(
            lambda: store.fork(
                request.session,
                request.at,
                title=request.title,
                note=request.note,
                repair=request.repair,
            )
        )

    def edit(self, request: EditRequest) -> None:
        """Fork a session with an event that says something else; ``forked`` tells when."""
        store = self.store
        if store is not None:
            self._fork(lambda: carry_out(store, request))

    def fork_siblings(
        self, session: str, at: int, number: int, title: str, done: Callable[[list[str]], None]
    ) -> None:
        """So many forks of one point, undone together; ``done`` is given their ids."""
        store = self.store
        if store is None:
            return

        def work() -> list[str]:
            from scrubber.live.siblings import fork_siblings

            return fork_siblings(store.store, session, at, number, title)

        def each(change: Callable[[str], Changes], names: list[str]) -> Changes:
            return reduce(Changes.__or__, (change(name) for name in names))

        def made(names: list[str]) -> None:
            self._push(
                f"{number} branches",
                lambda: each(store.restore, names),
                lambda: each(store.delete, names),
            )
            self.changed.emit(Changes(added=frozenset(names), changed=frozenset({session})))
            done(names)

        self.tasks.run("", work, made, durable=True)

    def _fork(self, work: Callable[[], Fork]) -> None:
        store = self.store
        if store is None:
            return

        def done(fork: Fork) -> None:
            name = fork.session.id
            self._push(
                f"fork “{fork.session.title}”",
                lambda: store.restore(name),
                lambda: store.delete(name),
            )
            self.changed.emit(fork.changes)
            self.forked.emit(fork)

        self.tasks.run("", work, done, durable=True)

    def rename(self, session: str, title: str) -> None:
        """Give a session another title."""
        store = self.store
        if store is None:
            return

        def work() -> tuple[str, Changes]:
            return store.session(session).title, store.rename(session, title)

        def done(result: tuple[str, Changes]) -> None:
            former = result[0]
            self._push(
                f"rename to “{title}”",
                lambda: store.rename(session, title),
                lambda: store.rename(session, former or "untitled"),
            )
            self.changed.emit(result[1])

        self.tasks.run("", work, done, durable=True)

    def delete(self, session: str, title: str) -> None:
        """Put a session and all below it away."""
        store = self.store
        if store is None:
            return

        def done(changes: Changes) -> None:
            self._push(
                f"delete “{title}”", lambda: store.delete(session), lambda: store.restore(session)
            )
            self.changed.emit(changes)

        self.tasks.run("", lambda: store.delete(session), done, durable=True)

    def _push(self, text: str, redo: Callable[[], Changes], undo: Callable[[], Changes]) -> None:
        self.undo_stack.push(_Command(self, text, redo, undo))

    def change(self, text: str, redo: Callable[[], Changes], undo: Callable[[], Changes]) -> None:
        """Make a change that can be taken back, and broadcast it."""

        def done(changes: Changes) -> None:
            self._push(text, redo, undo)
            self.changed.emit(changes)

        self.tasks.run("", redo, done, durable=True)

    def do(self, work: Callable[[], Changes]) -> None:
        """Make a change in the background, then broadcast it."""
        self.tasks.run("", work, self.changed.emit, durable=True)

    # Long work

    def start(self, title: str, work: Callable[[Progress, Callable[[Any], None]], None]) -> Job:
        """Begin long work; ``job_started`` tells the window to show it."""
        job = Job(title, work, self)
        self._jobs.append(job)
        job.ended.connect(lambda _error, job=job: self._jobs.remove(job))
        self.job_started.emit(job)
        # Not before whoever asked for it could connect to its signals.
        QTimer.singleShot(0, job, job.start)
        return job

    def import_files(self, paths: Iterable[Path]) -> Job | None:
        """Import files and folders; the job delivers an Imported for each session."""
        store, wanted = self.store, list(paths)
        if store is None:
            return None

        def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
            store.import_paths(wanted, progress=progress, each=deliver, apart=True)

        what = wanted[0].name if len(wanted) == 1 else f"{len(wanted)} files"
        job = self.start(f"Import {what}", work)
        job.delivered.connect(self._on_imported)
        job.ended.connect(lambda _error: self.changed.emit(None))
        return job

    def _on_imported(self, result: Any) -> None:
        if result.session and result.status == "new":
            self.changed.emit(Changes(added=frozenset({result.session})))
        elif result.session and result.status in ("extended", "rewritten"):
            self.changed.emit(Changes(changed=frozenset({result.session})))

    def find_secrets(
        self, session: str, at: int | None, tree: bool, against: str | None, wanted: Wanted
    ) -> Job | None:
        """Look for secrets in what an export would write; the job delivers a list of Findings."""
        store = self.store
        if store is None:
            return None

        def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
            found = store.secrets(
                session, at, tree=tree, against=against, wanted=wanted, progress=progress
            )
            deliver(found)

        return self.start("Look for secrets", work)

    def export(
        self,
        session: str,
        at: int | None,
        format: str,
        tree: bool,
        path: Path,
        against: str | None = None,
        redact: list[Finding] | None = None,
    ) -> Job | None:
        """Export to a file that the user has chosen; the job delivers its size."""
        store = self.store
        if store is None:
            return None

        def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
            size = store.export_to(
                path,
                session,
                at,
                format,
                tree=tree,
                against=against,
                overwrite=True,
                progress=progress,
                redact=redact,
            )
            deliver(size)

        return self.start(f"Export {path.name}", work)


class _Command(QUndoCommand):
    """A change that was made already: redo does it again, undo takes it back."""

    def __init__(
        self,
        library: Library,
        text: str,
        redo: Callable[[], Changes],
        undo: Callable[[], Changes],
    ) -> None:
        super().__init__(text)
        self._library = library
        self._redo, self._undo = redo, undo
        self._done = True

    def redo(self) -> None:
        """Do it again; the first time it was done before it came here."""
        if not self._done:
            self._library.do(self._redo)
        self._done = True

    def undo(self) -> None:
        """Take it back."""
        self._done = False
        self._library.do(self._undo)
