from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store
from tests.bench import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """An empty store."""
    with open_store(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def session(store: OpenStore, tmp_path: Path) -> str:
    """A session of 200 events."""
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(corpus.lines("api", 200, 0.05)))
    (result,) = store.import_paths([path])
    return str(result.session)
