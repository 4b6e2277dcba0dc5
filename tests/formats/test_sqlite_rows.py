"""Foreign databases are read in whatever state they lie, and never touched."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import orjson
import pytest
import zstandard

from scrubber.core.errors import FormatError
from scrubber.formats import containers, registry, sqlite_rows

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, journal: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word)")
    connection.execute("INSERT INTO words VALUES (1, 'one'), (2, x'ff00')")
    return connection


def words(path: Path) -> list[object]:
    with sqlite_rows.opened(path) as database:
        return [row["word"] for row in database.rows("SELECT * FROM words ORDER BY id")]


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_closed_file_is_read_and_nothing_is_left_beside_it(tmp_path, journal):
    make(tmp_path / "a.db", journal).close()
    before = listing(tmp_path)
    assert words(tmp_path / "a.db") == ["one", b"\xff\x00"]
    assert listing(tmp_path) == before


def test_what_its_program_has_only_in_the_write_ahead_log_is_read(tmp_path):
    with closing(make(tmp_path / "a.db", "WAL")) as program:
        assert words(tmp_path / "a.db") == ["one", b"\xff\x00"]
        before = sqlite_rows.stamp(tmp_path / "a.db")
        program.execute("INSERT INTO words VALUES (3, 'three')")
        assert sqlite_rows.stamp(tmp_path / "a.db") != before
        assert words(tmp_path / "a.db")[2:] == ["three"]


def test_a_reader_sees_one_state(tmp_path):
    with (
        closing(make(tmp_path / "a.db", "WAL")) as program,
        sqlite_rows.opened(tmp_path / "a.db") as database,
    ):
        program.execute("DELETE FROM words")
        assert len(list(database.rows("SELECT * FROM words"))) == 2


@pytest.mark.parametrize(("journal", "ending"), [("WAL", "-wal"), ("DELETE", "-journal")])
def test_what_a_crash_left_behind_is_read_from_a_copy(tmp_path, journal, ending):
    """The files of a program that was killed: its log without an index, or a hot journal."""
    with closing(make(tmp_path / "a.db", journal)) as program:
        program.execute("PRAGMA cache_size = 1")
        program.execute("PRAGMA cache_spill = 1")
        if journal == "DELETE":
            program.execute("BEGIN")
            program.execute("UPDATE words SET word = 'changed'")
            program.executemany(
                "INSERT INTO words VALUES (?, ?)", [(n, "x" * 999) for n in range(9, 99)]
            )
        (tmp_path / "crash").mkdir()
        for name in ("a.db", f"a.db{ending}"):
            shutil.copy(tmp_path / name, tmp_path / "crash" / name)
    before = listing(tmp_path / "crash")
    assert f"a.db{ending}" in before
    assert words(tmp_path / "crash" / "a.db") == ["one", b"\xff\x00"]
    assert listing(tmp_path / "crash") == before


def test_a_locked_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_rows, "_BUSY_S", 0.05)
    with closing(make(tmp_path / "a.db", "DELETE")) as program:
        program.execute("BEGIN EXCLUSIVE")
        with pytest.raises(FormatError, match=r"a\.db: locked by its program"):
            words(tmp_path / "a.db")
    assert words(tmp_path / "a.db") == ["one", b"\xff\x00"]


def test_a_file_written_to_while_it_was_read_is_told(tmp_path):
    make(tmp_path / "a.db", "WAL").close()
    with pytest.raises(FormatError, match="wrote to it meanwhile"):
        read_while_written(tmp_path / "a.db")


def read_while_written(path: Path) -> None:
    with sqlite_rows.opened(path) as database:
        with closing(sqlite3.connect(path)) as program:
            program.execute("INSERT INTO words VALUES (3, 'three')")
            program.commit()
        list(database.rows("SELECT * FROM words"))


def test_no_database_a_missing_table_a_missing_file(tmp_path):
    path = tmp_path / "a.db"
    for data in (b"dear diary " * 100, sqlite_rows.MAGIC + b"x" * 5000, b""):
        path.write_bytes(data)
        assert sqlite_rows.table_names(path) == frozenset()
    with pytest.raises(FormatError, match=r"a\.db"):
        words(path)
    path.write_bytes(sqlite_rows.MAGIC + b"x" * 5000)
    with pytest.raises(FormatError, match=r"a\.db: cannot be read as a database"):
        words(path)
    assert sqlite_rows.table_names(tmp_path / "none.db") == frozenset()


def test_it_cannot_be_changed(tmp_path):
    make(tmp_path / "a.db", "DELETE").close()
    with sqlite_rows.opened(tmp_path / "a.db") as database:
        assert database.tables == {"words"}
        assert database.columns("words") == ("id", "word")
        assert database.columns("no such table") == ()
        with pytest.raises(FormatError, match="readonly"):
            list(database.rows("DELETE FROM words RETURNING id"))
        with pytest.raises(FormatError, match="no such table: missing"):
            list(database.rows("SELECT * FROM missing"))


def test_rows_as_a_stream_of_records(tmp_path):
    make(tmp_path / "a.db", "DELETE").close()

    def lines(database):
        for row in database.rows("SELECT id, word FROM words"):
            yield sqlite_rows.record("words", row)

    with sqlite_rows.row_stream(tmp_path / "a.db", lines) as stream:
        values = [orjson.loads(line) for line in stream]
    assert values == [
        {"table": "words", "row": {"id": 1, "word": "one"}},
        {"table": "words", "row": {"id": 2, "word": {"$base64": "/wA="}}},
    ]


@pytest.mark.parametrize(
    "name", ["llm", "agents-sdk", "langgraph", "opencode", "lash", "harn-store"]
)
def test_a_compressed_database_is_given_as_it_is(tmp_path, name):
    whole = sqlite_rows.new_database(["CREATE TABLE a (b)"], [("INSERT INTO a VALUES (?)", (1,))])
    packed = tmp_path / "packed.jsonl"
    packed.write_bytes(zstandard.compress(whole))
    with containers.open_source(registry.get(name), packed) as stream:
        assert stream.read() == whole
