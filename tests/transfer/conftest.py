from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """An empty store."""
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[OpenStore]:
    """Another empty store, to compare with."""
    with open_store(tmp_path / "other.db") as opened:
        yield opened
