"""The comparison that the window shows: made off the GUI thread, its rows read as they are seen."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from scrubber.core.compare.outline import Outline, outline
from scrubber.core.compare.texts import Span, counterpart, marked, snippet
from scrubber.core.compare.values import as_text
from scrubber.models.jobs import was_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrubber.api import OpenStore
    from scrubber.core.events import Event
    from scrubber.core.session import Changes, Session
    from scrubber.models.jobs import Job
    from scrubber.models.library import Library
    from scrubber.transfer.comparing import Comparison

_CACHED_ROWS = 2000
_AT_ONCE = 48
_SNIPPET = 600
"""Characters of a cell in the list."""
_COMPARED = 20_000
"""Characters of a text among which the first difference is looked for, for the list."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What a cell shows: its event, and its text in pieces, of which some differ."""

    event: Event
    spans: tuple[Span, ...]


Cells = tuple["ShownCell | None", ...]


class ComparisonModel(QObject):
    """Compares, and knows what of it is on the page.

    Signals:
        begun(int): so many sessions are being compared.
        progressed(object): how far that is, a Progress.
        shown(object): it is done: a Comparison.
        failed(str): it could not be done, and why; empty where the user has stopped it.
        outlined(): folds were opened or closed.
        loaded(): rows that were asked for are there.
        detailed(int, object): a row's whole Cells, as asked for by ``want_detail``.
        stale(): one of the sessions has changed since.
    """

    begun = Signal(int)
    progressed = Signal(object)
    shown = Signal(object)
    failed = Signal(str)
    outlined = Signal()
    loaded = Signal()
    detailed = Signal(int, object)
    stale = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.comparison: Comparison | None = None
        self.outline = Outline(())
        self.names: tuple[str, ...] = ()
        self._everything = False
        self._opened: set[int] = set()
        self._job: Job | None = None
        self._cells: OrderedDict[int, Cells] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._reading = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read)
        library.changed.connect(self._on_changed)

    @property
    def busy(self) -> bool:
        """Whether a comparison is being made."""
        return self._job is not None

    def compare(self, names: Sequence[str]) -> None:
        """Compare these sessions; a comparison that is being made gives way."""
        store = self._library.store
        if store is None:
            return
        self.cancel()
        self.names = tuple(names)
        job = self._library.start(
            f"Compare {len(names)} sessions",
            lambda progress, deliver: deliver(store.compare(list(names), progress)),
        )
        self._job = job
        job.progressed.connect(self.progressed)
        job.delivered.connect(lambda made, job=job: self._on_delivered(job, made))
        job.ended.connect(lambda error, job=job: self._on_ended(job, error))
        self.begun.emit(len(names))

    def cancel(self) -> None:
        """Stop comparing."""
        if self._job is not None:
            self._job.cancel()

    def again(self) -> None:
        """Compare the same sessions as they are now."""
        self.compare(self.names)

    def close(self) -> None:
        """Forget it all."""
        self.cancel()
        self.comparison, self.names, self.outline = None, (), Outline(())
        self._forget()

    def _forget(self) -> None:
        self._opened.clear()
        self._cells.clear()
        self._wanted.clear()

    def _on_delivered(self, job: Job, made: Comparison) -> None:
        if job is self._job:
            self._forget()
            self.comparison = made
            self._make_outline()
            self.shown.emit(made)

    def _on_ended(self, job: Job, error: Exception | None) -> None:
        if job is self._job:
            self._job = None
            if error is not None:
                self.failed.emit("" if was_cancelled(error) else str(error))

    def _on_changed(self, changes: Changes | None) -> None:
        store, made = self._library.store, self.comparison
        touched = changes is None or {*changes.changed, *changes.removed} & {*self.names}
        if store is None or made is None or self.busy or not touched:
            return

        def done(found: list[Session]) -> None:
            now = {session.id: session.events for session in found}
            if made is self.comparison and any(
                now.get(column.session.id) != column.session.events for column in made.columns
            ):
                self.stale.emit()

        names = [column.session.id for column in made.columns]
        self._library.tasks.run("compare-stale", lambda: store.sessions_with(names), done)

    # What is on the page

    def set_everything(self, everything: bool) -> None:
        """Show bookkeeping, too, or only what tells something."""
        self._everything = everything
        self._make_outline()
        self.outlined.emit()

    def open_fold(self, item: int) -> None:
        """Show the rows of a fold."""
        run, _ = self.outline.run_of(item)
        if run.folded:
            self._opened.add(run.rows[0])
            self._make_outline()
            self.outlined.emit()

    def _make_outline(self) -> None:
        if self.comparison is not None:
            self.outline = outline(self.comparison.alignment, self._opened, self._everything)

    def cells(self, row: int) -> Cells | None:
        """What a row shows; None while it is being read."""
        found = self._cells.get(row)
        if found is None:
            self._wanted[row] = None
            self._wanted.move_to_end(row)
            while len(self._wanted) > _AT_ONCE:
                self._wanted.popitem(last=False)
            if not self._reading and not self._timer.isActive():
                self._timer.start()
        else:
            self._cells.move_to_end(row)
        return found

    def _read(self) -> None:
        store, comparison = self._library.store, self.comparison
        if store is None or comparison is None or not self._wanted or self._reading:
            return
        rows = list(self._wanted)
        self._wanted.clear()
        self._reading = True

        def done(found: list[Cells]) -> None:
            self._reading = False
            if comparison is self.comparison:
                self._keep(dict(zip(rows, found, strict=True)))
            if self._wanted:
                self._timer.start()

        self._run(lambda: [_cells(store, comparison, row) for row in rows], done)

    def _run(self, work: Callable[[], list[Cells]], done: Callable[[list[Cells]], None]) -> None:
        def failed(error: Exception) -> None:
            self._reading = False
            self._library.tasks.failed.emit(str(error))

        self._library.tasks.run("", work, done, failed)

    def _keep(self, found: dict[int, Cells]) -> None:
        self._cells.update(found)
        while len(self._cells) > _CACHED_ROWS:
            self._cells.popitem(last=False)
        self.loaded.emit()

    def want_detail(self, row: int) -> None:
        """Have a row's whole texts compared; ``detailed`` tells."""
        store, comparison = self._library.store, self.comparison
        if store is None or comparison is None:
            return

        def done(found: Any) -> None:
            if comparison is self.comparison:
                self.detailed.emit(row, found)

        self._library.tasks.run(
            "compare-detail", lambda: _cells(store, comparison, row, whole=True), done
        )


def _cells(store: OpenStore, comparison: Comparison, row: int, whole: bool = False) -> Cells:
    """Read a row and mark what differs in it."""
    cells = store.compared(comparison, row)
    first = next(cell.content for cell in cells if cell is not None)
    most = None if whole else _COMPARED
    texts = [None if cell is None else as_text(cell.content, first)[:most] for cell in cells]
    return tuple(
        None
        if cell is None or text is None
        else ShownCell(cell.event, _spans(text or cell.event.text, counterpart(texts, n), whole))
        for n, (cell, text) in enumerate(zip(cells, texts, strict=True))
    )


def _spans(text: str, other: str | None, whole: bool) -> tuple[Span, ...]:
    spans = marked(text, text if other is None else other).one
    return tuple(spans if whole else snippet(spans, _SNIPPET))
