"""harn: what its runtime leaves of a session, each a format of its own.

``transcript`` (the transcript dict), ``event_log`` (the log of its agent events), ``llm_log`` (what
went to models and came back), ``session_store`` (its SQLite store). ``messages`` and
``transcript_events`` have the shapes that they share.
"""
