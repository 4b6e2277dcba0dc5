"""The tables of notes; like ``migrations``, never edited once out."""

from __future__ import annotations

NOTES = """
CREATE TABLE notes (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  session INTEGER REFERENCES sessions(pk) ON DELETE SET NULL,
  digest BLOB NOT NULL,
  part INTEGER NOT NULL,
  event_kind INTEGER NOT NULL,
  was_at INTEGER NOT NULL,
  excerpt TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_session ON notes(session);
CREATE TABLE anchors (
  event INTEGER NOT NULL,
  note INTEGER NOT NULL REFERENCES notes(pk) ON DELETE CASCADE,
  PRIMARY KEY (event, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX anchors_note ON anchors(note);
CREATE TABLE lost_anchors (
  session INTEGER NOT NULL REFERENCES sessions(pk) ON DELETE CASCADE,
  note INTEGER NOT NULL REFERENCES notes(pk) ON DELETE CASCADE,
  settled INTEGER NOT NULL,
  PRIMARY KEY (session, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX lost_anchors_note ON lost_anchors(note);
CREATE TABLE label_colours (
  name TEXT PRIMARY KEY,
  colour TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE sessions ADD COLUMN hypothesis TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN reason TEXT NOT NULL DEFAULT ''
"""
