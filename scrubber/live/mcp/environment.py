"""What a server is started with: its command, found, and an environment without our secrets.

A server never runs in this program's own Python environment: what it needs must not meet what we
need. It gets a few variables of the system and what the user has set for it, nothing else.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.live.mcp.errors import ServerError
from scrubber.live.references import MissingValueError, expand, expand_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrubber.live.references import Lookup
    from scrubber.live.servers import Server

_PASSED = (
    "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ",
    "USER",
)  # fmt: skip
_PASSED_ON_WINDOWS = (
    "APPDATA", "COMSPEC", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT",
    "PROCESSOR_ARCHITECTURE", "PROGRAMDATA", "PROGRAMFILES", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP",
    "TMP", "USERNAME", "USERPROFILE",
)  # fmt: skip
_COME_WITH = {"uvx": "uv", "uv": "uv", "npx": "Node.js", "node": "Node.js", "docker": "Docker"}


@dataclass(frozen=True, slots=True)
class Launch:
    """A command line, ready to be run."""

    words: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str


def launch_of(server: Server, lookup: Lookup) -> Launch:
    """What to run for a server; a ServerError says what is missing."""
    with _missing():
        env = {**passed_on(), **expand_all(server.env, lookup)}
        words = [expand(word, lookup) for word in (server.command, *server.args)]
        cwd = Path(expand(server.cwd, lookup) or "~").expanduser()
    if not cwd.is_dir():
        raise ServerError(f"its folder {cwd} is not there")
    words[0] = _find(words[0], env.get("PATH", os.defpath), cwd)
    return Launch(tuple(words), env, str(cwd))


def address_of(server: Server, lookup: Lookup) -> tuple[str, dict[str, str]]:
    """The address and the headers of a server on HTTP; a ServerError says what is missing."""
    with _missing():
        return expand(server.url, lookup), expand_all(server.headers, lookup)


@contextmanager
def _missing() -> Iterator[None]:
    try:
        yield
    except MissingValueError as error:
        how = f"set it in the environment, or run `scrubber tools key {error.name}`"
        raise ServerError(f"{error}: {how}") from None


def passed_on() -> dict[str, str]:
    """The variables that every server gets; the PATH without this program's own environment."""
    names = _PASSED_ON_WINDOWS if sys.platform == "win32" else _PASSED
    env = {name: os.environ[name] for name in names if name in os.environ}
    if "PATH" in env:
        folders = env["PATH"].split(os.pathsep)
        env["PATH"] = os.pathsep.join(folder for folder in folders if not _is_ours(folder))
    return env


def _is_ours(folder: str | Path) -> bool:
    """Whether a folder is the one with the scripts of the environment that we run in."""
    ours = Path(sysconfig.get_path("scripts"))
    return sys.prefix != sys.base_prefix and Path(folder).absolute() == ours.absolute()


def _find(command: str, path: str, cwd: Path) -> str:
    if os.sep in command or "/" in command:
        found = cwd / Path(command).expanduser()
        if not os.access(found, os.X_OK) or found.is_dir():
            raise ServerError(f"{found} is not there, or no program")
    else:
        in_path = shutil.which(command, path=path)
        if in_path is None:
            source = _COME_WITH.get(command)
            hint = f"; it comes with {source}" if source else ""
            raise ServerError(f"the command {command!r} was not found on the PATH{hint}")
        found = Path(in_path)
    if _is_ours(found.parent):
        raise ServerError(
            f"{found} belongs to this program; a server needs an environment of its own"
        )
    return str(found)
