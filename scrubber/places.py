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


def config_folder() -> Path:
    """Where this system keeps what a user has set for a program; not made here."""
    from platformdirs import user_config_path

    return user_config_path("scrubber", appauthor=False)


def log_folder() -> Path:
    """Where this system keeps what programs log."""
    from platformdirs import user_log_path

    return user_log_path("scrubber", appauthor=False)
