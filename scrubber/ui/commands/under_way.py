"""An import that is under way: what is shown of it, and what is said at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.ages import count
from scrubber.models.jobs import was_cancelled
from scrubber.ui.dialogs.import_report import ImportReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.models.jobs import Job
    from scrubber.transfer.imported import Imported
    from scrubber.transfer.progress import Progress
    from scrubber.ui.panes import Panes


class UnderWay(QObject):
    """Follows one import; lives as long as its job.

    A single file is shown as soon as some of it is there, of several the first one if nothing
    else is shown. Whoever goes elsewhere meanwhile is left there.
    """

    def __init__(self, panes: Panes, job: Job, paths: Sequence[Path]) -> None:
        super().__init__(job)
        self._panes = panes
        self._is_one = len(paths) == 1 and paths[0].is_file()
        self._results: list[Imported] = []
        self._chosen: str | None = None
        """The session that was chosen when the first one of the import was there."""
        self._reading: str | None = None
        """The session whose file is being read."""
        job.progressed.connect(self._on_progress)
        job.delivered.connect(self._on_imported)
        job.ended.connect(self._on_ended)

    def _on_progress(self, progress: Progress) -> None:
        self._reading = progress.begun
        self._show_first(progress.begun)

    def _on_imported(self, result: Imported) -> None:
        self._results.append(result)
        if result.session is not None:
            self._panes.live_tail.take_up(result.session)
        self._show_first(result.session)

    def _show_first(self, session: str | None) -> None:
        if session is not None and self._chosen is None:
            if self._is_one or self._panes.open_session.session is None:
                self._panes.show_session(session)
            self._chosen = self._panes.tree.wanted

    def _show_only(self, session: str) -> None:
        if self._panes.tree.wanted == self._chosen != session:
            self._panes.show_session(session)

    def _on_ended(self, error: object) -> None:
        done = [result for result in self._results if result.session]
        if was_cancelled(error) and self._reading is not None:
            self._panes.live_tail.leave(self._reading)
        self._panes.tell(self._summary(done, error))
        if any(result.status == "failed" for result in self._results) or (
            error is not None and not was_cancelled(error)
        ):
            ImportReport(self._results, error, self._panes.window).open()
        elif len(done) == 1 and done[0].session:
            self._show_only(done[0].session)

    def _summary(self, done: Sequence[Imported], error: object) -> str:
        parts = [f"Imported {count(len(done), 'session')}"] if done or error is None else ["Import"]
        fresh = sum(result.status == "new" for result in done)
        if done and fresh != len(done):
            parts.append(f"{fresh} new")
        warned = sum(len(result.warnings) for result in self._results)
        if was_cancelled(error):
            parts.append("stopped; what was read so far is kept")
        elif error is not None:
            parts.append(str(error))
        if warned:
            parts.append(count(warned, "note"))
        return " · ".join(parts)
