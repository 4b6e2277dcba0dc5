"""The snapshot: Scrubber's own file of sessions, which loses nothing.

JSON Lines, UTF-8. The first line is the header ``{"scrubber": "snapshot", "version": 1, …}``, the
last ``{"end": {"lines": N, "digest": …}}``, so that a torn or altered file is told. Between them,
each line is an object with one key that says what it is:

- ``source``: ``id, format, reader, path, pending, superseded, warnings``: where records came from.
- ``record``: ``[source, number, text]``, or ``[source, number, null, base64]`` where the bytes are
  no UTF-8. A source's records are numbered 0, 1, 2, …; joined they are its bytes.
- ``log``: ``id, source, key``.
- ``event``: ``[log, record, part, kind, role, visibility, origin, marks, ts, name, call_id,
  group_id, ref, size, text, usage]``: the events of a log, in order. Kinds and the like by name,
  marks as a number, usage as ``[context, input, cache_read, cache_write, output, reasoning,
  cost_micros]`` or null.
- ``spawn``: ``[log, agent, start, stop, title]``: a sub-agent's time at work.
- ``blob``, ``landmark``, ``work``: see ``snapshot_work`` (version 2).
- ``session``: its facts, with ``slices: [[log, start, stop], …]`` and ``labels``.
- ``colour``: ``[label, colour]``: a label that was given a colour (version 2).
- ``note``: a bookmark, label or note on an event (version 2): ``id, kind, text, session, anchors:
  [[log, seq], …], lost: [session, …], digest, part, event_kind, was_at, excerpt, created,
  updated``.

docs/snapshot.md has an example. A reader refuses versions that it does not know.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any

import orjson

from scrubber.core.errors import FormatError
from scrubber.core.hashing import blake2b

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Mapping
    from pathlib import Path

NATIVE = "native"
"""The format's word on the command line."""

VERSION = 2
READABLE = (1, 2)
"""Version 1 has no notes, colours, hypotheses and verdicts."""
HEADER_KEY = "scrubber"

_TEXT, _NUMBER = (str,), (int,)
_MAYBE_TEXT, _MAYBE_NUMBER = (str, NoneType), (int, NoneType)

SOURCE = {
    "id": _NUMBER,
    "format": _TEXT,
    "reader": _NUMBER,
    "path": _MAYBE_TEXT,
    "pending": _TEXT,
    "superseded": _NUMBER,
    "warnings": (list,),
}
LOG = {"id": _NUMBER, "source": _NUMBER, "key": _TEXT}
SESSION = {
    "id": _TEXT,
    "title": _TEXT,
    "format": _TEXT,
    "relation": _TEXT,
    "status": _TEXT,
    "note": _TEXT,
    "created": _NUMBER,
    "updated": _NUMBER,
    "revision": _NUMBER,
    "renamed": _NUMBER,
    "forked_at": _MAYBE_NUMBER,
    "follows": _MAYBE_NUMBER,
    "parent": _MAYBE_TEXT,
    "model": _MAYBE_TEXT,
    "cwd": _MAYBE_TEXT,
    "native_id": _MAYBE_TEXT,
    "parent_native_id": _MAYBE_TEXT,
    "agent": _MAYBE_TEXT,
    "labels": (list,),
    "slices": (list,),
}
CLAIMS = {"hypothesis": _TEXT, "verdict": _TEXT, "reason": _TEXT}
"""Facts of a session since version 2."""
COLOUR = dict(enumerate((_TEXT, _TEXT)))
ANCHOR = dict(enumerate((_NUMBER, _NUMBER)))
NOTE = {
    "id": _TEXT,
    "kind": _TEXT,
    "text": _TEXT,
    "session": _MAYBE_TEXT,
    "anchors": (list,),
    "lost": (list,),
    "digest": _TEXT,
    "part": _NUMBER,
    "event_kind": _TEXT,
    "was_at": _NUMBER,
    "excerpt": _TEXT,
    "created": _NUMBER,
    "updated": _NUMBER,
}
RECORD = dict(enumerate((_NUMBER, _NUMBER, _MAYBE_TEXT)))
SPAWN = dict(enumerate((_NUMBER, _TEXT, _NUMBER, _MAYBE_NUMBER, _TEXT)))
SLICE = dict(enumerate((_NUMBER, _NUMBER, _NUMBER)))
USAGE = dict(enumerate((*(_NUMBER,) * 6, _MAYBE_NUMBER)))
EVENT = dict(
    enumerate(
        (
            *(_NUMBER,) * 3,
            *(_TEXT,) * 4,
            _NUMBER,
            _MAYBE_NUMBER,
            *(_MAYBE_TEXT,) * 3,
            _MAYBE_NUMBER,
            _NUMBER,
            _TEXT,
            (list, NoneType),
        )
    )
)

_LIMIT = 2**63


def check(value: Any, shape: Mapping[Any, tuple[type, ...]]) -> Any:
    """The value, if each of its fields is of its type; a ValueError names the first that is not."""
    for key, types in shape.items():
        field = value[key]
        if not isinstance(field, types):
            raise ValueError(f"{key!r} is {type(field).__name__}, not {types[0].__name__}")
        if isinstance(field, int) and not -_LIMIT <= field < _LIMIT:
            raise ValueError(f"{key!r} is too large a number")
    return value


def fresh_digest() -> hashlib.blake2b:
    """What the lines are run through, to be compared at the end."""
    return blake2b(digest_size=16)


def header(program: str, created: int) -> bytes:
    """The first line."""
    return orjson.dumps(
        {HEADER_KEY: "snapshot", "version": VERSION, "program": program, "created": created}
    )


def check_header(line: bytes, path: Path) -> None:
    """Refuse what is no snapshot, or one of a version nobody here knows."""
    try:
        head = orjson.loads(line)
    except orjson.JSONDecodeError:
        head = None
    if not isinstance(head, dict) or head.get(HEADER_KEY) != "snapshot":
        raise FormatError(f"{path}:1: not the header of a Scrubber snapshot")
    if head.get("version") not in READABLE:
        raise FormatError(
            f"{path}:1: a snapshot of version {head.get('version')!r}; this program reads versions "
            f"up to {VERSION}. A newer Scrubber wrote it: use that one, nothing was imported"
        )


def is_header(line: bytes) -> bool:
    """Whether a file that begins with this line is a snapshot, of whatever version."""
    return line.startswith(b'{"scrubber":"snapshot"')
