"""A long import as its user sees it: what is there can be read, while the rest comes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scrubber.app import create_window
from scrubber.store.writer import SourceWriter
from scrubber.transfer import walking
from tests.bench import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scrubber.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = create_window(tmp_path / "store.db")
    window.resize(1000, 700)
    with qtbot.waitSignal(window.panes.library.opened):
        window.show()
    yield window
    window.close()
    window.deleteLater()


def test_a_long_file_is_shown_as_soon_as_some_of_it_is_there(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = corpus.write(tmp_path / "session.jsonl", 1_500_000)
    commit = SourceWriter.commit

    def slowly(self: SourceWriter, *args: object, **more: object) -> object:
        time.sleep(0.2)
        return commit(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("scrubber.store.writer._BATCH_BYTES", 100_000)
    monkeypatch.setattr(SourceWriter, "commit", slowly)
    window.import_paths([source])
    panes = window.panes
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=20_000)
    assert panes.job_bar.isVisible()
    qtbot.waitUntil(lambda: panes.cursor.length > 0)
    first = panes.cursor.length
    qtbot.waitUntil(lambda: not panes.job_bar.isVisible(), timeout=30_000)
    whole = panes.library.store
    assert whole is not None
    qtbot.waitUntil(lambda: panes.cursor.length == whole.sessions()[0].events)
    assert first < panes.cursor.length  # it grew on screen


def test_a_large_file_comes_in_from_another_process(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MUCH", 100_000)
    monkeypatch.setattr(SourceWriter, "commit", None)  # in this process nothing is written
    source = corpus.write(tmp_path / "session.jsonl", 1_500_000)
    window.import_paths([source])
    panes = window.panes
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=30_000)
    qtbot.waitUntil(lambda: not panes.job_bar.isVisible(), timeout=30_000)
    assert panes.cursor.length > 200


def test_whoever_goes_elsewhere_during_an_import_is_left_there(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panes = window.panes
    window.import_paths([corpus.write(tmp_path / "small.jsonl", 20_000, seed=1)])
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=20_000)
    small = panes.open_session.session
    assert small is not None
    qtbot.waitUntil(lambda: not panes.library.jobs)
    commit = SourceWriter.commit

    def slowly(self: SourceWriter, *args: object, **more: object) -> object:
        time.sleep(0.1)
        return commit(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("scrubber.store.writer._BATCH_BYTES", 100_000)
    monkeypatch.setattr(SourceWriter, "commit", slowly)
    window.import_paths([corpus.write(tmp_path / "long.jsonl", 1_500_000)])
    qtbot.waitUntil(lambda: panes.tree.wanted != small.id, timeout=20_000)
    assert panes.library.jobs  # the one file that was asked for is shown before it is whole
    panes.show_session(small.id)
    with qtbot.waitSignal(panes.library.jobs[0].ended, timeout=30_000):
        pass
    assert panes.tree.wanted == small.id


def test_what_an_import_left_when_it_was_stopped_stays_unread(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = SourceWriter.commit

    def slowly(self: SourceWriter, *args: object, **more: object) -> object:
        time.sleep(0.2)
        return commit(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("scrubber.store.writer._BATCH_BYTES", 100_000)
    monkeypatch.setattr(SourceWriter, "commit", slowly)
    source, panes = corpus.write(tmp_path / "session.jsonl", 1_500_000), window.panes
    window.import_paths([source])
    qtbot.waitUntil(lambda: panes.open_session.session is not None, timeout=20_000)
    job, store = panes.library.jobs[0], panes.library.store
    assert store is not None
    with qtbot.waitSignal(job.ended, timeout=20_000):
        job.cancel()
    monkeypatch.setattr(SourceWriter, "commit", commit)
    events = store.sessions()[0].events
    for _ in range(3):
        panes.live_tail._look()
        qtbot.waitUntil(lambda: not panes.live_tail._busy, timeout=20_000)
    assert store.sessions()[0].events == events
    window.import_paths([source])
    qtbot.waitUntil(lambda: bool(panes.library.jobs))
    qtbot.waitUntil(lambda: not panes.library.jobs, timeout=20_000)
    assert store.sessions()[0].events > events


def test_closing_the_window_ends_an_import_in_another_process(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = corpus.write(tmp_path / "session.jsonl", 60_000_000)
    window = create_window(tmp_path / "store.db")
    with qtbot.waitSignal(window.panes.library.opened):
        window.show()
    window.import_paths([source])
    qtbot.waitUntil(lambda: window.panes.open_session.session is not None, timeout=30_000)
    window.close()
    window.deleteLater()
    import multiprocessing

    assert not multiprocessing.active_children()
