from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.sessions import Sessions


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """An empty store."""
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def runtime(store: OpenStore) -> Sessions:
    """Its sessions, as a runtime has them."""
    return store.runtime
