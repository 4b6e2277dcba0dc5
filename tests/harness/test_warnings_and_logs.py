"""Warnings of Python, of Qt and in the log fail a test, unless it expects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.harness.conftest import Run

WARNINGS = """
import logging, threading, warnings
import pytest
from PySide6.QtCore import QObject, Signal, qWarning
from PySide6.QtWidgets import QWidget

def test_warning():
    warnings.warn("old ways", DeprecationWarning)

def test_expected_warning():
    with pytest.warns(DeprecationWarning, match="old ways"):
        warnings.warn("old ways", DeprecationWarning)

def test_qt_warning():
    qWarning("QPainter::begin: not today")

def test_exception_in_thread():
    thread = threading.Thread(target=int, args=("x",))
    thread.start()
    thread.join()

def test_exception_in_event_handler(qtbot):
    class Widget(QWidget):
        def showEvent(self, event):
            raise ValueError("in the handler")
    widget = Widget()
    qtbot.addWidget(widget)
    widget.show()

def test_log():
    logging.getLogger("scrubber.store").warning("disk is %s", "full")

def test_log_in_fixture(request):
    request.addfinalizer(lambda: logging.error("too late"))

def test_quiet_log():
    logging.getLogger("scrubber.store").info("disk is fine")

def test_expected_log(expect_log):
    expect_log("disk is (full|slow)")
    logging.warning("disk is full")
    logging.warning("disk is slow")

def test_expected_log_that_does_not_come(expect_log):
    expect_log("disk is full")

def test_other_log_than_expected(expect_log):
    expect_log("disk is full")
    logging.warning("disk is full")
    logging.warning("disk is gone")
"""


def test_each_kind_of_warning(run: Run) -> None:
    outcomes = run(WARNINGS)
    for name, words in {
        "test_warning": "DeprecationWarning: old ways",
        "test_qt_warning": "Qt messages with level WARNING or above emitted",
        "test_exception_in_thread": "PytestUnhandledThreadExceptionWarning",
        "test_exception_in_event_handler": "showEvent(): in the handler",
        "test_log": "unexpected log record: WARNING scrubber.store: disk is full",
        "test_log_in_fixture": "unexpected log record: ERROR root: too late",
        "test_expected_log_that_does_not_come": "expected log record did not come: disk is full",
        "test_other_log_than_expected": "unexpected log record: WARNING root: disk is gone",
    }.items():
        assert words in outcomes.pop(name)
    assert set(outcomes.values()) == {""}, "the others do nothing wrong"
