"""Where pi keeps its sessions."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = "PI_CODING_AGENT_SESSION_DIR"


def sessions_folder() -> Path:
    """``$PI_CODING_AGENT_SESSION_DIR``; else ``sessions`` in pi's own folder."""
    if os.environ.get(SESSIONS):
        return environment_folder(SESSIONS)
    return environment_folder("PI_CODING_AGENT_DIR", ".pi", "agent") / "sessions"


def project_folder(cwd: str) -> Path:
    """The folder for the sessions of a project; a folder of the person's choice has no others."""
    if os.environ.get(SESSIONS):
        return sessions_folder()
    name = re.sub(r"[/\\:]", "-", re.sub(r"^[/\\]", "", cwd))
    return sessions_folder() / f"--{name}--"
