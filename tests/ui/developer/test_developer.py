from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtWidgets import QWidget

from scrubber.ui.developer import FrameOverlay, Watchdog
from scrubber.ui.developer.stacks import stack_of


@pytest.fixture
def window(qtbot):
    window = QWidget()
    window.resize(400, 300)
    qtbot.addWidget(window)
    return window


def dawdle(seconds: float) -> None:
    time.sleep(seconds)


def test_a_stall_is_logged_with_what_caused_it_and_with_its_length(
    qtbot, window, caplog, expect_log
):
    expect_log("does not answer")
    expect_log("answers again")
    watchdog = Watchdog(window)
    watchdog.start()
    qtbot.wait(30)
    dawdle(0.3)
    ended = "answers again"
    qtbot.waitUntil(lambda: any(ended in r.message and r.args[0] > 250 for r in caplog.records))
    watchdog.stop()
    stacks = [r.message for r in caplog.records if "does not answer" in r.message]
    assert any("dawdle" in stack for stack in stacks)


class Painter:
    """Like Qt's, it must end on the thread that made it."""

    def __init__(self, ended: set[int]) -> None:
        self.ended = ended

    def __del__(self) -> None:
        self.ended.add(threading.get_ident())


def test_looking_at_a_stack_keeps_nothing_of_it_alive():
    ended: set[int] = set()
    stop, here = threading.Event(), threading.get_ident()

    def look() -> None:
        while not stop.is_set():
            seen.append(stack_of(here))

    def paint() -> None:
        painter = Painter(ended)
        assert painter.ended is ended
        sum(range(200))

    seen: list[str] = []
    looking = threading.Thread(target=look)
    looking.start()
    until = time.monotonic() + 1
    while time.monotonic() < until:
        paint()
    stop.set()
    looking.join()
    assert any(", in paint" in stack for stack in seen)
    assert ended == {here}


def test_the_watch_ends_with_the_window(qtbot):
    window = QWidget()
    watchdog = Watchdog(window)
    thread = watchdog._thread
    thread.start()
    window.deleteLater()
    qtbot.waitUntil(lambda: not thread.is_alive())


def test_frames_are_timed_and_the_overlay_keeps_its_corner(qtbot, window):
    overlay = FrameOverlay(window)
    window.show()
    qtbot.waitExposed(window)
    for _ in range(5):
        window.update()
        qtbot.wait(20)
    assert len(overlay.frames) >= 5
    assert all(0 < spent < 5_000 for spent in overlay.frames)
    assert "worst" in overlay.summary()
    window.resize(700, 300)
    qtbot.waitUntil(lambda: overlay.geometry().right() == 700 - 12 - 1)


def test_a_window_at_rest_is_left_at_rest(qtbot, window):
    overlay = FrameOverlay(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.wait(600)
    before = len(overlay.frames)
    qtbot.wait(800)
    assert len(overlay.frames) <= before + 1
