"""All formats: those of this package, and those that installed packages add by entry point."""

from __future__ import annotations

import logging
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.formats import containers
from scrubber.formats.base import AgentWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrubber.formats.base import Format, Writer

ENTRY_POINTS = "scrubber.formats"
"""Group of entry points that name a Format object: ``name = "package.module:FORMAT"``."""

HEAD_BYTES = containers.HEAD_BYTES
"""How much of a file is read to recognise it."""

SURE = 100
"""What a format says that has no doubt: nobody else is asked."""

_BUILT_IN = {
    "aider": "aider",
    "claude-code": "claude_code",
    "cline": "cline",
    "codex": "codex",
    "copilot-cli": "copilot_cli",
    "cursor": "cursor",
    "droid": "droid",
    "gemini-cli": "gemini_cli",
    "qwen-code": "qwen_code",
    "messages": "messages",
    "anthropic": "anthropic",
    "responses": "responses",
    "sharegpt": "sharegpt",
    "scrubber": "own",
    "atif": "atif",
    "swe-agent": "swe_agent",
    "mini-swe-agent": "mini_swe_agent",
    "openhands": "openhands",
    "inspect": "inspect_ai",
    "opencode": "opencode",
    "agents-sdk": "agents_sdk",
    "langgraph": "langgraph",
    "llm": "llm_logs",
    "pi": "pi",
    "chatgpt": "chatgpt",
    "claude-ai": "claude_ai",
    "otel": "otel",
    "fluers": "fluers",
    "a3s": "a3s",
    "harn-transcript": "harn.transcript",
    "harn-events": "harn.event_log",
    "harn-llm": "harn.llm_log",
    "harn-store": "harn.session_store",
    "lash": "lash",
    "rustyclaw": "rustyclaw.session",
    "rustyclaw-threads": "rustyclaw.threads",
}
"""The module of each format, by the name of the format: only those that are wanted are imported."""

_WRITERS = (
    "claude_code.writer",
    "codex.writer",
    "pi.writer",
    "gemini_cli.writer",
    "messages",
    "anthropic",
    "responses",
    "sharegpt",
    "markdown",
    "atif",
    "html",
    "pairs",
    "opencode.writer",
    "agents_sdk.writer",
    "fluers.writer",
    "a3s.writer",
    "harn.transcript_writer",
    "harn.event_writer",
    "rustyclaw.writer",
)
_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def formats() -> dict[str, Format]:
    """Every format by its name."""
    from importlib.metadata import entry_points  # 3 MB, which few that read a session need

    known = {name: _built_in(name) for name in _BUILT_IN}
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            added: Format = entry.load()
        except Exception:
            _log.warning("format %r of %s cannot be loaded", entry.name, entry.value, exc_info=True)
            continue
        known.setdefault(added.name, added)
    return known


@cache
def _built_in(name: str) -> Format:
    found: Format = import_module(f"scrubber.formats.{_BUILT_IN[name]}").FORMAT
    return found


@lru_cache(maxsize=1)
def writers() -> dict[str, Writer]:
    """Every writer by its name."""
    found: list[Writer] = [
        import_module(f"scrubber.formats.{module}").WRITER for module in _WRITERS
    ]
    return {writer.name: writer for writer in found}


def agents() -> dict[str, AgentWriter]:
    """The writers whose sessions an agent resumes, by name."""
    return {name: found for name, found in writers().items() if isinstance(found, AgentWriter)}


def agent(name: str) -> AgentWriter:
    """The one with this name; a ValueError names those there are."""
    try:
        return agents()[name]
    except KeyError:
        known = ", ".join(sorted(agents()))
        raise BadArgumentError(
            f"no agent resumes sessions in the format {name!r}: use one of {known}"
        ) from None


def writer(name: str) -> Writer:
    """The writer with this name; a ValueError names those there are."""
    try:
        return writers()[name]
    except KeyError:
        known = ", ".join(sorted(writers()))
        raise BadArgumentError(f"nothing writes the format {name!r}: use one of {known}") from None


def get(name: str) -> Format:
    """The format with this name; a ValueError names those there are."""
    if name in _BUILT_IN:
        return _built_in(name)
    try:
        return formats()[name]
    except KeyError:
        known = ", ".join(sorted(formats()))
        raise BadArgumentError(f"there is no format {name!r}: use one of {known}") from None


def recognise(path: Path) -> Format:
    """The format of a file, by its content; a FormatError names the file if none fits."""
    head = containers.head_of(path)
    if not head.strip():
        raise FormatError(f"{path}: the file is empty")
    best, most = None, 0
    for format in formats().values():
        sure = format.sniff(path, head)
        if sure > most:
            best, most = format, sure
        if sure >= SURE:
            break
    if best is None:
        raise FormatError(f"{path}: not a transcript of any known format")
    return best


def endings() -> tuple[str, ...]:
    """The endings of files that are looked at in folders."""
    return containers.endings_of(formats().values())


def whole_of(path: Path) -> Path:
    """The file that stands for the source that a file is a part of; most stand for themselves."""
    return containers.whole_of(of_many_files(), path)


def of_many_files() -> list[Format]:
    """The formats that have sources of many files."""
    return [one for one in formats().values() if getattr(one, "belongs_to", None) is not None]


def names() -> Sequence[str]:
    """The names of all formats."""
    return sorted(formats())
