"""What outlives a test fails it; what is put away, or was there before, does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.harness.conftest import Run

LEAKS = """
import sqlite3, threading, time
import pytest, sqlite_utils
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget
from tests.helpers import leaks

leaks.GRACE = 0.3
kept = []

@pytest.fixture(scope="module")
def module_wide():
    with sqlite_utils.Database(memory=True) as database:
        yield database

def test_thread():
    threading.Thread(target=time.sleep, args=(3,), name="sleeper").start()

def test_thread_about_to_end():
    threading.Thread(target=time.sleep, args=(0.1,)).start()

class Sleeper(QThread):
    def run(self):
        time.sleep(1)

@pytest.fixture(scope="module")
def sleeper(qapp):
    thread = Sleeper(objectName="worker")
    yield thread
    thread.wait()

def test_qthread(sleeper):
    sleeper.start()

def test_timer(qapp):
    QTimer(qapp, objectName="ticker").start(60_000)

def test_single_shot(qapp):
    QTimer.singleShot(60_000, print)

def test_stopped_timer(qapp):
    timer = QTimer(qapp)
    timer.start(60_000)
    timer.stop()

def test_window(qapp):
    kept.append(QWidget(windowTitle="forgotten"))
    kept[-1].show()

def test_closed_window(qtbot):
    kept.append(QWidget())
    qtbot.addWidget(kept[-1])
    kept[-1].show()

def test_connection(tmp_path):
    kept.append(sqlite3.connect(tmp_path / "a.db"))

def test_forgotten_connection(tmp_path):
    sqlite_utils.Database(tmp_path / "a.db").table("t").insert({"a": 1})

def test_closed_connection(tmp_path):
    with sqlite_utils.Database(tmp_path / "a.db") as database:
        database.table("t").insert({"a": 1})

def test_wider_fixture(module_wide):
    module_wide.table("t").insert({"a": 1})

def test_failing_anyway(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db")
    raise AssertionError("the first thing to mend")
"""


def test_each_kind_of_leak(run: Run) -> None:
    outcomes = run(LEAKS)
    for name, words in {
        "test_thread": "left behind: thread 'sleeper'",
        "test_qthread": "left behind: QThread 'worker'",
        "test_timer": "left behind: QTimer 'ticker', every 60000 ms",
        "test_single_shot": "left behind: QTimer",
        "test_window": "left behind: window QWidget 'forgotten'",
        "test_connection": "left behind: SQLite connection opened in",
        "test_forgotten_connection": "test_inner.py:",
        "test_failing_anyway": "the first thing to mend",
    }.items():
        assert words in outcomes[name]
        assert ("left behind" in outcomes.pop(name)) == (name != "test_failing_anyway")
    assert set(outcomes.values()) == {""}, "the others clean up"
