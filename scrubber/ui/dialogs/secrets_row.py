"""Whether secrets are replaced in what is written, how many, and the way to their review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QWidget

from scrubber.core.ages import count
from scrubber.core.redaction import Wanted
from scrubber.models.jobs import was_cancelled
from scrubber.ui.dialogs.secrets_dialog import SecretsDialog

if TYPE_CHECKING:
    from scrubber.core.redaction import Finding
    from scrubber.models.jobs import Job
    from scrubber.models.library import Library


class SecretsRow(QWidget):
    """A box to check; once it is, all that would be written is scanned, with progress and cancel.

    Signals:
        changed(): other secrets are replaced, or a scan begins or is over.
    """

    changed = Signal()

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._what: tuple[str, int | None, bool, str | None] = ("", None, False, None)
        self._wanted = Wanted()
        self._job: Job | None = None
        self._found: list[Finding] | None = None
        self._dialog: SecretsDialog | None = None
        self.box = QCheckBox("Replace by placeholders", self)
        self.box.setObjectName("redact")
        self.box.toggled.connect(self._on_toggled)
        self.told = QLabel(self)
        self.told.setObjectName("redactTold")
        self.review = QPushButton("Review…", self)
        self.review.setObjectName("redactReview")
        self.review.clicked.connect(lambda _on: self._open())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addWidget(self.told, 1)
        row.addWidget(self.review)
        self._tell()

    @property
    def findings(self) -> list[Finding] | None:
        """What is replaced; None: nothing is."""
        return self._found if self.box.isChecked() else None

    @property
    def is_ready(self) -> bool:
        """Whether it is known what is to be replaced, or nothing is."""
        return not self.box.isChecked() or (self._found is not None and self._job is None)

    def show_what(
        self, session: str, at: int | None, tree: bool = False, against: str | None = None
    ) -> None:
        """Say what is to be written; it is scanned anew if that is something else."""
        what = (session, at, tree, against)
        if what != self._what:
            self._what = what
            self._scan_if_wanted()

    def stop(self) -> None:
        """Scan no longer."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _on_toggled(self, _on: bool) -> None:
        self._scan_if_wanted()

    def _scan_if_wanted(self) -> None:
        self.stop()
        former, self._found = self._found, None
        if self.box.isChecked():
            self._scan(former or [])
        self._tell()

    def _scan(self, former: list[Finding]) -> None:
        chosen = {one.digest: one.replace for one in former}
        self._job = job = self._library.find_secrets(*self._what, self._wanted)
        if job is not None:
            job.delivered.connect(lambda found: self._on_found(job, found, chosen))
            job.ended.connect(lambda error: self._on_ended(job, error))

    def _on_found(self, job: Job, found: list[Finding], chosen: dict[str, bool]) -> None:
        if job is not self._job:
            return
        for one in found:
            one.replace = chosen.get(one.digest, one.replace)
        self._found = found
        if self._dialog is not None:
            self._dialog.show_findings(found)

    def _on_ended(self, job: Job, error: object) -> None:
        if job is not self._job:
            return
        self._job = None
        if error is not None:
            self.box.setChecked(False)
            self.told.setText("stopped" if was_cancelled(error) else str(error))
        self._tell()

    def _tell(self) -> None:
        self.review.setEnabled(self._found is not None and self.box.isChecked())
        if self.box.isChecked():
            waits = self._found is None or self._job is not None
            self.told.setText("looking…" if waits else told(self._found or []))
        self.changed.emit()

    # The review

    def _open(self) -> None:
        if self._found is None or self._dialog is not None:
            return
        self._dialog = SecretsDialog(self._found, self.window())
        self._dialog.added.connect(self._on_added)
        self._dialog.finished.connect(self._on_reviewed)
        self._dialog.open()

    def _on_added(self, wanted: Wanted) -> None:
        """Look for what the user adds, too."""
        self._wanted = Wanted(
            self._wanted.texts + wanted.texts, self._wanted.patterns + wanted.patterns
        )
        self.stop()
        self._scan(self._found or [])
        self._tell()

    def _on_reviewed(self, _result: int) -> None:
        self._dialog = None
        self._tell()


def told(found: list[Finding]) -> str:
    """What a scan found, in few words."""
    replaced = sum(one.replace for one in found)
    left = len(found) - replaced
    if not found:
        return "nothing looks like a secret"
    words = count(replaced, "secret")
    return f"{words}, {left} more that may be {'one' if left == 1 else 'some'}" if left else words
