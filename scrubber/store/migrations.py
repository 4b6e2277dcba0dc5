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
from scrubber.store.schema_lives import LIVES
from scrubber.store.schema_notes import NOTES
from scrubber.store.schema_orders import ORDERS
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
            raise StoreError(f"{path}: schema {version} must be migrated before reading")
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
    return steps


def first_schema(db: Database) -> None:
    """Sources, records, logs, events, sessions, slices."""
    _execute(db, _FIRST_SCHEMA)


def live_branches(db: Database) -> None:
    """Who is extending a session just now, and how a branch is run."""
    _execute(db, _LIVE_BRANCHES)


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


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)


_FIRST_SCHEMA = """
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  path TEXT,
  format TEXT NOT NULL,
  reader INTEGER NOT NULL,
  inode INTEGER,
  size INTEGER NOT NULL DEFAULT 0,
  mtime_ns INTEGER,
  read_upto INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  pending BLOB NOT NULL DEFAULT x'',
  complete INTEGER NOT NULL DEFAULT 0,
  superseded INTEGER NOT NULL DEFAULT 0,
  warnings TEXT NOT NULL DEFAULT '[]',
  added INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sources_path ON sources(path) WHERE superseded = 0;
CREATE INDEX sources_former ON sources(path, id) WHERE superseded = 1;
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES sources(id),
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  size INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  digest BLOB NOT NULL,
  ends BLOB NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX blocks_place ON blocks(source, first);
CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES sources(id),
  key TEXT NOT NULL,
  length INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX logs_place ON logs(source, key);
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL,
  part INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  role INTEGER NOT NULL,
  visibility INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  marks INTEGER NOT NULL,
  ts INTEGER,
  name TEXT,
  call_id TEXT,
  group_id TEXT,
  ref INTEGER,
  size INTEGER NOT NULL,
  text TEXT NOT NULL,
  messages INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  open_calls INTEGER NOT NULL
) STRICT;
CREATE TABLE usage (
  id INTEGER PRIMARY KEY,
  context INTEGER NOT NULL,
  input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  cost_micros INTEGER,
  sum_input INTEGER NOT NULL,
  sum_cache_read INTEGER NOT NULL,
  sum_cache_write INTEGER NOT NULL,
  sum_output INTEGER NOT NULL,
  sum_cost INTEGER NOT NULL
) STRICT;
CREATE TABLE columns (
  log INTEGER NOT NULL REFERENCES logs(id),
  chunk INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (log, chunk)
) STRICT;
CREATE TABLE sessions (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  format TEXT NOT NULL,
  relation TEXT NOT NULL,
  status TEXT NOT NULL,
  model TEXT,
  cwd TEXT,
  parent INTEGER REFERENCES sessions(pk),
  forked_at INTEGER,
  follows INTEGER REFERENCES logs(id),
  native_id TEXT,
  parent_native_id TEXT,
  agent TEXT,
  renamed INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  trashed INTEGER,
  revision INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  tokens INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sessions_parent ON sessions(parent, updated);
CREATE INDEX sessions_native ON sessions(native_id) WHERE native_id IS NOT NULL;
CREATE INDEX sessions_wanted ON sessions(parent_native_id) WHERE parent_native_id IS NOT NULL;
CREATE INDEX sessions_follows ON sessions(follows) WHERE follows IS NOT NULL;
CREATE TABLE slices (
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  log INTEGER NOT NULL REFERENCES logs(id),
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  open_calls INTEGER NOT NULL,
  input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  PRIMARY KEY (session, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX slices_log ON slices(log);
CREATE TABLE revisions (
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  operation TEXT NOT NULL,
  former TEXT NOT NULL,
  PRIMARY KEY (session, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE requests (
  key TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  request TEXT NOT NULL,
  result TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE spawns (
  log INTEGER NOT NULL REFERENCES logs(id),
  agent TEXT NOT NULL,
  start INTEGER NOT NULL,
  stop INTEGER,
  title TEXT NOT NULL,
  PRIMARY KEY (log, agent)
) STRICT, WITHOUT ROWID;
CREATE TABLE labels (
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  name TEXT NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""

_LIVE_BRANCHES = """
CREATE TABLE leases (
  session INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  fence INTEGER NOT NULL,
  token TEXT,
  holder TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE TABLE branch_settings (
  session INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  settings TEXT NOT NULL
) STRICT
"""
