"""Who follows whom: ids of entries in every version, copies from another session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.session import SessionInfo
from scrubber.formats.base import parse_time
from scrubber.formats.pi.records import Record, session_of_path, text_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.core.events import Draft


def header_info(header: Record, path: Path) -> SessionInfo:
    """What the first line, or in its absence the file's name, tells of the session."""
    info = SessionInfo(
        native_id=text_or_none(header.get("id")) or session_of_path(path.name),
        cwd=text_or_none(header.get("cwd")),
        model=text_or_none(header.get("modelId")),
    )
    parent = session_of_path(header.get("parentSession") or header.get("branchedFrom"))
    if parent is not None and parent != info.native_id:
        info.relation, info.parent_native_id = "fork", parent
    return info


class EntryIds:
    """The id of each entry and of its parent; entries of version 1 have none, and follow a line."""

    def __init__(self) -> None:
        self._count = 0
        self._last: str | None = None
        self._numbered: dict[int, str] = {}

    def of(self, record: Record) -> tuple[str, str | None]:
        """(id, id of the parent or None) of the next entry."""
        self._count += 1
        own = record.get("id")
        parent = record.get("parentId")
        if not isinstance(own, str):
            own = f"#{self._count}"
            self._numbered[self._count] = own
        if "parentId" not in record:
            parent = self._last
        self._last = own
        return own, parent if isinstance(parent, str) else None

    def first_kept(self, compaction: Record) -> str | None:
        """The entry that a compaction keeps first: by id, or in version 1 by number."""
        number = compaction.get("firstKeptEntryIndex")
        if isinstance(number, int):
            return self._numbered.get(number)
        return text_or_none(compaction.get("firstKeptEntryId"))


class Copies:
    """How much of a fork was copied: the entries that are older than the file."""

    def __init__(self) -> None:
        self._created: int | None = None

    def begin(self, header: Record, info: SessionInfo) -> None:
        """The facts of the session."""
        if info.relation == "fork":
            self._created = parse_time(header.get("timestamp"))

    def see(self, drafts: Sequence[Draft], events: int, info: SessionInfo) -> None:
        """Some more events, up to number ``events`` of the log."""
        if self._created is None or not drafts or drafts[0].ts is None:
            return
        if drafts[0].ts < self._created:
            info.shared = events
