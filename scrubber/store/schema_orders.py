"""The indexes of the list of sessions: one for each order that it can be shown in, one to count.

A part of ``migrations``: like that, never edited once released.
"""

from __future__ import annotations

ORDERS = """
CREATE INDEX roots_updated ON sessions(updated DESC, pk DESC)
  WHERE trashed IS NULL AND parent IS NULL;
CREATE INDEX roots_title ON sessions(title COLLATE NOCASE, pk DESC)
  WHERE trashed IS NULL AND parent IS NULL;
CREATE INDEX roots_events ON sessions(events DESC, pk DESC)
  WHERE trashed IS NULL AND parent IS NULL;
CREATE INDEX roots_tokens ON sessions(tokens DESC, pk DESC)
  WHERE trashed IS NULL AND parent IS NULL;
CREATE INDEX roots_errors ON sessions(errors DESC, pk DESC)
  WHERE trashed IS NULL AND parent IS NULL;
CREATE INDEX sessions_updated ON sessions(updated DESC, pk DESC) WHERE trashed IS NULL;
CREATE INDEX sessions_below ON sessions(parent, trashed)
"""
