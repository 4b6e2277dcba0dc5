"""Long work on the store: imports, exports, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from scrubber.core.session import Changes
from scrubber.models.jobs import Job
from scrubber.models.library.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scrubber.core.redaction import Finding, Wanted
    from scrubber.transfer.progress import Progress


class Working(Part):
    """Each has a job: a thread, its progress, and the possibility to end it."""

    def start(self, title: str, work: Callable[[Progress, Callable[[Any], None]], None]) -> Job:
        """Begin long work; ``job_started`` tells the window to show it."""
        job = Job(title, work, self)
        self.jobs.append(job)
        job.ended.connect(lambda _error, job=job: self.jobs.remove(job))
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

    def verify(self) -> Job | None:
        """Check everything in the store; the job delivers each Fault."""
        store = self.store
        if store is None:
            return None

        def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
            for fault in store.verify(progress):
                deliver(fault)

        return self.start("Verify store", work)

    def stop_jobs(self) -> None:
        """End all long work, and wait until it has ended."""
        for job in self.jobs:
            job.cancel()
        for job in list(self.jobs):
            job.wait()
