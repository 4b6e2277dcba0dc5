"""Where this program keeps its data."""

from __future__ import annotations

import os
from pathlib import Path


def default_store_path() -> Path:
    """``$SCRUBBER_STORE``, or ``scrubber.db`` where this system keeps a program's data."""
    if path := os.environ.get("SCRUBBER_STORE"):
        return Path(path)
    from platformdirs import user_data_path

    return user_data_path("scrubber", appauthor=False) / "scrubber.db"
