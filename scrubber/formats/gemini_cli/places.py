"""Where Gemini CLI keeps its sessions, and in which folder it looks for those of a project."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

import orjson

from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from pathlib import Path

_SLUG = re.compile(r"[a-z0-9-]+")


def gemini_home() -> Path:
    """``.gemini`` in the folder that ``$GEMINI_CLI_HOME`` names, or in the home folder."""
    return environment_folder("GEMINI_CLI_HOME") / ".gemini"


def chats_folder(cwd: str) -> Path:
    """The folder for the sessions of a project.

    The client names it by the project's entry in ``projects.json``, or by the folder whose
    ``.project_root`` names the project. One that it does not know yet gets a new name when it is
    started there; then it takes up what lies below the SHA-256 of the project's path.
    """
    root, home = os.path.realpath(cwd), gemini_home()
    slug = _registered(home / "projects.json", root)
    if slug is None or _owner(home / "tmp" / slug) not in (None, root):
        slug = next((f.name for f in _folders(home / "tmp") if _owner(f) == root), None)
    return home / "tmp" / (slug or hashlib.sha256(root.encode()).hexdigest()) / "chats"


def _registered(path: Path, root: str) -> str | None:
    try:
        projects = orjson.loads(path.read_bytes())["projects"]
        slug = projects.get(root.lower() if os.name == "nt" else root)
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        return None
    return slug if isinstance(slug, str) and _SLUG.fullmatch(slug) else None


def _folders(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _owner(folder: Path) -> str | None:
    """The project that a folder belongs to, None if it does not say."""
    try:
        return (folder / ".project_root").read_text(errors="replace").strip()
    except OSError:
        return None
