"""Models on a real store with the sample in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store
from scrubber.models.library import Library
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def store_path(tmp_path: Path, bundled_sample: Path) -> Path:
    path = tmp_path / "store.db"
    with open_store(path) as store:
        assert all(result.status == "new" for result in store.import_paths([bundled_sample]))
    return path


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.stop()
    tasks.deleteLater()


@pytest.fixture
def library(qtbot: QtBot, store_path: Path) -> Iterator[Library]:
    tasks = Tasks()
    library = Library(store_path, tasks)
    with qtbot.waitSignal(library.opened):
        library.open()
    yield library
    library.close()
    library.deleteLater()
    tasks.deleteLater()


@pytest.fixture
def store(library: Library) -> OpenStore:
    assert library.store is not None
    return library.store
