"""The only place that touches SQLite.

``connection`` opens the file, ``migrations`` shapes it, ``blocks`` keeps the bytes of sources,
``logs`` the events derived from them, ``columns`` what the timeline is painted from, ``sessions``
the sessions that are slices of logs. ``store_reader`` and ``source_reader`` read them, ``store``
changes them, ``writer`` writes what is imported (``block_writer`` and ``press`` its bytes,
``source_logs`` and ``event_rows`` its events), ``verify`` checks it all.
"""

from scrubber.store.store import Store

__all__ = ["Store"]
