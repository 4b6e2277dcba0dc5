"""Steps that need more than the track: to the same tool, an edit of the same file, a match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scrubber.core.events import Kind
from scrubber.core.query import Condition, Field, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.ui.panes import Panes

_CALLS = Query((), (Condition(Field.KIND, (Kind.TOOL_CALL,)),))


class StepCommands(QObject):
    """Looks for where to go on the store's thread, then moves the playhead there."""

    def __init__(self, panes: Panes, parent: QObject) -> None:
        super().__init__(parent)
        self._panes = panes

    def same_tool(self, step: int) -> None:
        """To the next or previous call of the tool that was called last at the playhead."""
        self._look(lambda store, session, at: next_call(store, session, at, step), "call")

    def same_file(self, step: int) -> None:
        """To the next or previous edit of the file that was touched last."""
        self._look(lambda store, session, at: store.next_file_edit(session, at, step), "edit")

    def match(self, step: int) -> None:
        """To the next event that fits the filter, else match of the find bar, else hit."""
        panes = self._panes
        if panes.filter.mask is not None:
            found = panes.filter.next_fit(panes.cursor.index, step)
            self._go(panes.cursor.session, found, "match")
        elif panes.find_bar.edit.text():
            panes.find_bar.next() if step > 0 else panes.find_bar.previous()
        else:
            panes.search_pane.step(step)

    def _look(self, find: Callable[[OpenStore, str, int], int | None], what: str) -> None:
        store, cursor = self._panes.library.store, self._panes.cursor
        if store is None or not cursor.session:
            return
        session, at = cursor.session, cursor.index
        self._panes.search_tasks.run(
            "step",
            lambda: find(store, session, at),
            lambda found: self._go(session, found, what),
        )

    def _go(self, session: str, index: int | None, what: str) -> None:
        if session != self._panes.cursor.session:
            return
        if index is None:
            self._panes.tell(f"There is no other {what}")
        else:
            self._panes.cursor.set_index(index)


def next_call(store: OpenStore, session: str, at: int, step: int) -> int | None:
    """The index behind the next or previous call of the tool that was called last in front of an
    index; where none was, of the first that is called at all."""
    here = store.next_fit(session, _CALLS, at + 1, -1)
    here = here if here is not None else store.next_fit(session, _CALLS, at, 1)
    if here is None:
        return None
    name = store.events(session, here - 1, here)[0].name or ""
    same = Query((), (*_CALLS.conditions, Condition(Field.TOOL, (name.lower(),))))
    return store.next_fit(session, same, at, step)
