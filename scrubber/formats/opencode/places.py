"""Where OpenCode keeps its data."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """``$XDG_DATA_HOME/opencode``, or ``~/.local/share/opencode``, on every system."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "opencode"
