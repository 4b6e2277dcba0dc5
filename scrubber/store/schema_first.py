"""The tables of the first two schemas; like ``migrations``, never edited once released."""

from __future__ import annotations

FIRST_SCHEMA = """
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

LIVE_BRANCHES = """
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
