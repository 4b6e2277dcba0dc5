"""RustyClaw: sessions as JSON of its first versions, threads as files of later ones.

``shapes`` (a session and its messages), ``session`` (reading it), ``writer``; ``threads`` (the logs
of threads, a format of its own) with ``thread_pieces``.
"""
