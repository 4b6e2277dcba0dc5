"""The indexes that lead from a sub-agent to whoever spawned it, and to those that still seek.

A part of ``migrations``: like that, never edited once released.
"""

from __future__ import annotations

SPAWNS = """
CREATE INDEX spawns_agent ON spawns(agent);
CREATE INDEX sessions_seeking ON sessions(parent_native_id)
  WHERE relation = 'subagent' AND (parent IS NULL OR forked_at IS NULL)
"""
