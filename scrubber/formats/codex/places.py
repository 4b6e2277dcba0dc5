"""Where Codex keeps its sessions, and which model providers its user has set up."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.formats.resuming import environment_folder

if TYPE_CHECKING:
    from pathlib import Path

OPENAI = "openai"
"""The model provider that is taken where nobody chose one."""

_BUILT_IN = frozenset({OPENAI, "ollama", "lmstudio", "oss", "amazon-bedrock"})


class Providers(NamedTuple):
    """The model providers of a user: the one for new sessions, and all by name."""

    chosen: str
    known: frozenset[str]


def codex_home() -> Path:
    """``$CODEX_HOME``, or ``~/.codex``."""
    return environment_folder("CODEX_HOME", ".codex")


def providers() -> Providers:
    """What the user's ``config.toml`` says of model providers; of the rest nothing is looked at."""
    try:
        config: dict[str, Any] = tomllib.loads((codex_home() / "config.toml").read_text("utf-8"))
    except (OSError, ValueError):
        config = {}
    chosen, own = config.get("model_provider"), config.get("model_providers")
    known = _BUILT_IN | frozenset(own if isinstance(own, dict) else ())
    return Providers(chosen if isinstance(chosen, str) and chosen in known else OPENAI, known)
