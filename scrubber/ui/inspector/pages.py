"""The tabs of the inspector, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.ui.inspector.context_page import ContextPage
from scrubber.ui.inspector.event_page import EventPage
from scrubber.ui.inspector.files_page import FilesPage
from scrubber.ui.inspector.notes_page import NotesPage
from scrubber.ui.inspector.session_page import SessionPage
from scrubber.ui.inspector.usage_page import UsagePage

if TYPE_CHECKING:
    from scrubber.ui.inspector.page import Page

PAGES: tuple[type[Page], ...] = (
    EventPage,
    ContextPage,
    UsagePage,
    FilesPage,
    NotesPage,
    SessionPage,
)
