"""The shape of a store file, as numbered migrations.

A migration imports no live code and is never edited once released. Files are created beside
their place and moved there whole, so that two programs starting at once cannot see half a store;
an older file is copied before it is migrated.
"""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

from scrubber.core.errors import StoreError
from scrubber.store.connection import SCHEMA_VERSION, check_version, connect, make_private
from scrubber.store.schema_first import FIRST_SCHEMA, LIVE_BRANCHES
from scrubber.store.schema_lives import LIVES
from scrubber.store.schema_notes import NOTES
from scrubber.store.schema_orders import ORDERS
from scrubber.store.schema_spawns import SPAWNS
from scrubber.store.schema_work import WORK

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from sqlite_utils import Database, Migrations

_PAGE_BYTES = 16_384


def prepare(path: Path, read_only: bool) -> None:
    """Make sure that a current store lies at ``path``: create, migrate or refuse."""
    if not path.exists():
        if read_only:
            raise StoreError(f"{path}: there is no store here")
        create(path)
    connection = connect(path, read_only)
    try:
        version = check_version(connection, path)
        if version == SCHEMA_VERSION:
            return
        if read_only:
            raise StoreError(
                f"{path}: schema {version} must be migrated before reading: "
                "the window does that, and each command that writes, as `scrubber import` does"
            )
        if version:
            back_up(connection, path, version)
            migrate(connection)
        else:
            make_private(path)
            shape(connection)
    finally:
        connection.close()


def create(path: Path) -> None:
    """Create an empty store; if another program does so at the same moment, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    fresh.touch(mode=0o600)
    try:
        make_private(fresh)
        connection = connect(fresh)
        try:
            shape(connection)
        finally:
            connection.close()
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
        except OSError:
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def shape(connection: sqlite3.Connection) -> None:
    """Make an empty file a store."""
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    migrate(connection)
    connection.execute("PRAGMA journal_mode = WAL")


def back_up(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the file as it is, before it is migrated."""
    copy = path.with_name(f"{path.name}.schema-{version}.backup")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.name}.schema-{version}-{number}.backup")
    copy.touch(mode=0o600)
    make_private(copy)
    connection.execute("VACUUM INTO ?", (str(copy),))
    return copy


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, in one transaction, which one program at a time can hold."""
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrations().apply(database)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # an interruption may have come before it began
            connection.execute("ROLLBACK")
        raise


def migrations() -> Migrations:
    """All migrations, in their order. Built on demand: sqlite-utils is slow to import."""
    from sqlite_utils import Migrations

    steps = Migrations("scrubber")
    steps(name="0001_first_schema")(first_schema)
    steps(name="0002_live_branches")(live_branches)
    steps(name="0003_lives")(lives)
    steps(name="0004_notes")(notes)
    steps(name="0005_work_on_sessions")(work_on_sessions)
    steps(name="0006_orders_of_sessions")(orders_of_sessions)
    steps(name="0007_hashes_and_spawns")(hashes_and_spawns)
    return steps


def first_schema(db: Database) -> None:
    """Sources, records, logs, events, sessions, slices."""
    _execute(db, FIRST_SCHEMA)


def live_branches(db: Database) -> None:
    """Who is extending a session just now, and how a branch is run."""
    _execute(db, LIVE_BRANCHES)


def lives(db: Database) -> None:
    """What agent runtimes know of their sessions."""
    _execute(db, LIVES)


def notes(db: Database) -> None:
    """Notes on events, the colours of labels, what a branch is for and what it told."""
    _execute(db, NOTES)


def work_on_sessions(db: Database) -> None:
    """Frames, checkpoints, queues, states, tasks and spending of sessions."""
    _execute(db, WORK)


def orders_of_sessions(db: Database) -> None:
    """An index for each order of the list of sessions."""
    _execute(db, ORDERS)


def hashes_and_spawns(db: Database) -> None:
    """Indexes for who spawned whom; other hashes (``packing``) of blocks from now on.

    A program of before would take those for damage; blocks that are there keep theirs.
    """
    _execute(db, SPAWNS)


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
