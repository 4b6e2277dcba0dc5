"""Which trajectory of a folder another one belongs to: it names the file, the file not it.

A run leaves ``trajectory.json``, its continuations ``trajectory.cont-N.json`` and those of its
sub-agents, ``trajectory.<name>.json``, in one folder. Only the referring side tells the relation.
"""

from __future__ import annotations

import mmap
import re
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import SessionInfo

_NEIGHBOURS = 200
_FAR = 200_000
_ID = re.compile(rb'"(trajectory_id|session_id)"\s*:\s*("(?:[^"\\]|\\.)*")')


def find_relation(path: Path, info: SessionInfo) -> None:
    """Tell a trajectory's session whose sub-agent, or whose continuation, it is."""
    continued = _naming(path, rb'"continued_trajectory_ref"\s*:\s*"(?:[^"\\]*[/\\])?' + _own(path))
    if continued is not None:
        info.relation, info.parent_native_id, info.agent = "continuation", continued, path.name
        return
    spawned = _naming(path, rb'"trajectory_path"\s*:\s*"(?:[^"\\]*[/\\])?' + _own(path))
    if spawned is not None:
        info.relation, info.parent_native_id, info.agent = "subagent", spawned, path.name


def _own(path: Path) -> bytes:
    return re.escape(path.name.encode(errors="replace")) + b'"'


def _naming(path: Path, pattern: bytes) -> str | None:
    """The id of the trajectory beside this one that holds a pattern, None if there is none."""
    try:
        others = sorted(p for p in path.parent.glob("*trajectory*.json") if p.name != path.name)
    except OSError:
        return None
    for other in others[:_NEIGHBOURS]:
        found = _id_if_naming(other, re.compile(pattern))
        if found is not None:
            return found
    return None


def _id_if_naming(path: Path, pattern: re.Pattern[bytes]) -> str | None:
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as m:
            if pattern.search(m) is None:
                return None
            ids = dict(reversed(_ID.findall(m[:_FAR])))
    except (OSError, ValueError):  # gone, or empty
        return None
    given = ids.get(b"trajectory_id") or ids.get(b"session_id")
    return str(orjson.loads(given)) if given is not None else None
