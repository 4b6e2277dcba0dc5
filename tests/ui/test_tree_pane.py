from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.app import create_window
from scrubber.ui.tree.pane import SessionView

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
    assert not asked
    assert len(panes.tree.selected()) == 1
    window.close()
    window.deleteLater()
