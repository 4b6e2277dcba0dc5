from __future__ import annotations

import signal

import pytest
from PySide6.QtWidgets import QWidget

from scrubber.ui import interrupts


@pytest.fixture
def handler():
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def test_the_first_interrupt_closes_the_window_the_second_ends_the_program(qtbot, handler):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with interrupts.closing(window):
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
        qtbot.waitUntil(lambda: not window.isVisible())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.set_wakeup_fd(-1) == -1


def test_what_is_ignored_stays_so(qtbot, handler):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with interrupts.closing(window):
        signal.raise_signal(signal.SIGINT)
        qtbot.wait(50)
        assert window.isVisible()
