"""Ids that are safe as names of files, by the rule of a3s-code."""

from __future__ import annotations

import re

from scrubber.core.errors import BadArgumentError

_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def is_safe(id: str) -> bool:
    """Whether an id is ASCII letters, digits, ``-``, ``_`` and ``.``, without a dot in front or
    two in a row."""
    return _SAFE.fullmatch(id) is not None and ".." not in id


def check_id(id: str) -> str:
    """The id; a BadArgumentError, in a3s-code's words, if it is not safe.

    a3s-code also turns what is unsafe into ``_`` when it names a file, so that ``a/b`` and ``a_b``
    are one session; here such an id is refused instead.
    """
    if not id:
        raise BadArgumentError("Session ID must not be empty")
    if not is_safe(id):
        raise BadArgumentError(f'Session ID contains unsafe characters: "{id}"')
    return id
