"""What the writers that hand sessions back to their agents share: ids, folders, commands."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrubber.core.content import JSON
    from scrubber.core.session import Session


def renamed(value: JSON, new: Mapping[str, str | None]) -> JSON:
    """A value in which every text that is an old id is the new one; ids within texts stay."""
    if isinstance(value, str):
        return new.get(value) or value
    if isinstance(value, list):
        return [renamed(item, new) for item in value]
    if isinstance(value, dict):
        return {key: renamed(item, new) for key, item in value.items()}
    return value


def working_folder(session: Session, cwd: str | None) -> tuple[str, list[str]]:
    """(the folder the agent shall work in, warnings): the one wished, the recorded one, or this."""
    folder = cwd if cwd is not None else session.cwd
    if folder is None:
        here = str(Path.cwd())
        return here, [f"the session does not say which folder it worked in; {here} is taken"]
    folder = os.path.abspath(folder) if cwd is not None else folder  # noqa: PTH100  # keeps links
    if not Path(folder).is_dir():
        return folder, [f"there is no folder {folder} here; choose another one"]
    return folder, []


def environment_folder(variable: str, *otherwise: str) -> Path:
    """The folder that an environment variable names; else one below the home folder."""
    named = os.environ.get(variable)
    return Path(named).expanduser() if named else Path.home().joinpath(*otherwise)


def missing_program(program: str) -> list[str]:
    """A warning if a program cannot be started from here."""
    return [] if shutil.which(program) else [f"{program} is not on this machine's search path"]


def shell_command(cwd: str | None, *programs: Sequence[str]) -> str:
    """Programs with their arguments, one after the other in a folder, to be typed into a shell."""
    if os.name == "nt":
        parts = [subprocess.list2cmdline(words) for words in programs]
        enter = f"cd /d {subprocess.list2cmdline([cwd])}" if cwd else ""
    else:
        parts = [shlex.join(words) for words in programs]
        enter = f"cd {shlex.quote(cwd)}" if cwd else ""
    return " && ".join(filter(None, [enter, *parts]))
