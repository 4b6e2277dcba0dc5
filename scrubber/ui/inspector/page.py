"""What a tab of the inspector is: a page that knows how to read and how to show what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from scrubber.ui.inspector.labels import MARGIN, UNIT, Separator

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.models.library import Library

    Reader: TypeAlias = Callable[[OpenStore, str, int], Any]
    """(store, session, index) → what the page shows; runs on the store's thread."""


class Page(QWidget):
    """One tab. A subclass has a name and an icon, and overrides ``reader`` and ``show_found``.

    Only the page that is seen reads, one request at a time; what it shows stays until the next is
    there. A page that changes the store does so with its ``library``, and is read anew when that
    tells of the change.

    Signals:
        stale(): another thing is wanted of the same place, by a switch on the page, say.
        index_wanted(int): the playhead shall stand here.
        session_wanted(str): this session shall be opened.
        reveal_wanted(str): this file shall be shown in the system's file manager.
    """

    stale = Signal()
    index_wanted = Signal(int)
    session_wanted = Signal(str)
    reveal_wanted = Signal(str)

    name = ""
    """The word on the tab."""
    icon = ""
    """Stands for the word where there is no room for it."""
    is_slow = False
    """Whether a look may take longer than the rest of the window should wait for the store."""

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library = library

    def lay_out(self, top: QLayout, rows: QWidget) -> None:
        """What is always in sight above, with the page's margins, and below it a list."""
        top.setContentsMargins(MARGIN, 2 * UNIT, MARGIN, UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(Separator(self))
        whole.addWidget(rows, 1)

    def reader(self) -> Reader:
        """What is to be read now; asked for on the GUI thread, so that it may look at switches."""
        raise NotImplementedError

    def show_found(self, found: Any) -> None:
        """Show what the reader gave."""
        raise NotImplementedError

    def flush(self) -> None:
        """Save what is still being written: another session is opened, or the window closes."""
