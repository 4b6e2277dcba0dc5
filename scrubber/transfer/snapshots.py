"""The snapshot: Scrubber's own file of sessions, which loses nothing.

JSON Lines, UTF-8. The first line is the header ``{"scrubber": "snapshot", "version": 1, …}``, the
last ``{"end": {"lines": N}}``, so that a torn file is told. Between them, each line an object with
one key that says what it is:

- ``source``: ``id, format, reader, path, pending, warnings``: where records came from.
- ``record``: ``[source, number, text]``, or ``[source, number, null, base64]`` where the bytes are
  no UTF-8. A source's records are numbered 0, 1, 2, …; joined they are its bytes.
- ``log``: ``id, source, key``.
- ``event``: ``[log, record, part, kind, role, visibility, origin, marks, ts, name, call_id,
  group_id, ref, size, text, usage]``: the events of a log, in order. Kinds and the like by name,
  marks as a number, usage as ``[context, input, cache_read, cache_write, output, reasoning,
  cost_micros]`` or null.
- ``spawn``: ``[log, agent, start, stop, title]``: a sub-agent's time at work.
- ``session``: its facts, with ``slices: [[log, start, stop], …]`` and ``labels``.

docs/snapshot.md has an example. A reader refuses versions that it does not know.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from scrubber.core.errors import FormatError

VERSION = 1
HEADER_KEY = "scrubber"


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
    if head.get("version") != VERSION:
        raise FormatError(
            f"{path}:1: a snapshot of version {head.get('version')!r}; this program reads version "
            f"{VERSION}. A newer Scrubber wrote it: use that one, nothing was imported"
        )


def is_header(line: bytes) -> bool:
    """Whether a file that begins with this line is a snapshot, of whatever version."""
    return line.startswith(b'{"scrubber":"snapshot"')

