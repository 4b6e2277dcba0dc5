"""The user's paths are moved, tests with a QApplication are marked, the header names versions."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from hypothesis import settings
from PySide6.QtCore import QStandardPaths

from tests.helpers.session import pytest_report_header
from tests.helpers.user_paths import VARIABLES

if TYPE_CHECKING:
    import pytest

    from tests.harness.conftest import Run

MARKS = """
def test_with_qtbot(qtbot, request):
    assert request.node.get_closest_marker("gui")

def test_without_qt(request):
    assert not request.node.get_closest_marker("gui")

def test_misspelt(request):
    request.node.add_marker("giu")
"""


def test_every_path_of_the_user_is_moved(home: Path) -> None:
    paths = [
        Path.home(),
        Path("~/x").expanduser(),
        platformdirs.user_data_path("scrubber"),
        platformdirs.user_config_path("scrubber"),
        platformdirs.user_cache_path("scrubber"),
        Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)),
        *(Path(os.environ[name]) for name in VARIABLES),
    ]
    assert [path for path in paths if not path.is_relative_to(home)] == []


def test_home_is_empty_and_private(home: Path, tmp_path: Path) -> None:
    assert [path.name for path in home.iterdir()] == ["run"]
    assert stat.S_IMODE((home / "run").stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == []


def test_marks(run: Run) -> None:
    outcomes = run(MARKS)
    assert outcomes["test_with_qtbot"] == outcomes["test_without_qt"] == ""
    assert "'giu' not found in `markers`" in outcomes["test_misspelt"]


def test_header_names_versions() -> None:
    for name in ("Python 3.", "Qt 6.", "PySide6 6.", "SQLite 3.", "sqlite-utils 4."):
        assert name in pytest_report_header()


def test_no_deadline_on_busy_machines() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None


def test_real_transcripts_can_be_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run
) -> None:
    there = "def test_it(shared_data):\n    assert shared_data.name == 'elsewhere'\n"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("SCRUBBER_TEST_DATA", str(tmp_path / "elsewhere"))
    assert run(there) == {"test_it": ""}
    monkeypatch.setenv("SCRUBBER_TEST_DATA", str(tmp_path / "nowhere"))
    assert "skipped: no real transcripts here" in run(there)["test_it"]
