"""The words in which the sample's story is told; make_sample.py turns them into records.

A story is a list of steps. ``after`` is the pause before a step, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.resources.sample_output import ROOT

Args = dict[str, Any]


@dataclass(frozen=True)
class Think:
    """A block of signed reasoning."""

    text: str


@dataclass(frozen=True)
class Say:
    """A block of text."""

    text: str


@dataclass(frozen=True)
class Call:
    """A tool call and what comes of it.

    Reading, searching, editing and planning are answered from the shop's files; only what a command
    printed (``output``) is told. ``seconds`` is None for a call that was never answered.
    """

    tool: str
    args: Args
    output: str = ""
    exit_code: int = 0
    seconds: float | None = 0.3
    error: str = ""


@dataclass(frozen=True)
class Prompt:
    """Something the user says, perhaps with the picture pasted in front of it."""

    text: str
    after: float = 20
    picture: bool = False


@dataclass(frozen=True)
class Reply:
    """One message of the model: its blocks, then the results of its calls."""

    blocks: tuple[Think | Say | Call, ...]
    after: float = 4
    weight: int = 0
    """Tokens that this step adds to the context beside its own text (reminders, file listings)."""
    meanwhile: tuple[Queue, ...] = ()
    """What the user types before the results are in."""


@dataclass(frozen=True)
class Attachment:
    """Context that the harness adds by itself."""

    body: Args
    after: float = 0.05


@dataclass(frozen=True)
class System:
    """A record of the harness's own: a retry, the end of a turn."""

    subtype: str
    body: Args
    after: float = 0.4


@dataclass(frozen=True)
class Queue:
    """The user types while the agent works."""

    operation: str
    text: str = ""
    after: float = 3


@dataclass(frozen=True)
class Meta:
    """A record without place in the conversation: a title, a mode."""

    type: str
    body: Args


@dataclass(frozen=True)
class Compaction:
    """The context is full: a summary takes its place, and some files are read again."""

    summary: str
    files: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    seconds: float = 71


Step = Prompt | Reply | Attachment | System | Queue | Meta | Compaction


@dataclass(frozen=True)
class Story:
    """A session: the steps of the main agent, and of each sub-agent by its id."""

    steps: tuple[Step, ...]
    files: dict[str, str]
    helpers: dict[str, tuple[Step, ...]] = field(default_factory=dict)


# --- short forms, so that the story reads like one


def reply(*blocks: Think | Say | Call, after: float = 4, weight: int = 0) -> Reply:
    """A message of the model."""
    return Reply(blocks, after, weight)


def agent(what: str, prompt: str, helper: str) -> Call:
    """Send a sub-agent; its own story goes by the name ``helper``."""
    args = {"description": what, "prompt": prompt, "subagent_type": "Explore"}
    return Call("Agent", args, output=helper)


def read(path: str, offset: int = 0, limit: int = 0) -> Call:
    """Read a file of the shop, or some lines of it."""
    window = {"offset": offset, "limit": limit} if limit else {}
    return Call("Read", {"file_path": f"{ROOT}/{path}", **window}, seconds=0.05)


def grep(pattern: str, path: str) -> Call:
    """Search the shop's files, with line numbers."""
    args = {
        "pattern": pattern,
        "path": f"{ROOT}/{path}".rstrip("/"),
        "output_mode": "content",
        "-n": True,
    }
    return Call("Grep", args, seconds=0.12)


def glob(pattern: str) -> Call:
    """List the shop's files."""
    return Call("Glob", {"pattern": pattern}, seconds=0.08)


def bash(
    command: str, what: str, output: str = "", exit_code: int = 0, seconds: float | None = 1.1
) -> Call:
    """Run a command."""
    args = {"command": command, "description": what}
    return Call("Bash", args, output.strip("\n"), exit_code, seconds)


def edit(path: str, old: str, new: str, error: str = "") -> Call:
    """Replace text in a file."""
    places = {"file_path": f"{ROOT}/{path}", "old_string": old, "new_string": new}
    args = {"replace_all": False, **places}
    return Call("Edit", args, seconds=0.4, error=error)


def write(path: str, content: str) -> Call:
    """Write a new file."""
    return Call("Write", {"file_path": f"{ROOT}/{path}", "content": content}, seconds=0.4)


def plan(**items: str) -> Call:
    """A to-do list; each item's status by its name in PLAN."""
    todos = [
        {"content": PLAN[name][0], "status": status, "activeForm": PLAN[name][1]}
        for name, status in items.items()
    ]
    return Call("TodoWrite", {"todos": todos}, seconds=0.02)


PLAN = {
    "see": ("Reproduce the lost cart", "Reproducing the lost cart"),
    "find": ("Find where the cart goes overboard", "Finding where the cart goes overboard"),
    "fix": ("Keep the cart through login, with the rotation", "Keeping the cart through login"),
    "test": ("Pin the behaviour down in tests", "Pinning the behaviour down in tests"),
}
