from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()
