"""The table of what a runtime knows of its sessions; like ``migrations``, never edited once out."""

from __future__ import annotations

LIVES = """
CREATE TABLE lives (
  session INTEGER PRIMARY KEY REFERENCES sessions(pk) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  agent TEXT,
  label TEXT,
  labelled INTEGER,
  task TEXT,
  run TEXT,
  finished INTEGER,
  branched_at INTEGER,
  skills TEXT NOT NULL DEFAULT '[]',
  facts TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX lives_label ON lives(label, labelled) WHERE label IS NOT NULL
"""
