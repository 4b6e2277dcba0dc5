"""The two files of a RustyClaw thread as one stream."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO, cast

import orjson

from scrubber.formats.containers import open_plain
from scrubber.formats.parsing import loads
from scrubber.formats.rustyclaw.thread_pieces import META
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"(\d+)\.(?:log\.jsonl|meta\.json)")
_STEP = 256 * 1024


def id_of(path: Path) -> str:
    """The thread's id, which is in the name only."""
    found = _NAME.fullmatch(path.name)
    return found[1] if found else path.stem


def log_of(path: Path) -> Path | None:
    """The log of the thread that a file is of, None if it is of none."""
    found = _NAME.fullmatch(path.name)
    log = path.with_name(f"{found[1]}.log.jsonl") if found else path
    return log if found and log.is_file() else None


def open_thread(path: Path) -> BinaryIO:
    """The log, with the metadata as its last line if there are any."""
    meta = meta_of(path)
    if meta is None:
        return open_plain(path)
    return cast("BinaryIO", io.BufferedReader(PieceStream(_pieces(path, meta)), _STEP))


def meta_of(path: Path) -> Path | None:
    """The metadata beside a log, None if there are none."""
    found = _NAME.fullmatch(path.name)
    meta = path.with_name(f"{found[1]}.meta.json") if found else path
    return meta if found and meta != path and meta.is_file() else None


def _pieces(path: Path, meta: Path) -> Iterator[bytes]:
    last = b"\n"
    with path.open("rb") as stream:
        while data := stream.read(_STEP):
            yield data
            last = data[-1:]
    raw = meta.read_bytes()
    try:
        value = loads(raw)
    except orjson.JSONDecodeError:
        value = raw.decode(errors="replace")
    line = orjson.dumps({"kind": META, META: value}) + b"\n"
    yield line if last == b"\n" else b"\n" + line
