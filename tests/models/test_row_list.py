from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.models.row_list import ListRow, RowList, RowRole, Rows

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester


def rows(*keys: str, amount: str = "") -> Rows:
    return Rows.of(ListRow(key, f"row {key}", amount) for key in keys)


def test_what_stays_the_same_is_kept(qtmodeltester: ModelTester) -> None:
    model = RowList()
    qtmodeltester.check(model)
    told: list[str] = []
    model.rowsInserted.connect(lambda _, first, last: told.append(f"+{first}…{last}"))
    model.rowsRemoved.connect(lambda _, first, last: told.append(f"-{first}…{last}"))
    model.set_rows(rows("a", "b", "c"))
    model.set_rows(rows("a", "b", "c", "d"))
    model.set_rows(rows("a", "x", "d"))
    model.set_rows(rows())
    assert told == ["+0…2", "+3…3", "-1…3", "+1…2", "-0…2"]


def test_a_row_that_says_something_else_is_told(qtmodeltester: ModelTester) -> None:
    model = RowList()
    model.set_rows(rows("a", "b"))
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    model.set_rows(rows("a", "b", amount="7"))
    assert changed == [(0, 1)]
    assert model.index(1).data() == "row b"
    assert model.index(1).data(RowRole.ROW).amount == "7"
    qtmodeltester.check(model)


def test_rows_are_made_when_they_are_looked_at() -> None:
    made: list[int] = []

    def make(number: int) -> ListRow:
        made.append(number)
        return ListRow(number, f"row {number}")

    model = RowList()
    model.set_rows(Rows(tuple(range(10_000)), make))
    assert model.rowCount() == 10_000
    assert made == []
    assert model.index(77).data() == "row 77"
    assert made == [77]
    with pytest.raises(IndexError):
        model.rows[10_000]
