"""Where Claude Code keeps its sessions, and in which folder it looks for those of a project."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING

from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 200
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def projects_folder() -> Path:
    """``$CLAUDE_CONFIG_DIR/projects``, or ``~/.claude/projects``."""
    return environment_folder("CLAUDE_CONFIG_DIR", ".claude") / "projects"


def project_name(cwd: str) -> str:
    """The name of the folder for the sessions of a project: its real path, signs as ``-``.

    Every UTF-16 unit counts, so an emoji gives two. What would be too long is cut, and told apart
    by a hash of the whole path: rule and hash were tried with version 2.1.329.
    """
    path = unicodedata.normalize("NFC", os.path.realpath(cwd))
    units = path.encode("utf-16-le", "surrogatepass")
    text = "".join(chr(unit) for unit in memoryview(units).cast("H"))
    name = re.sub("[^A-Za-z0-9]", "-", text)
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST]}-{_base_36(abs(_hash(text)))}"


def _hash(text: str) -> int:
    """Java's hash of a string, a signed number of 32 bits."""
    value = 0
    for unit in text:
        value = (value * 31 + ord(unit)) & 0xFFFFFFFF
    return value - 2**32 if value >= 2**31 else value


def _base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
