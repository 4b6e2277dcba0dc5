"""The first line of a new rollout: the facts of its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scrubber.formats.codex.ids import moment_of, stamp
from scrubber.formats.codex.places import OPENAI
from scrubber.formats.codex.records import Record, inner
from scrubber.version import __version__

if TYPE_CHECKING:
    from uuid import UUID

    from scrubber.core.session import Session

_LEFT_OUT = (
    "history_base", "forked_from_ordinal_exclusive", "parent_thread_id", "agent_nickname",
    "agent_role", "agent_path",
)  # fmt: skip
"""Facts of a session that are not those of its copy, which holds all and is no sub-agent's."""

_OFFERED = ("cli", "vscode")
"""Sources of sessions that the client offers to resume."""


class Address(NamedTuple):
    """Where a new rollout is to be at home."""

    session: UUID
    cwd: str | None = None
    """The folder to work in; None: the one that was recorded."""
    provider: str = OPENAI
    """Of the model of a session that names none, as other agents' do."""


def facts_of(meta: Record, source: Session, address: Address, prompt: str | None) -> Record:
    """The facts as they were (``meta``, empty for other agents'), but those of a new session.

    ``prompt`` is the system prompt; None: the client's own.
    """
    facts = {
        "cwd": source.cwd or "/",
        "originator": "scrubber",
        "cli_version": __version__,
        "model_provider": address.provider,  # without one it is not resumed on the screen
        **{key: value for key, value in meta.items() if key not in _LEFT_OUT and value is not None},
        "id": str(address.session),
        "timestamp": stamp(moment_of(address.session)),
    }
    facts["source"] = meta["source"] if meta.get("source") in _OFFERED else "cli"
    if "session_id" in meta:
        facts["session_id"] = str(address.session)
    if meta.get("thread_source") == "subagent":
        facts["thread_source"] = "user"
    if address.cwd is not None:
        facts["cwd"] = address.cwd
    if "id" in meta:
        facts["forked_from_id"] = meta["id"]
    return _prompted(facts, prompt)


def _prompted(facts: Record, prompt: str | None) -> Record:
    if prompt is None:
        return {key: value for key, value in facts.items() if key != "base_instructions"}
    if prompt == inner(facts, "base_instructions").get("text"):
        return facts
    return facts | {"base_instructions": {"text": prompt}}
