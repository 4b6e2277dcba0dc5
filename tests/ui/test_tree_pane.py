from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.app import create_window
from scrubber.core.session import Changes
from scrubber.ui.tree.view import SessionView
from tests.bench import corpus

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from PySide6.QtCore import QModelIndex, QRect
    from pytestqt.qtbot import QtBot


def test_new_rows_do_not_have_the_tree_laid_out_for_a_single_selected_one(
    qtbot: QtBot, tmp_path: Path, bundled_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = create_window(tmp_path / "store.db")
    window.import_paths([bundled_sample])
    window.show()
    panes = window.panes
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: panes.tasks.idle)
    session, store = panes.open_session.session, panes.library.store
    assert session is not None
    assert store is not None
    assert len(panes.tree.selected()) == 1
    asked: list[QModelIndex] = []
    real = SessionView.visualRect

    def visual_rect(view: SessionView, index: QModelIndex) -> QRect:
        asked.append(index)
        return real(view, index)

    monkeypatch.setattr(SessionView, "visualRect", visual_rect)
    panes.library.changed.emit(store.fork(session.id, 3, title="a branch").changes)
    qtbot.waitUntil(lambda: panes.tasks.idle)
    assert len(asked) <= 1  # before they came: whether the selected row is in sight
    assert len(panes.tree.selected()) == 1
    window.close()
    window.deleteLater()


def test_the_selected_row_stays_in_sight_when_rows_come_and_move(
    qtbot: QtBot, tmp_path: Path, bundled_sample: Path
) -> None:
    window = create_window(tmp_path / "store.db")
    window.resize(900, 500)
    window.import_paths([bundled_sample])
    window.show()
    panes, view = window.panes, window.panes.tree.view
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: panes.tasks.idle)
    store, chosen = panes.library.store, panes.tree.chosen()
    assert store is not None
    assert chosen is not None
    last = Changes()
    for seed in range(30):
        source = corpus.write(tmp_path / "more" / f"{seed}.jsonl", 2_000, seed=seed)
        added = frozenset(one.session for one in store.import_paths(source) if one.session)
        last |= Changes(added=added)
    panes.library.changed.emit(last)
    qtbot.waitUntil(lambda: panes.tree_model.rowCount() > 30)

    def in_sight() -> bool:
        now = panes.tree.chosen()
        place = view.visualRect(view.currentIndex())
        return now is not None and now.id == chosen.id and view.viewport().rect().intersects(place)

    qtbot.waitUntil(in_sight)  # all the others stand above it
    store.rename(chosen.id, "!")  # goes first
    panes.tree_model.set_order("title")
    qtbot.waitUntil(lambda: panes.tasks.idle and view.currentIndex().row() == 0 and in_sight())
    store.rename(chosen.id, "~~~")  # goes last
    panes.library.changed.emit(None)  # all the others move to above it
    qtbot.waitUntil(lambda: panes.tasks.idle and view.currentIndex().row() >= 30)
    qtbot.waitUntil(in_sight)
    store.rename(chosen.id, "!")
    store.delete(store.page("", "title", 5, 1)[0].id)
    panes.library.changed.emit(None)  # one goes, and then it moves
    qtbot.waitUntil(lambda: panes.tasks.idle and view.currentIndex().row() == 0)
    qtbot.waitUntil(in_sight)
    view.verticalScrollBar().setValue(10_000)
    where = view.verticalScrollBar().value()
    panes.library.changed.emit(store.fork(chosen.id, 3, title="a branch").changes)
    qtbot.waitUntil(lambda: panes.tasks.idle)
    qtbot.wait(50)
    assert view.verticalScrollBar().value() == where  # whoever looks elsewhere is left there
    window.close()
    window.deleteLater()
