"""Names of files for ids of sessions: safe on every file system, and no two ids share one."""

from __future__ import annotations

import re
from hashlib import sha256

_LENGTH = 80
_PLAIN = re.compile(rf"[a-z0-9_][a-z0-9_.-]{{0,{_LENGTH - 1}}}")
_TAKEN = re.compile(r".*-(?:\d{6}|[0-9a-f]{16})|.*\.")
"""Ends like a later part of a log, or like a name made here; Windows drops a dot at the end."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def file_name_of(id: str) -> str:
    """The id itself where it is a safe name; else what is safe of it, and a hash of it.

    Ids of other letters than small ones get a hash as well: some file systems do not tell ``A``
    from ``a``.
    """
    if _PLAIN.fullmatch(id) and not _TAKEN.fullmatch(id) and not _RESERVED.fullmatch(id):
        return id
    digest = sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{re.sub(r'[^a-z0-9_-]', '_', id.lower())[:_LENGTH]}-{digest}"
