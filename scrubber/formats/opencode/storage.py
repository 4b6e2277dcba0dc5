"""The folder that OpenCode kept its sessions in before it had a database.

``storage/session/<project>/<session>.json``, ``message/<session>/<message>.json``,
``part/<message>/<part>.json``. The session's file stands for all of them; where there is none, the
first of its messages does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import FormatError
from scrubber.formats.opencode.database import line, stable
from scrubber.formats.opencode.parts import number
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.content import JSON

_FOLDERS = ("session", "message", "part")


def place_of(path: Path) -> tuple[Path, str] | None:
    """(the storage folder, which of its folders a file is in), None if it is in none."""
    if path.suffix == ".json" and len(path.parts) > 3:
        root, kind = path.parents[2], path.parents[1].name
        if kind in _FOLDERS and (root / "message").is_dir():
            return root, kind
    return None


def whole_of(path: Path) -> Path | None:
    """The file that stands for the session that a file is a part of."""
    place = place_of(path)
    if place is None:
        return None
    root, kind = place
    if kind == "session":
        return path
    index = _index(root, (root / "message").stat().st_mtime_ns)
    name = path.parent.name
    return index.get((kind, name)) or path


@lru_cache(maxsize=4)
def _index(root: Path, changed: int) -> dict[tuple[str, str], Path]:
    """The file that stands for each folder of messages, and of parts; by names alone."""
    sessions = {file.stem: file for file in root.glob("session/*/*.json")}
    found: dict[tuple[str, str], Path] = {}
    for folder in (root / "message").iterdir():
        messages = sorted(folder.glob("*.json")) if folder.is_dir() else []
        if not messages:
            continue
        name = folder.name
        whole = sessions.get(name) or sessions.get(f"ses_{name}") or messages[0]
        found["message", name] = whole
        found |= {("part", message.stem): whole for message in messages}
    return found


def lines(path: Path) -> Iterator[bytes]:
    """The lines of the session that a file stands for."""
    place = place_of(path)
    if place is None:
        raise FormatError(f"{path}: not in a storage folder")
    root, kind = place
    info: dict[str, Any] = {"id": path.parent.name}
    if kind == "session":
        value = _load(path)
        info = value if isinstance(value, dict) else {"id": path.stem}
    yield line({"info": stable(info)})
    for message in messages_of(root, str(info.get("id")), path):
        yield line({"messages": [message]})
    if isinstance(info.get("revert"), dict):
        yield line({"reverted": info["revert"] | {"sessionID": info.get("id")}})


def messages_of(root: Path, session: str, path: Path) -> list[dict[str, Any]]:
    """The messages of a session with their parts, oldest first."""
    folders = [root / "message" / name for name in (session, path.stem, path.parent.name)]
    folder = next((one for one in folders if one.is_dir()), folders[0])
    found = [
        {"info": info | {"sessionID": session}, "parts": _parts(root, info, file)}
        for file in sorted(folder.glob("*.json"))
        if isinstance(info := _load(file), dict)
    ]
    return sorted(found, key=lambda message: _age(message["info"]))


def _age(info: dict[str, Any]) -> tuple[float, str]:
    time = info.get("time")
    created = time.get("created") if isinstance(time, dict) else None
    return number(created) or 0.0, str(info.get("id"))


def _parts(root: Path, info: dict[str, Any], message: Path) -> list[JSON]:
    folders = [root / "part" / str(name) for name in (info.get("id"), message.stem)]
    folder = next((one for one in folders if one.is_dir()), None)
    if folder is None:
        changed = (root / "part").stat().st_mtime_ns if (root / "part").is_dir() else 0
        return _loose_parts(root, changed).get(str(info.get("id")), [])
    return [_load(file) for file in sorted(folder.glob("*.json"))]


@lru_cache(maxsize=2)
def _loose_parts(root: Path, changed: int) -> dict[str, list[JSON]]:
    """Parts that lie in no folder of their message, as the oldest versions kept them."""
    found: dict[str, list[JSON]] = {}
    for file in sorted((root / "part").glob("*.json")):
        part = _load(file)
        if isinstance(part, dict):
            found.setdefault(str(part.get("messageID")), []).append(part)
    return found


def files_of(path: Path) -> list[Path]:
    """All files of the session that a file stands for, but for itself."""
    place = place_of(path)
    if place is None:
        return []
    root, _kind = place
    names = {path.stem, path.stem.removeprefix("ses_"), path.parent.name}
    folders = [root / "message" / name for name in names]
    messages = [file for folder in folders if folder.is_dir() for file in folder.glob("*.json")]
    parts = [root / "part" / message.stem for message in messages]
    inner = [file for folder in parts if folder.is_dir() for file in folder.glob("*.json")]
    return sorted(set(messages + inner) - {path})


def _load(path: Path) -> JSON:
    try:
        return loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        return {"type": "damaged", "file": path.name, "error": str(error)}
