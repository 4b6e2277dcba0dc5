"""No test sees or touches what belongs to the person who runs it: paths are moved, keys hidden."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Under the home directory, as on Linux. platformdirs, Qt and the formats all go by these.
VARIABLES = {
    "HOME": "",
    "USERPROFILE": "",  # the home directory of Windows
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_RUNTIME_DIR": "run",
    "CLAUDE_CONFIG_DIR": ".claude",
    "CODEX_HOME": ".codex",
    "SCRUBBER_STORE": "scrubber/store.db",
}

# What of a user's environment would be used to ask models: nothing of it is a test's to use.
PRIVATE = ("OPENAI_", "ANTHROPIC_", "SCRUBBER_KEY_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def redirect(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "run").mkdir(mode=0o700)  # Qt warns when others may read it
    for variable, place in VARIABLES.items():
        monkeypatch.setenv(variable, str(home / place))
    for variable in list(os.environ):
        if variable.startswith(PRIVATE) or variable.lower() in PROXIES:
            monkeypatch.delenv(variable)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    redirect_settings(home)


def redirect_settings(home: Path) -> None:
    """Qt looks at the environment for its settings only once in the life of a process."""
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        ini, user = QSettings.Format.IniFormat, QSettings.Scope.UserScope
        QSettings.setPath(ini, user, str(home / VARIABLES["XDG_CONFIG_HOME"]))


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For what outlives a test, such as the QApplication."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        redirect(monkeypatch, tmp_path_factory.mktemp("session-home"))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home directory during this test: empty, and beside tmp_path rather than in it."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as monkeypatch:
        redirect(monkeypatch, folder)
        _redirect_settings(folder)
        yield folder


def _redirect_settings(home: Path) -> None:
    """Qt looks once where a user's settings are, and remembers it for all tests to come."""
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        place = home / VARIABLES["XDG_CONFIG_HOME"]
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place))
