"""Writes a session, or a tree of them, as one HTML page that needs nothing beside it.

Read from top to bottom: ``prose`` (words), ``bodies`` (contents), ``articles`` (events), ``page``
(the frame), ``writer``.
"""

from __future__ import annotations

from scrubber.formats.html.writer import HtmlWriter

WRITER = HtmlWriter()
