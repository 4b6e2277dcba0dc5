"""What a Claude Code session is called: by its user, by the agent, or by its first prompt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.events import Draft, one_line
from scrubber.core.kinds import MESSAGE, USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.formats.claude_code.pieces import Record

_TITLE_LENGTH = 90
_INTERRUPTED = "[Request interrupted"
_COMMAND = re.compile(r"<command-name>(.*?)</command-name>")
_RANKS = {"custom-title": ("customTitle", 4), "ai-title": ("aiTitle", 3), "summary": ("summary", 1)}
_TITLED = ("user", *_RANKS)
"""Types of the records that may bring a title."""


class TitleFinder:
    """The best title so far of each log; of two equally good ones the later."""

    def __init__(self) -> None:
        self._rank: dict[str, int] = {}

    def settle(self, log: str) -> None:
        """Take a title that the log has already, from beside its file, for better than prompts."""
        self._rank[log] = 3

    def see(self, log: str, record: Record, drafts: Sequence[Draft]) -> str | None:
        """The new title of the log, None if this record brings no better one."""
        if record.get("type") not in _TITLED:
            return None
        found = _title(record, drafts)
        if found is None or found[1] < self._rank.get(log, 0):
            return None
        if found[1] == self._rank.get(log) in (0, 2):
            return None
        self._rank[log] = found[1]
        return found[0]


def _title(record: Record, drafts: Sequence[Draft]) -> tuple[str, int] | None:
    key, rank = _RANKS.get(record["type"], ("", 0))
    value = record.get(key) if key else None
    if isinstance(value, str) and value.strip():
        return one_line(value, _TITLE_LENGTH), rank
    for draft in drafts:
        if draft.role is not USER or not draft.text or draft.text.startswith(_INTERRUPTED):
            continue
        if draft.kind is MESSAGE:
            return one_line(draft.text, _TITLE_LENGTH), 2
        if command := _COMMAND.search(draft.text):
            return command[1], 0
    return None
