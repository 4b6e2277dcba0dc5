"""The rules every test lives under; each plugin says what it is for."""

from __future__ import annotations

import os

# No windows in front of whoever runs the tests, unless asked: QT_QPA_PLATFORM=xcb pytest …
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = [
    "pytester",
    "tests.helpers.leaks",
    "tests.helpers.logs",
    "tests.helpers.user_paths",
    "tests.helpers.data",
    "tests.helpers.parrot",
    "tests.helpers.session",
]
