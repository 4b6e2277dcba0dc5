"""What a search found as a list: sessions, and below each its hits."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from scrubber.core.ages import count
from scrubber.core.visible import visible

if TYPE_CHECKING:
    from scrubber.transfer.searching import Hit

Index = QModelIndex | QPersistentModelIndex

MANY = 5
"""Hits of one session that a search gives: with so many there may be more."""


class HitRole(IntEnum):
    """Data of a row beside its text."""

    ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(slots=True)
class Group:
    """A session and its hits, by their place in it."""

    session: str
    title: str
    relation: str
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """The head of a group, a hit of it, or, with ``more``, what leads to all hits of it."""

    group: Group
    hit: Hit | None = None
    more: bool = False


class HitList(QAbstractListModel):
    """Groups in the order in which they were found; the hits of each by their index."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[str, Group] = {}
        self._rows: list[Row] = []
        self.hits = 0

    @property
    def sessions(self) -> int:
        """How many sessions have hits."""
        return len(self._groups)

    def clear(self) -> None:
        """Forget everything."""
        if self._rows:
            self.beginResetModel()
            self._groups, self._rows = {}, []
            self.endResetModel()
        self.hits = 0

    def add(self, hits: list[Hit]) -> None:
        """Put hits below their sessions."""
        for hit in hits:
            self._add(hit)
        self.hits += len(hits)

    def _add(self, hit: Hit) -> None:
        group, home = self._groups.get(hit.session), hit.branches[0]
        if group is None:
            group = self._groups[hit.session] = Group(home.session, home.title, home.relation)
            self._insert(len(self._rows), Row(group))
        first = next(at for at, row in enumerate(self._rows) if row.group is group) + 1
        place = sum(other.event.index < hit.event.index for other in group.hits)
        group.hits.insert(place, hit)
        self._insert(first + place, Row(group, hit))
        if len(group.hits) == MANY:
            self._insert(first + MANY, Row(group, more=True))
        head = self.index(first - 1, 0)
        self.dataChanged.emit(head, head)

    def _insert(self, at: int, row: Row) -> None:
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self.endInsertRows()

    def row(self, number: int) -> Row | None:
        """What stands in a row."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def next_hit(self, number: int, by: int) -> int | None:
        """The next row with a hit behind a row, or in front of it; None if there is none."""
        at = number + by
        while 0 <= at < len(self._rows):
            if self._rows[at].hit is not None:
                return at
            at += by
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Rows that there are so far."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads are read, all else can be chosen."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if row.hit is None and not row.more:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, or the Row."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return text_of(row)
        if role == Qt.ItemDataRole.ToolTipRole and row.hit is not None:
            return branches_of(row.hit)
        return row if role == HitRole.ROW else None


def text_of(row: Row) -> str:
    """A row in words."""
    if row.hit is None:
        return "All hits in this session…" if row.more else visible(row.group.title or "untitled")
    event = row.hit.event
    kind = event.kind.label.replace("_", " ")
    return visible(f"#{event.index + 1:,} {kind}: {row.hit.snippet.text}")


def branches_of(hit: Hit) -> str:
    """Which sessions have the event, in words; nothing where it is only one."""
    others = [branch.title or "untitled" for branch in hit.branches[1:]]
    if not others:
        return ""
    named = "\n".join(visible(title)[:80] for title in others[:12])
    more = f"\nand {len(others) - 12:,} more" if len(others) > 12 else ""
    return f"Shared with {count(len(others), 'branch', 'branches')}:\n{named}{more}"
