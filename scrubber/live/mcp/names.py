"""Which tool of which server is meant by a name, in a model's call or in a recording.

Agents name the tool ``status`` of the server ``git`` in their own ways: ``mcp__git__status``
(Claude Code, Codex), ``git__status`` (Goose, Gemini CLI), ``mcp_git_status`` (VS Code, Cursor),
``git_status`` (opencode), or ``status``. The first is ours; the others are understood where they
can mean only one tool.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.core.hashing import sha1
from scrubber.live.server_file import tool_prefix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST = 64
"""Characters that a tool's name may have with all providers."""

Place = tuple[str, str]
"""(server, tool), both as the user and the server name them."""


def full_name(server: str, tool: str) -> str:
    """The name that a model is told: letters, digits, ``_`` and ``-``, at most 64 of them."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", f"mcp__{server}__{tool}")
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 9]}_{sha1(name.encode()).hexdigest()[:8]}"


def is_of(server: str, name: str) -> bool:
    """Whether a name has a server's name in front."""
    key, prefix = tool_prefix(name), tool_prefix(server)
    return key.startswith((f"mcp__{prefix}__", f"mcp_{prefix}_", f"{prefix}__"))


def could_be_of(server: str, name: str) -> bool:
    """Whether a name could mean a tool of a server of which nothing is known but its own name."""
    return is_of(server, name) or not name.lower().startswith("mcp_")


class Directory:
    """The tools of several servers, by every name that can mean them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.names: dict[Place, str] = {}
        """What a model is told; no two are the same."""
        self._by_name: dict[str, Place] = {}
        self._by_tool: dict[str, set[Place]] = {}
        self._by_spelling: dict[str, set[Place]] = {}
        for place in places:
            self._enter(place)

    def _enter(self, place: Place) -> None:
        server, tool = place
        name = full_name(server, tool)
        if name in self._by_name:  # two tools whose names differ only in odd characters
            mark = sha1(repr(place).encode()).hexdigest()[:8]
            name = f"{name[: LONGEST - 9]}_{mark}"
        self.names[place], self._by_name[name] = name, place
        self._by_tool.setdefault(tool, set()).add(place)
        for spelling in (name, *_spellings(server, tool)):
            self._by_spelling.setdefault(tool_prefix(spelling), set()).add(place)

    def find(self, name: str) -> Place | None:
        """The tool that a name means; None if it means none, or could mean several.

        A name without its server counts only as the server spells it.
        """
        if place := self._by_name.get(name):
            return place
        found = self._by_spelling.get(tool_prefix(name)) or self._by_tool.get(name) or ()
        return next(iter(found)) if len(found) == 1 else None

    def called(self, recorded: Collection[str]) -> dict[Place, str]:
        """What each tool is called by: as a recording has it, else by its full name."""
        found = {place: name for name in recorded if (place := self.find(name))}
        return {place: found.get(place, name) for place, name in self.names.items()}


def _spellings(server: str, tool: str) -> tuple[str, ...]:
    return f"{server}__{tool}", f"mcp_{server}_{tool}", f"{server}_{tool}"
