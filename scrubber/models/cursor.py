"""The one cursor that all panes show and move."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Cursor(QObject):
    """Which session is open, how long it is, and where the playhead stands.

    The index is the *exclusive cut*: ``index`` events lie in front of the playhead, so it runs
    from 0 to ``length``. Every pane takes the cursor in its constructor, shows it and changes it;
    no pane knows another.

    Signals:
        session_changed(str): another session is open (``""``: none); index and length are set.
        length_changed(int): the open session has grown or shrunk.
        index_changed(int): the playhead has moved.
    """

    session_changed = Signal(str)
    length_changed = Signal(int)
    index_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = ""
        self._length = 0
        self._index = 0

    @property
    def session(self) -> str:
        """Id of the open session, ``""`` where none is."""
        return self._session

    @property
    def length(self) -> int:
        """Events of the open session."""
        return self._length

    @property
    def index(self) -> int:
        """How many events lie in front of the playhead."""
        return self._index

    def open(self, session: str, length: int, index: int) -> None:
        """Show a session; the index is clipped to 0…length."""
        self._session = session
        self._length = max(length, 0)
        self._index = min(max(index, 0), self._length)
        self.session_changed.emit(session)
        self.length_changed.emit(self._length)
        self.index_changed.emit(self._index)

    def close(self) -> None:
        """Show no session."""
        self.open("", 0, 0)

    def set_length(self, length: int, *, follow: bool = False) -> None:
        """Follow a session that grew or shrank; the playhead stays where it can.

        ``follow`` moves it to the new end.
        """
        if length == self._length:
            return
        self._length = length
        self.length_changed.emit(length)
        self.set_index(length if follow else self._index)

    def set_index(self, index: int) -> None:
        """Move the playhead; an index outside the session is clipped."""
        index = min(max(index, 0), self._length)
        if index != self._index:
            self._index = index
            self.index_changed.emit(index)

    def step(self, by: int) -> None:
        """Move the playhead by so many events."""
        self.set_index(self._index + by)
