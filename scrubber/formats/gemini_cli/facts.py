"""What a Gemini CLI file and its place tell of the session as a whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrubber.core.events import one_line
from scrubber.core.session import SessionInfo
from scrubber.formats.base import parse_time

if TYPE_CHECKING:
    from pathlib import Path

_TITLE_LENGTH = 90
_FOLDER = re.compile(
    r"Workspace Directories:\*\*\n\s*-\s*(?P<now>[^\n]+)|working in the directory: (?P<old>[^\n]+)"
)
"""Where the context in front of a session names the project's folder; the file itself does not."""


class Facts:
    """Fills in a SessionInfo: ids, titles, times, and the folder of the project."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rank = 0
        self.info = SessionInfo(native_id=path.stem, cwd=_project_root(path))

    def see(self, facts: dict[str, Any]) -> None:
        """Learn from a header or a patch."""
        for key in ("startTime", "start_time", "lastUpdated"):
            self.info.saw(parse_time(facts.get(key)))
        if isinstance(name := facts.get("sessionId"), str) and name:
            self.info.native_id = name
        if "subagent" in (facts.get("kind"), self.info.relation):
            self._is_agent()
        if isinstance(title := facts.get("summary"), str) and title.strip():
            is_result = self.info.relation == "subagent"  # what it found, not what it is about
            self._entitle(title, 0 if is_result else 2)
        folders = facts.get("directories")
        if isinstance(folders, list) and folders and isinstance(folders[0], str):
            self.info.cwd = self.info.cwd or folders[0]

    def _is_agent(self) -> None:
        """A sub-agent's file lies in a folder named by the session that started it."""
        self.info.relation, self.info.agent = "subagent", self.info.native_id
        if self._path.parent.parent.name == "chats":
            self.info.parent_native_id = self._path.parent.name

    def prompt(self, text: str) -> None:
        """The first prompt is the title of a session that has no other."""
        if text and self._rank < 1:
            self._entitle(text, 1)

    def _entitle(self, title: str, rank: int) -> None:
        if rank >= self._rank:
            self.info.title, self._rank = one_line(title, _TITLE_LENGTH), rank

    def context(self, text: str) -> None:
        """Learn the project's folder from the context that the client puts in front."""
        if self.info.cwd is None and (found := _FOLDER.search(text)):
            self.info.cwd = (found["now"] or found["old"]).strip()


def _project_root(path: Path) -> str | None:
    """What the client notes of a project's folder beside the folder ``chats``."""
    for folder in (path.parent.parent, path.parent.parent.parent):
        if (folder / "chats").is_dir():
            try:
                return (folder / ".project_root").read_text(errors="replace").strip() or None
            except OSError:
                return None
    return None
