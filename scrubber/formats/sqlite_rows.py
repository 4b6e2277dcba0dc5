"""Other programs' SQLite files, read without ever changing them or anything beside them.

A new file of that kind is made in memory.

A file that its program has open is read with SQLite's own locks, so that what is seen is one
state. Where SQLite would have to write to read it (a write-ahead log without its index, a journal
left behind by a crash, a folder that may not be written to), a private copy is read. This is the
only module outside the store that knows SQLite: a file in a foreign shape is a transcript format.
"""

from __future__ import annotations

import base64
import io
import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson

from scrubber.core.errors import FormatError
from scrubber.formats.containers import Stamp, files_stamp, open_plain
from scrubber.formats.streams import PieceStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAGIC = b"SQLite format 3\0"

_WAL, _JOURNAL, _INDEX = "-wal", "-journal", "-shm"
_BUSY_S = 5.0
_TRIES = 3
_MOST_BYTES = 512 * 1024 * 1024
"""A value longer than this is refused by SQLite."""


def is_database(head: bytes) -> bool:
    """Whether a file that begins so is a SQLite file."""
    return head.startswith(MAGIC)


def holds_database(path: Path) -> bool:
    """Whether a file is, as it lies there, a SQLite file."""
    with path.open("rb") as stream:
        return is_database(stream.read(len(MAGIC)))


def stamp(path: Path) -> Stamp:
    """What changes with the file, or with what its program wrote beside it."""
    return files_stamp(path, [_beside(path, _WAL), _beside(path, _JOURNAL)])


class Database:
    """A foreign SQLite file, open for reading. Errors are FormatErrors that name the file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        with _translated(path):
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            self.tables = frozenset(str(row[0]) for row in rows)
        """Names of its tables; views are not among them."""

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table; none if there is no such table."""
        with _translated(self._path):
            rows = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
            return tuple(str(row[0]) for row in rows)

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query as dicts, one at a time. Text that is no UTF-8 is given as bytes."""
        with _translated(self._path):
            cursor = self._connection.execute(query, values)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))


def table_names(path: Path) -> frozenset[str]:
    """The tables of a file, for recognising it; none if it cannot be read."""
    try:
        with opened(path) as database:
            return database.tables
    except (FormatError, OSError):
        return frozenset()


def record(table: str, row: dict[str, Any]) -> bytes:
    """A row as a line of JSON: ``{"table": …, "row": {…}}``.

    Bytes become ``{"$base64": …}``; a number that JSON has not (NaN) becomes null.
    """
    return orjson.dumps({"table": table, "row": row}, default=_plain) + b"\n"


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"$base64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} is no value of a row")


def row_stream(path: Path, lines: Callable[[Database], Iterator[bytes]]) -> BinaryIO:
    """The lines that are made of a file's rows as a stream; closing it closes the file."""
    with ExitStack() as stack:
        database = stack.enter_context(opened(path))
        pieces = PieceStream(lines(database), stack.pop_all().close)
    return cast("BinaryIO", io.BufferedReader(pieces, 128 * 1024))


def open_rows(path: Path, lines: Callable[[Database], Iterator[bytes]]) -> BinaryIO:
    """The rows of a database as lines; a file that is none, such as lines made before, as it is."""
    return row_stream(path, lines) if holds_database(path) else open_plain(path)


class RowsFormat:
    """The part of a format that reads databases: its rows as lines, which the store then keeps.

    A subclass gives ``lines``. A file of such lines, made before, ends in ``.jsonl``.
    """

    @staticmethod
    def lines(database: Database) -> Iterator[bytes]:
        """The lines that are made of a database's rows."""
        raise NotImplementedError

    def open(self, path: Path) -> BinaryIO:
        """The rows as lines; what was unfolded before is given as it is."""
        return open_rows(path, self.lines)

    def unpacks(self, path: Path) -> bool:
        """Everything but lines that were unfolded before."""
        return path.suffix != ".jsonl"

    def stamp(self, path: Path) -> Stamp:
        """What changes with the database, or its log."""
        return stamp(path)


def new_database(schema: Iterable[str], inserts: Iterable[tuple[str, tuple[Any, ...]]]) -> bytes:
    """The bytes of a new file with these tables and rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in schema:
            connection.execute(statement)
        for statement, values in inserts:
            connection.execute(statement, values)
        connection.commit()
        return connection.serialize()


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """The file, open for reading; one state of it, whatever its program does meanwhile."""
    with ExitStack() as stack:
        connection = _connect(path, stack)
        with _translated(path):
            for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")
        yield Database(path, connection)


def _connect(path: Path, stack: ExitStack) -> sqlite3.Connection:
    if not _needs_copy(path):
        calm = not _size(_beside(path, _WAL)) and _is_write_ahead(path)
        # Read with locks, such a file would get an index beside it, which stays there.
        mode = "mode=ro&immutable=1" if calm else "mode=ro"
        before = stamp(path)
        try:
            connection = _open(path, mode, stack)
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise _locked(path) from error
        except sqlite3.DatabaseError as error:
            raise FormatError(f"{path}: cannot be read as a database ({error})") from error
        else:
            if calm:
                stack.callback(_check_calm, path, before)
            return connection
    with _translated(path):
        return _open(_copied(path, stack), "mode=rw", stack)


def _open(path: Path, mode: str, stack: ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_S,
    )
    stack.callback(connection.close)
    connection.text_factory = _text
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _needs_copy(path: Path) -> bool:
    """Whether SQLite would have to write something beside the file to read it."""
    return bool(_size(_beside(path, _WAL))) and not _beside(path, _INDEX).exists()


def _copied(path: Path, stack: ExitStack) -> Path:
    """A private copy of one state of the file, gone when the stack is closed."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scrubber-")))
    for _ in range(_TRIES):
        before = stamp(path)
        for ending in ("", _WAL, _JOURNAL):
            source, copy = _beside(path, ending), folder / f"copy{ending}"
            copy.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, copy)
        if stamp(path) == before:
            return folder / "copy"
    raise FormatError(f"{path}: its program writes to it all the time; import it again later")


def _check_calm(path: Path, before: Stamp) -> None:
    if stamp(path) != before:
        raise FormatError(f"{path}: its program wrote to it meanwhile; import it again")


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_write_ahead(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(20)[18:19] == b"\x02"


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _locked(path: Path) -> FormatError:
    return FormatError(f"{path}: locked by its program; close that, and import it again")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise _locked(path) from error
        raise FormatError(f"{path}: {error}") from error
    except (sqlite3.Error, OverflowError) as error:
        raise FormatError(f"{path}: cannot be read as a database ({error})") from error
