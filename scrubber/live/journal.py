"""Where a run writes down what happens: into the branch, and to whoever watches."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrubber.core.events import Usage
from scrubber.core.running import add_usage
from scrubber.live.reports import Added, Noted, Observer, Report
from scrubber.live.sources import widened

if TYPE_CHECKING:
    from scrubber.core.session import Changes
    from scrubber.live.branch import Branch
    from scrubber.live.drafts import Item
    from scrubber.live.parts import Repeated
    from scrubber.live.run import Purse

_log = logging.getLogger(__name__)


class Journal:
    """Adds to one branch, counts what it adds, and reports it."""

    def __init__(self, branch: Branch, observer: Observer, purse: Purse | None = None) -> None:
        self.branch = branch
        self._purse = purse
        self._observer = observer
        self.spent = Usage()
        self.notes: list[str] = []
        self.first = branch.session.events
        """Events that the session had before."""

    @property
    def session(self) -> str:
        """Id of the branch."""
        return self.branch.id

    @property
    def added(self) -> int:
        """Events that were added so far."""
        return self.branch.session.events - self.first

    def report(self, report: Report) -> None:
        """Tell it; an observer that stumbles does not end the run."""
        try:
            self._observer(report)
        except Exception:
            _log.exception("whoever watches session %s failed", self.session)

    def note(self, text: str) -> None:
        """Say what a user should know, now and in the outcome."""
        self.notes.append(text)
        self.report(Noted(self.session, text))

    def add(self, items: list[Item]) -> None:
        """Add events, in one transaction."""
        if not items:
            return
        changes = self.branch.add(items)
        for draft, _ in items:
            if draft.usage is not None:
                self.spent = add_usage(self.spent, draft.usage)
                if self._purse is not None:
                    self._purse.pay(draft.usage)
        self.changed(changes)

    def insert(self, index: int, items: list[Item]) -> None:
        """Put events in front of the event at an index; what stands behind is shared."""
        self.changed(self.branch.insert(index, items))

    def repeat(self, part: Repeated) -> None:
        """Add events of the recording, which are shared."""
        part = widened(self.branch.store, self.session, part)
        self.changed(self.branch.repeat(part.session, part.start, part.stop))

    def changed(self, changes: Changes) -> None:
        """Tell that the session is not as it was."""
        self.report(Added(self.session, self.branch.session.events, changes))
