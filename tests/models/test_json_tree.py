from __future__ import annotations

import gc
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from scrubber.models.json_tree import MOST_CHILDREN, JsonRole, JsonTree, range_size

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD: dict[str, Any] = {
    "type": "assistant",
    "message": {"content": [{"type": "text", "text": "Hello\n\x1b[31mred"}], "usage": {"n": 7}},
    "odd key": [],
    "none": None,
    "yes": True,
    "half": 0.5,
}


def rows(tree: JsonTree, parent: QModelIndex = QModelIndex()) -> list[QModelIndex]:
    return [tree.index(row, 0, parent) for row in range(tree.rowCount(parent))]


def walk(tree: JsonTree, parent: QModelIndex = QModelIndex()) -> Iterator[QModelIndex]:
    for index in rows(tree, parent):
        yield index
        yield from walk(tree, index)


def find(tree: JsonTree, path: str) -> QModelIndex:
    return next(index for index in walk(tree) if tree.path(index) == path)


def shown(tree: JsonTree, index: QModelIndex) -> tuple[str, str]:
    return index.data(), index.siblingAtColumn(1).data()


@pytest.mark.parametrize("value", [RECORD, [], {}, 7, "text", None, [[[[]]]], list(range(1000))])
def test_is_a_model_as_qt_wants_it(qtmodeltester, value):
    tree = JsonTree()
    qtmodeltester.check(tree, force_py=False)
    tree.set_value(value)
    assert len(list(walk(tree))) >= tree.rowCount()
    qtmodeltester.check(tree, force_py=False)
    tree.set_value(RECORD)
    tree.set_value(None)


def test_keys_and_values_in_one_line(qapp):
    tree = JsonTree()
    tree.set_value(RECORD)
    assert [shown(tree, index) for index in rows(tree)] == [
        ("type", "“assistant”"),
        ("message", "{ 2 keys }"),
        ("odd key", "[ ]"),
        ("none", "null"),
        ("yes", "true"),
        ("half", "0.5"),
    ]
    assert [index.data(JsonRole.TYPE) for index in rows(tree)] == [
        *("string", "object", "array", "word", "word", "number"),
    ]


def test_control_characters_are_shown_but_copied_as_they_are(qapp):
    tree = JsonTree()
    tree.set_value(RECORD)
    index = find(tree, "message.content[0].text")
    assert shown(tree, index)[1] == "“Hello ␛[31mred”"
    assert tree.text(index) == "Hello\n\x1b[31mred"


def test_paths_name_every_step(qapp):
    tree = JsonTree()
    tree.set_value(RECORD)
    assert "message.content[0].type" in {tree.path(index) for index in walk(tree)}
    assert tree.path(rows(tree)[2]) == '["odd key"]'
    tree.set_value([["a"]])
    assert [tree.path(index) for index in walk(tree)] == ["[0]", "[0][0]"]


def test_a_subtree_is_copied_as_json(qapp):
    tree = JsonTree()
    tree.set_value(RECORD)
    assert tree.text(find(tree, "message.usage")) == '{\n  "n": 7\n}'


@pytest.mark.parametrize("count", [MOST_CHILDREN, MOST_CHILDREN + 1, 12_345, 1_000_000])
def test_long_lists_come_in_ranges_that_hold_every_item_once(qapp, count):
    tree = JsonTree()
    tree.set_value(list(range(count)))
    assert len(rows(tree)) <= MOST_CHILDREN
    index = QModelIndex()
    wanted = random.Random(count).randrange(count)
    while True:
        index = next(i for i in rows(tree, index) if holds(tree.value(i), wanted))
        if not isinstance(tree.value(index), list):
            break
    assert tree.path(index) == f"[{wanted}]"
    assert index.data() == str(wanted)


def holds(value: Any, wanted: int) -> bool:
    return value == wanted or (isinstance(value, list) and value[0] <= wanted <= value[-1])


def test_long_objects_come_in_ranges_too(qapp):
    value = {f"key {n}": n for n in range(1000)}
    tree = JsonTree()
    tree.set_value(value)
    ranges = rows(tree)
    assert ranges[3].data() == "300 … 399"
    assert tree.value(ranges[3]) == {f"key {n}": n for n in range(300, 400)}
    assert tree.path(rows(tree, ranges[3])[0]) == '["key 300"]'
    assert ranges[3].data(JsonRole.TYPE) == "range"


def test_ranges_are_as_few_as_rows():
    assert [range_size(n) for n in (301, 30_000, 30_001, 10**7)] == [100, 100, 10_000, 10**6]


def test_a_long_list_costs_what_is_shown_of_it(qapp):
    value = {"items": [{"n": n} for n in range(300_000)], "text": "x" * 10_000_000}
    tree = JsonTree()
    began = time.perf_counter()
    tree.set_value(value)
    for index in rows(tree):
        index.siblingAtColumn(1).data()
        rows(tree, index)
    assert time.perf_counter() - began < 0.2


def test_an_index_that_qt_still_holds_does_not_crash(qapp):
    tree = JsonTree()
    tree.set_value(RECORD)
    held = QPersistentModelIndex(rows(tree)[1])
    tree.set_value([1])
    gc.collect()
    assert not held.isValid()
    assert tree.data(rows(tree)[0], Qt.ItemDataRole.DecorationRole) is None
