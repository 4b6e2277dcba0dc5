"""OpenHands: conversations of version 0 (events, exports, evaluations) and of the version 1 SDK.

Read from top to bottom: ``folder`` (many small files as one stream), ``actions`` and
``observations`` (events of version 0), ``typed`` (events of version 1), ``dialect``, ``reader``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scrubber.formats.base import FoundPlace
from scrubber.formats.containers import Stamp, files_stamp, open_plain
from scrubber.formats.conversations import ConversationFormat
from scrubber.formats.layouts import sample
from scrubber.formats.openhands.dialect import OpenHandsDialect, is_run, is_state
from scrubber.formats.openhands.folder import is_folder_of_events, open_folder, parts_of, whole_of
from scrubber.formats.openhands.reader import OpenHandsReader
from scrubber.formats.openhands.shapes import is_typed, is_untyped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.content import JSON
    from scrubber.formats.base import Reader


class OpenHands(ConversationFormat):
    """The format of such files and folders."""

    name = "openhands"
    title = "OpenHands"

    def sniff(self, path: Path, head: bytes) -> int:
        """Sure at an event of either version, or at a run of an evaluation."""
        return max(map(_likeness, sample(head)), default=0)

    def reader(self, path: Path) -> Reader:
        """A reader for the events of a conversation, or of several."""
        return OpenHandsReader(path)

    def places(self) -> Sequence[FoundPlace]:
        """``~/.openhands``: sessions of version 0, conversations of version 1."""
        home = Path.home() / ".openhands"
        return [
            FoundPlace(home / "sessions", "**/events/0.json"),
            FoundPlace(home / "conversations", "*/base_state.json"),
        ]

    def open(self, path: Path) -> BinaryIO:
        """The events of a folder one a line; any other file as it is."""
        return open_folder(path) if is_folder_of_events(path) else open_plain(path)

    def unpacks(self, path: Path) -> bool:
        """Whether a file stands for a folder of events."""
        return is_folder_of_events(path)

    def stamp(self, path: Path) -> Stamp:
        """What changes with any event of a folder."""
        return files_stamp(path, parts_of(path) if is_folder_of_events(path) else ())

    def belongs_to(self, path: Path) -> Path | None:
        """The file that stands for a folder of events."""
        return whole_of(path)


def _likeness(value: JSON) -> int:
    if is_typed(value):
        return 92
    if is_untyped(value) or is_state(value):
        return 90
    return 88 if is_run(value) else 0


FORMAT = OpenHands(OpenHandsDialect())
