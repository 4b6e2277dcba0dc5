"""The small files of every format that the generic tests run over, and what may be done to them.

``corpus/<format>/…`` holds files written by hand, with every record type and every oddity of the
format. A source of many files (see ``containers``) is there as its folder, a database as the SQL
that makes it.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from hypothesis import strategies as st

from scrubber.formats import containers, registry

if TYPE_CHECKING:
    from scrubber.core.events import Draft
    from scrubber.formats.base import Format, Reader, Reading

CORPUS = Path(__file__).with_name("corpus")
_BUILT = Path(tempfile.mkdtemp(prefix="scrubber-corpus-"))
atexit.register(shutil.rmtree, _BUILT, ignore_errors=True)
_BESIDE = ("-wal", "-shm", "-journal", ".meta.json", "README.md")


class Sample(NamedTuple):
    """One source of the corpus."""

    format: Format
    path: Path

    def __str__(self) -> str:
        root = _BUILT if self.path.is_relative_to(_BUILT) else CORPUS
        return str(self.path.relative_to(root))

    @property
    def data(self) -> bytes:
        """The bytes that its reader is given."""
        with containers.open_source(self.format, self.path) as stream:
            return stream.read()

    @property
    def is_plain(self) -> bool:
        """Whether those are the bytes of its file."""
        return not containers.is_unpacked(self.format, self.path)

    @property
    def is_by_line(self) -> bool:
        """Whether each of its lines is a record (or several that are glued together)."""
        readings, _ = self.read(self.data)
        lines = self.data.count(b"\n")
        return 1 < len(readings) < lines + 3 and sum(b"\n" in r.raw for r in readings) == lines

    def read(self, data: bytes) -> tuple[list[Reading], Reader]:
        """What its reader makes of some bytes."""
        reader = containers.reader_of(self.format, self.path)
        return list(reader.read(BytesIO(data))), reader


def samples() -> list[Sample]:
    """Every source of the corpus; the folder tells the format."""
    return [
        Sample(registry.get(folder.name), _built(path))
        for folder in sorted(CORPUS.iterdir())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_BESIDE) and registry.whole_of(path) == path
    ]


def _built(path: Path) -> Path:
    """The database that a file of SQL stands for; any other file as it is."""
    return database(path, _BUILT / path.parent.name) if path.suffix == ".sql" else path


def database(script: Path, folder: Path) -> Path:
    """Make the database of a script, ``name.db.sql``, in a folder."""
    path = folder / script.stem
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script.read_text())
    return path


def drafts(readings: list[Reading]) -> list[tuple[Reading, Draft]]:
    """Every event with the record that it was read from."""
    return [(reading, draft) for reading in readings for draft in reading.drafts]


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The same bytes with some of them replaced, put in, or left out."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        stop = start + draw(st.sampled_from([0, 1, 1, 2, 7, 100]))
        put = draw(
            st.binary(max_size=8) | st.sampled_from([b'"', b"{", b"}", b"\n", b"null", b"[]"])
        )
        data = data[:start] + put + data[stop:]
    return data


@st.composite
def odd(draw: st.DrawFn, data: bytes) -> bytes:
    """JSON in which some values, at any depth, are of another type than they were."""
    value: Any = orjson.loads(data)
    for _ in range(draw(st.integers(1, 3))):
        place = value
        while isinstance(place, (dict, list)) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], (dict, list)) and place[key] and draw(st.integers(0, 2)):
                place = place[key]
                continue
            place[key] = deepcopy(draw(st.sampled_from(_ODD)))
            break
    return orjson.dumps(value)


_ODD: list[Any] = [
    *(None, True, 0, -1, 2**64 - 1, 1.5, "", "x", [], [1], [None], {}, [{}], [[]]),
    *({"type": "text"}, {"a": {"b": 1}}, "2026-01-01T00:00:00Z", "user", "\ud7ff\x00"),
]


@st.composite
def rearranged(draw: st.DrawFn, lines: list[bytes]) -> list[bytes]:
    """The same lines with some of them moved, doubled, or left out."""
    lines = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["move", "double", "leave out"]))
        line = lines[place] if what == "double" else lines.pop(place)
        if what != "leave out" or not lines:
            lines.insert(draw(st.integers(0, len(lines))), line)
    return lines
