"""What a branch is to find out, and what it told: three fields that save themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from scrubber.core.notes import VERDICTS

if TYPE_CHECKING:
    from scrubber.core.session import Session
    from scrubber.models.library import Library


class Claims(QWidget):
    """Hypothesis and verdict of a branch; for what is none, hidden."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._session: Session | None = None
        self._saved = ("", "", "")
        """Hypothesis, verdict and reason, as they were last shown or saved."""
        self._revision = 0
        """What is older than this was read in front of what was saved last."""
        self.hypothesis = self._field("branchHypothesis", "What is it to find out?")
        self.verdict = QComboBox(self)
        self.verdict.setObjectName("branchVerdict")
        self.verdict.setAccessibleName("Verdict")
        self.verdict.addItem("no verdict yet", "")
        for word, sign in VERDICTS.items():
            self.verdict.addItem(f"{sign} {word}", word)
        self.verdict.activated.connect(lambda _row: self._save())
        self.reason = self._field("branchReason", "Why?")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.addRow("Hypothesis", self.hypothesis)
        form.addRow("Verdict", self.verdict)
        form.addRow("Reason", self.reason)

    def _field(self, name: str, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setPlaceholderText(words)
        field.setAccessibleName(words)
        field.editingFinished.connect(self._save)
        return field

    def show_session(self, session: Session) -> None:
        """Show those of a session, but never over what is being written."""
        if self._session is not None and self._session.id != session.id:
            self.flush()
        same = self._session is not None and self._session.id == session.id
        if same and session.revision < self._revision:
            return
        self._session, self._revision = session, session.revision
        self._saved = (session.hypothesis, session.verdict, session.reason)
        self.setVisible(session.relation == "fork")
        for field, text in ((self.hypothesis, session.hypothesis), (self.reason, session.reason)):
            if not (same and field.isModified()) and field.text() != text:
                field.setText(text)
        self.verdict.setCurrentIndex(max(self.verdict.findData(session.verdict), 0))
        self.reason.setEnabled(bool(session.verdict))

    def flush(self) -> None:
        """Save what is being written."""
        self._save()

    def _save(self) -> None:
        store, session = self._library.store, self._session
        if store is None or session is None:
            return
        name, verdict = session.id, str(self.verdict.currentData())
        hypothesis = self.hypothesis.text().strip()
        reason = self.reason.text().strip() if verdict else ""
        (supposed, judged, why), self._saved = self._saved, (hypothesis, verdict, reason)
        self.hypothesis.setModified(False)
        self.reason.setModified(False)
        notes = store.notes
        if hypothesis != supposed:
            self._revision += 1
            self._library.change(
                "hypothesis",
                lambda: notes.suppose(name, hypothesis),
                lambda: notes.suppose(name, supposed),
            )
        if (verdict, reason) != (judged, why):
            self._revision += 1
            self._library.change(
                "verdict",
                lambda: notes.judge(name, verdict, reason),
                lambda: notes.judge(name, judged, why),
            )
