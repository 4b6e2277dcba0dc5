"""What one tool call does to a file, as far as its arguments tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """What is done to a file."""

    WRITE = "write"
    """All of its content is given, whether it was there before or not."""
    CREATE = "create"
    """The same for a file that was not there."""
    EDIT = "edit"
    DELETE = "delete"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of text that takes the place of another. An empty ``old`` adds text somewhere."""

    old: str
    new: str
    everywhere: bool = False
    """Whether each stretch that says ``old`` is replaced, not only the first."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One change of one file. With neither content nor hunks, what changed is not recorded."""

    path: str
    """As the call has it."""
    verb: Verb
    hunks: tuple[Hunk, ...] = ()
    content: str | None = None
    """What the file holds from now on, whole."""
    target: str | None = None
    """Where it was moved to."""

    @property
    def is_recorded(self) -> bool:
        """Whether the call tells what changed."""
        told = bool(self.hunks) or self.content is not None
        return told or self.verb is Verb.DELETE or self.target is not None


def absolute(path: str, cwd: str | None) -> str:
    """A path with the folder in front of it that it is relative to, where that is known."""
    plain = path.strip().removeprefix("file://")
    if not cwd or not plain or plain[0] in "/\\~" or plain[1:3] in (":\\", ":/"):
        return plain
    return f"{cwd.rstrip('/')}/{plain.removeprefix('./')}"


def shown(path: str, cwd: str | None) -> str:
    """A path as people read it: relative to the session's folder where it lies in it."""
    folder = f"{cwd.rstrip('/')}/" if cwd else ""
    return path.removeprefix(folder) if folder and path != folder else path
