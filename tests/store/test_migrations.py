from __future__ import annotations

import gzip
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from scrubber.core.errors import StoreError
from scrubber.store import Store, connection, migrations
from tests.store.making import add_session, faults, message, messages, texts

REPOSITORY = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_only_the_owner_may_read_it(tmp_path):
    old = os.umask(0)
    try:
        store = Store(tmp_path / "deep" / "store.db")
        add_session(store, messages(1))
        modes = {path.name: mode(path) for path in store.path.parent.iterdir()}
        store.close()
    finally:
        os.umask(old)
    assert modes == dict.fromkeys(["store.db", "store.db-wal", "store.db-shm"], 0o600)


def test_a_new_file_has_its_shape_and_no_rubbish_beside_it(tmp_path):
    Store(tmp_path / "store.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]
    with closing(sqlite3.connect(tmp_path / "store.db")) as raw:
        pragmas = [
            raw.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("user_version", "journal_mode", "page_size")
        ]
    assert pragmas == [connection.SCHEMA_VERSION, "wal", 16384]


def test_an_empty_file_becomes_a_store(tmp_path):
    path = tmp_path / "store.db"
    path.touch(mode=0o644)
    store = Store(path)
    session = add_session(store, messages(1))
    assert texts(store, session) == ["message 0"]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    store.close()
    if os.name == "posix":
        assert mode(path) == 0o600


def test_a_newer_file_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "store.db"
    Store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"newer version of Scrubber .schema 99"):
            Store(path, read_only)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE people (name)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not one of Scrubber's"):
        Store(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"dear diary " * 1000)
    with pytest.raises(StoreError, match=r"notes\.txt: file is not a database"):
        Store(path)


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match="unable to open"):
        Store(tmp_path)


@pytest.mark.parametrize("schema", range(1, connection.SCHEMA_VERSION))
def test_files_of_every_released_schema_open(tmp_path, schema):
    packed = Path(__file__).parent / "schemas" / f"schema-{schema}.db.gz"
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    store = Store(path)
    made, fork = store.roots()[0], store.children(store.roots()[0].id)[0]
    assert (made.title, made.events, fork.events) == ("made with schema 1", 8, 7)
    store.append(fork.id, [(b"x", message("new"))])
    assert texts(store, fork.id)[-2:] == ["own", "new"]
    store.release(store.claim(fork.id))
    assert store.holder(fork.id) is None
    assert faults(store) == []
    store.close()


def test_an_older_file_is_copied_before_it_is_migrated(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    store = Store(path)
    session = add_session(store, messages(3))
    store.close()

    steps, former = migrations.migrations, connection.SCHEMA_VERSION

    def with_another():
        known = steps()
        known(name="9999_colours")(lambda db: db.execute("CREATE TABLE colours (name TEXT)"))
        return known

    monkeypatch.setattr(migrations, "migrations", with_another)
    for module in (migrations, connection):
        monkeypatch.setattr(module, "SCHEMA_VERSION", connection.SCHEMA_VERSION + 1)

    with pytest.raises(StoreError, match=r"must be migrated .* `scrubber import`"):
        Store(path, read_only=True)
    store = Store(path)
    assert texts(store, session) == ["message 0", "message 1", "message 2"]
    assert store.connections.get().execute("SELECT count(*) FROM colours").fetchone() == (0,)
    store.close()

    (copy,) = tmp_path.glob("*.backup")
    assert copy.name == f"store.db.schema-{former}.backup"
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (former,)
        assert raw.execute("SELECT count(*) FROM events").fetchone() == (3,)
    if os.name == "posix":
        assert mode(copy) == 0o600


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    Store(path).close()
    steps = migrations.migrations

    def broken(db):
        db.execute("CREATE TABLE colours (name TEXT)")
        raise RuntimeError("half-way")

    def with_another():
        known = steps()
        known(name="0002_broken")(broken)
        return known

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "migrations", with_another)
        for module in (migrations, connection):
            patch.setattr(module, "SCHEMA_VERSION", connection.SCHEMA_VERSION + 1)
        with pytest.raises(RuntimeError, match="half-way"):
            Store(path)
    store = Store(path)
    tables = store.connections.get().execute("SELECT name FROM sqlite_master").fetchall()
    store.close()
    assert ("colours",) not in tables


CREATE = """
import sys
from pathlib import Path
from scrubber.store import Store
print("ready", flush=True)
sys.stdin.readline()
store = Store(Path(sys.argv[1]))
store.set_setting(sys.argv[2], "here")
store.close()
"""


def test_several_programs_create_a_store_at_once(tmp_path):
    path = tmp_path / "store.db"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", CREATE, str(path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
        )
        for number in range(4)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
    for program in programs:
        program.communicate(b"go\n", timeout=60)
        assert program.returncode == 0
    store = Store(path)
    assert [store.setting(str(number)) for number in range(4)] == ["here"] * 4
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]
