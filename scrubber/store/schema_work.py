"""The tables of what is at work on a session: frames, checkpoints, queues, states, tasks, spend.

A part of ``migrations``: like that, never edited once released.
"""

from __future__ import annotations

WORK = """
CREATE TABLE landmarks (
  log INTEGER NOT NULL REFERENCES logs(id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (log, seq, kind)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX landmarks_id ON landmarks(kind, id);
CREATE TABLE blobs (
  hash TEXT PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;
CREATE TABLE turn_inputs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  source_key TEXT,
  content TEXT NOT NULL,
  scope TEXT NOT NULL,
  turn TEXT,
  boundary TEXT,
  state TEXT NOT NULL,
  fence INTEGER,
  at INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX turn_inputs_key ON turn_inputs(session, source_key)
  WHERE source_key IS NOT NULL;
CREATE INDEX turn_inputs_order ON turn_inputs(session, seq);
CREATE TABLE queued_work (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  class TEXT NOT NULL,
  source_key TEXT,
  delivery TEXT NOT NULL,
  slot TEXT NOT NULL,
  merge TEXT NOT NULL,
  items TEXT NOT NULL,
  claim TEXT,
  fence INTEGER,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX queued_work_key ON queued_work(session, source_key)
  WHERE source_key IS NOT NULL;
CREATE INDEX queued_work_order ON queued_work(session, seq);
CREATE TABLE states (
  session INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE tasks (
  session INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  tasks TEXT NOT NULL
) STRICT;
CREATE TABLE spending (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  source TEXT NOT NULL,
  model TEXT NOT NULL,
  input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  cost_micros INTEGER,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX spending_session ON spending(session)
"""
