"""A change of the store on the undo stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.core.session import Changes

    Change = Callable[[], Changes]


class Command(QUndoCommand):
    """A change that was made already: redo does it again, undo takes it back.

    ``do`` makes a change in the background, and broadcasts it.
    """

    def __init__(self, text: str, redo: Change, undo: Change, do: Callable[[Change], None]) -> None:
        super().__init__(text)
        self._redo, self._undo, self._do = redo, undo, do
        self._done = True

    def redo(self) -> None:
        """Do it again; the first time it was done before it came here."""
        if not self._done:
            self._do(self._redo)
        self._done = True

    def undo(self) -> None:
        """Take it back."""
        self._done = False
        self._do(self._undo)
