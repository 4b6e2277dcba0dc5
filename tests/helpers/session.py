"""Once per run: versions in the header, hypothesis profiles, the mark `gui`."""

from __future__ import annotations

import os
import platform
import signal
import sqlite3
from importlib.metadata import version

import pytest
from hypothesis import settings
from PySide6.QtCore import qVersion

# Machines that run tests are often busy, hence no deadline. On a build server a change should be
# judged by the change, not by luck; at home luck may find something new.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=200, print_blob=True)
settings.register_profile("dev", deadline=None, max_examples=50)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs that tests start: started in the background, nothing would."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> str:
    return " · ".join(
        [
            f"Python {platform.python_version()}",
            f"Qt {qVersion()}",
            f"PySide6 {version('PySide6_Essentials')}",
            f"SQLite {sqlite3.sqlite_version}",
            f"sqlite-utils {version('sqlite-utils')}",
        ]
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "qapp" in getattr(item, "fixturenames", ()):  # qtbot asks for qapp
            item.add_marker(pytest.mark.gui)
