from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from scrubber.api import OpenStore, open_store
from scrubber.core.session import Changes
from scrubber.models.library import Library
from scrubber.models.session_tree import PAGE, SessionTree

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot


@pytest.fixture
def tree(qtbot: QtBot, library: Library, qtmodeltester: ModelTester) -> SessionTree:
    assert library.store is not None
    tree = SessionTree(library.tasks, library)
    qtmodeltester.check(tree)
    with qtbot.waitSignal(tree.filled):
        tree.set_store(library.store)
    return tree


def titles(tree: SessionTree, parent: QModelIndex | None = None) -> list[str]:
    above = parent or QModelIndex()
    return [
        tree.index(row, 0, above).data(Qt.ItemDataRole.DisplayRole)
        for row in range(tree.rowCount(above))
    ]


def open_row(qtbot: QtBot, tree: SessionTree, index: QModelIndex) -> None:
    """As a view does; the model tester may have done it already."""
    if tree.canFetchMore(index):
        tree.fetchMore(index)
    qtbot.waitUntil(lambda: tree.rowCount(index) > 0)


def test_children_are_read_when_their_parent_is_opened(qtbot: QtBot, tree: SessionTree) -> None:
    top = tree.index(0, 0)
    assert tree.hasChildren(top)
    open_row(qtbot, tree, top)
    assert titles(tree, top) == ["Investigate session middleware"]
    assert not tree.canFetchMore(top)


def test_a_fork_appears_below_its_parent_and_goes_with_it(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    parent = tree.session_at(top)
    assert parent is not None
    fork = store.fork(parent.id, 26, title="try again")
    with qtbot.waitSignal(tree.rowsInserted):
        tree.apply(fork.changes)
    assert titles(tree, top) == ["Investigate session middleware", "try again"]
    with qtbot.waitSignal(tree.rowsRemoved):
        tree.apply(store.delete(parent.id))
    assert tree.rowCount() == 0
    with qtbot.waitSignal(tree.rowsInserted):
        tree.apply(store.restore(parent.id))
    assert titles(tree) == ["Keep the cart through login"]


def test_reveal_brings_a_deep_fork_into_the_tree(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    root = tree.session_at(tree.index(0, 0))
    assert root is not None
    below = store.fork(store.fork(root.id, 100).session.id, 50, title="deep").session
    tree.reload()
    with qtbot.waitSignal(tree.filled):
        pass
    with qtbot.waitSignal(tree.found) as found:
        tree.reveal(below.id)
    assert found.args == [below.id]
    index = tree.index_of(below.id)
    assert index.data() == "deep"
    assert index.parent().parent() == tree.index(0, 0)


def test_the_filter_finds_forks_too_and_escapes_wildcards(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    root = tree.session_at(tree.index(0, 0))
    assert root is not None
    store.fork(root.id, 10, title="100% sure")
    for words, expected in (
        ("100% SURE", ["100% sure"]),
        ("100_", []),
        ("cart login", [root.title]),
    ):
        with qtbot.waitSignal(tree.filled):
            tree.set_filter(words)
        assert titles(tree) == expected


def test_a_parent_that_is_filtered_out_leaves_its_children_to_the_next_above(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    root = tree.session_at(tree.index(0, 0))
    assert root is not None
    one = store.fork(root.id, 100, title="cart, without tests").session
    between = store.fork(one.id, 80, title="something else").session
    deep = store.fork(between.id, 50, title="cart, with tests").session
    with qtbot.waitSignal(tree.filled):
        tree.set_filter("cart")
    assert titles(tree) == [root.title]
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    assert titles(tree, top) == [one.title]
    below = tree.index(0, 0, top)
    open_row(qtbot, tree, below)
    assert titles(tree, below) == [deep.title]
    assert not tree.hasChildren(tree.index(0, 0, below))
    changes = store.rename(between.id, "cart, too")
    tree.apply(changes)
    qtbot.waitUntil(lambda: titles(tree, tree.index(0, 0, tree.index(0, 0))) == ["cart, too"])


def test_refreshing_keeps_what_is_open_and_follows_the_store(
    qtbot: QtBot, tree: SessionTree, store: OpenStore, tmp_path: Path
) -> None:
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    held = QPersistentModelIndex(tree.index(0, 0, top))
    newer = tmp_path / "newer.jsonl"
    newer.write_text(
        '{"type":"user","uuid":"u","parentUuid":null,"sessionId":"s","timestamp":'
        '"2099-01-01T00:00:00Z","message":{"role":"user","content":"from the future"}}\n'
    )
    list(store.import_paths([newer]))
    tree.refresh()
    qtbot.waitUntil(lambda: tree.rowCount() == 2)
    assert titles(tree) == ["from the future", "Keep the cart through login"]
    assert held.isValid()
    assert held.data() == "Investigate session middleware"
    store.delete(store.roots()[0].id)
    tree.refresh()
    qtbot.waitUntil(lambda: tree.rowCount() == 1)
    assert held.isValid()


def test_refreshing_shows_forks_of_others_and_moves_what_has_changed(
    qtbot: QtBot, tree: SessionTree, store: OpenStore, tmp_path: Path
) -> None:
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    held = QPersistentModelIndex(top)
    root = tree.session_at(top)
    assert root is not None
    store.fork(root.id, 26, title="by another program")
    newer = tmp_path / "newer.jsonl"
    newer.write_text('{"messages":[{"role":"user","content":"a newer one"}]}\n')
    list(store.import_paths([newer]))
    tree.refresh()
    qtbot.waitUntil(lambda: tree.rowCount() == 2)
    assert titles(tree, tree.index_of(root.id)) == [
        "by another program",
        "Investigate session middleware",
    ]
    tree._order = "title"  # as if the store had another order by now
    tree.refresh()
    qtbot.waitUntil(lambda: titles(tree)[0] == "a newer one")
    assert held.isValid()
    assert held.data() == root.title


def test_the_session_that_is_shown_stays_however_many_come_before_it(
    qtbot: QtBot,
    tree: SessionTree,
    store: OpenStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scrubber.models.session_tree.PAGE", 3)
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    held = QPersistentModelIndex(tree.index(0, 0, top))
    child, root = tree.session_at(tree.index(0, 0, top)), tree.session_at(top)
    assert child is not None
    assert root is not None
    tree.kept = child.id
    for number in range(5):
        newer = tmp_path / f"{number}.jsonl"
        newer.write_text(f'{{"messages":[{{"role":"user","content":"newer {number}"}}]}}\n')
        list(store.import_paths([newer]))
    tree.refresh()
    qtbot.waitUntil(lambda: tree.rowCount() == 4)  # a page, and what it hangs below
    assert held.isValid()
    assert tree.index_of(root.id).row() == 3
    with qtbot.waitSignal(tree.rowsInserted):
        tree.read_more()
    assert len(set(titles(tree))) == tree.rowCount() == 6
    store.delete(root.id)
    tree.refresh()
    qtbot.waitUntil(lambda: tree.rowCount() == 5)
    assert not held.isValid()


def test_a_renamed_session_shows_its_new_title(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    root = tree.session_at(tree.index(0, 0))
    assert root is not None
    with qtbot.waitSignal(tree.dataChanged):
        tree.apply(store.rename(root.id, "another"))
    assert titles(tree) == ["another"]


def test_roots_come_in_pages(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    line = (
        '{"type":"user","uuid":"%d","parentUuid":null,"sessionId":"s",'
        '"message":{"role":"user","content":"session %03d"}}\n'
    )
    for number in range(PAGE + 30):
        (folder / f"{number}.jsonl").write_text(line % (number, number))
    with open_store(tmp_path / "many.db") as store:
        list(store.import_paths([folder]))
    from scrubber.models.tasks import Tasks

    tasks = Tasks()
    library = Library(tmp_path / "many.db", tasks)
    with qtbot.waitSignal(library.opened):
        library.open()
    assert library.store is not None
    tree = SessionTree(tasks, library)
    with qtbot.waitSignal(tree.filled):
        tree.set_store(library.store)
    assert tree.rowCount() == PAGE
    assert not tree.canFetchMore(QModelIndex()), "a view would read all of them at once"
    last = library.store.page(start=PAGE + 29, count=1)[0]
    with qtbot.waitSignal(tree.found):
        tree.reveal(last.id)
    assert tree.rowCount() == PAGE + 1
    tree.refresh()
    qtbot.waitUntil(lambda: tasks.idle)
    assert tree.index_of(last.id).row() == PAGE
    with qtbot.waitSignal(tree.rowsInserted):
        tree.read_more()
    assert tree.rowCount() == PAGE + 30
    assert len(set(titles(tree))) == PAGE + 30
    library.close()
    library.deleteLater()
    tasks.deleteLater()


def test_nothing_changes_for_an_empty_change(tree: SessionTree) -> None:
    before = titles(tree)
    tree.apply(Changes())
    assert titles(tree) == before


def test_many_changes_that_come_together_are_shown_together(
    qtbot: QtBot, tree: SessionTree, store: OpenStore
) -> None:
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    parent = tree.session_at(top)
    assert parent is not None
    inserted: list[int] = []
    tree.rowsInserted.connect(lambda _above, first, last: inserted.append(last - first + 1))
    forks = [store.fork(parent.id, 20, title=f"branch {number}") for number in range(40)]
    for fork in forks:
        tree.apply(fork.changes)
    qtbot.waitUntil(lambda: sum(inserted) == 40)
    assert len(inserted) <= 2, "a view lays out all of its rows for each"
    made = {fork.session.title: fork.session.created for fork in forks}  # some in one millisecond
    assert [made[title] for title in titles(tree, top)[-40:]] == sorted(made.values())
    tree.refresh()
    qtbot.waitUntil(lambda: tree._tasks.idle)
    assert sum(inserted) == 40


def test_a_new_order_of_rows_is_merged_in_one_go(qtbot: QtBot, tree: SessionTree) -> None:
    top = tree.index(0, 0)
    open_row(qtbot, tree, top)
    parent = tree._node(top)
    one = parent.children[0].session
    assert one is not None
    fresh = [replace(one, id=f"{number}", title=f"{number}") for number in range(9)]
    inserted: list[tuple[int, int]] = []
    tree.rowsInserted.connect(lambda _above, first, last: inserted.append((first, last)))
    tree._merge_children(parent, [*fresh[:4], one, *fresh[4:]])
    assert inserted == [(0, 3), (5, 9)]
    assert [node.row for node in parent.children] == list(range(10))
    tree._merge_children(parent, [*fresh[::-1], one])
    assert len(inserted) == 2
    assert titles(tree, top) == [*(str(number) for number in range(8, -1, -1)), one.title]
    tree._merge_children(parent, [one])
    assert titles(tree, top) == [one.title]
