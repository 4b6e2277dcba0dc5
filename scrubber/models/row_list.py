"""A list of rows that is replaced again and again while one scrubs; what stays is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from PySide6.QtCore import QObject

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row, in words; how it looks is the view's."""

    key: Hashable
    """The same for the same thing in the next list."""
    text: str
    amount: str = ""
    """Stands at the right."""
    icon: str = ""
    tone: str = ""
    """What kind of thing it is, for its colour."""
    share: float = 0.0
    """How much it is of the whole, 0…1; drawn as a line below it."""
    target: int | None = None
    """Where the playhead goes when the row is chosen; None: nowhere."""
    is_heading: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are made when they are looked at: of thousands, a page is."""

    keys: tuple[Hashable, ...] = ()
    make: Callable[[int], ListRow] | None = None
    """Gives the row with a number."""

    @classmethod
    def of(cls, rows: Iterable[ListRow]) -> Rows:
        """Rows that are there already."""
        made = tuple(rows)
        return cls(tuple(row.key for row in made), made.__getitem__)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, number: int) -> ListRow:
        if self.make is None or not 0 <= number < len(self.keys):
            raise IndexError(number)
        return self.make(number)


class RowRole(IntEnum):
    """What the model gives of a row beside its text."""

    ROW = Qt.ItemDataRole.UserRole + 1


class RowList(QAbstractListModel):
    """The rows; ``set_rows`` tells views no more than what has changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows()

    def set_rows(self, rows: Rows) -> None:
        """Show other rows: those that both begin with stay, the rest goes and comes."""
        same = _common(self.rows.keys, rows.keys)
        if same < len(self.rows):
            self.beginRemoveRows(QModelIndex(), same, len(self.rows) - 1)
            self.rows = replace(self.rows, keys=self.rows.keys[:same])
            self.endRemoveRows()
        if same < len(rows):
            self.beginInsertRows(QModelIndex(), same, len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
        self.rows = rows
        if same:
            self.dataChanged.emit(self.index(0), self.index(same - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row's text, its tip, or all of it."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == RowRole.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.text} {row.amount}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if index.isValid() and self.rows[index.row()].is_heading:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index)


def _common(one: tuple[Hashable, ...], other: tuple[Hashable, ...]) -> int:
    """How many keys both begin with; where one goes on with the other, without looking at each."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    pairs = zip(one, other, strict=False)
    return next(at for at, (mine, its) in enumerate(pairs) if mine != its)
