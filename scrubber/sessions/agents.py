"""Agents and their sub-agents, after RustyClaw: keys, kinds, labels, how each of them ended.

A key is a session's id: ``agent:main:main``, ``agent:main:subagent:<uuid>``. Moments are
milliseconds since 1970, durations seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError, ConflictError, UnknownSessionError
from scrubber.core.uuids import uuid7
from scrubber.sessions import messages, states
from scrubber.sessions.base import counted
from scrubber.sessions.lineage import Lineage
from scrubber.store.sessions import now_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrubber.core.session import Session
    from scrubber.sessions.messages import Said
    from scrubber.store.life_facts import LifeFacts

KINDS = ("main", "subagent", "cron")
STATUSES = ("active", "paused", "completed", "error", "timeout", "stopped")
_TOOL_ROLES = ("tool", "tool_result", "function")
LISTED = 20
"""Sessions, or messages of a history, unless another limit is given: that of RustyClaw's tools."""


class NotActiveError(ConflictError):
    """The session has ended or rests: it takes no message."""


@dataclass(frozen=True, slots=True)
class Spawned:
    """A sub-agent's session, ready for its first message."""

    session: str
    run: str
    status: str = "accepted"


@dataclass(frozen=True, slots=True)
class Listed:
    """A session in a list; ``finished`` is None while it goes on."""

    session: Session
    facts: LifeFacts
    status: str

    @property
    def seconds(self) -> float:
        """How long it ran, up to now if it has not ended."""
        return _seconds(self.session, self.facts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a history, and when it was said (ms; None if its source does not tell)."""

    ts: int | None
    message: Said


class Agents(Lineage):
    """Sessions of agents: begun, found, written to, ended."""

    def main(self, agent: str = "main") -> str:
        """The main session of an agent, made if there is none."""
        return self.open_as(f"agent:{agent}:main", "main", agent=agent)

    def open_as(self, id: str | None, kind: str, **facts: Any) -> str:
        """Open a session of a kind; one that is there keeps what it is."""
        if kind not in KINDS:
            raise BadArgumentError(f"{kind!r} is no kind of session: use {', '.join(KINDS)}")
        is_new = id is None or not self.exists(id)
        session = self.open(id)
        if is_new:
            self.lives.put(session, kind=kind, **facts)
        return session

    def spawn_subagent(
        self, task: str, *, agent: str = "main", label: str | None = None, parent: str | None = None
    ) -> Spawned:
        """A session for a sub-agent with a task, below its parent if that is given."""
        if parent is not None:
            self._known("spawn_subagent", parent)
        session, run = f"agent:{agent}:subagent:{uuid7()}", uuid7()

        def work() -> None:
            title = label or task or session
            self.lives.create(session, title=title, relation="subagent")
            facts = {"agent": agent, "label": label, "task": task, "run": run}
            self.lives.put(session, kind="subagent", **facts)
            if parent is not None:
                at = self.store.session(parent).events
                self.lives.adopt(parent, session, "subagent", at)

        self._atomic(work)
        self.resident.touch(session)
        self._made(session)
        return Spawned(session, run)

    # Finding

    def by_label(self, label: str) -> str | None:
        """The session that was given this label last, None if none was."""
        return self.lives.labelled(label)

    def set_label(self, id: str, label: str | None) -> None:
        """Give a session a label; whoever had it before keeps it, and is no longer found by it."""
        self.lives.put(self._known("set_label", id), label=label)

    def facts(self, id: str) -> LifeFacts:
        """Its kind, agent, label, task, run, and when it ended."""
        return self.lives.facts(self._known("facts", id))

    def history(
        self, id: str, limit: int | None = LISTED, include_tools: bool = False
    ) -> list[Entry] | None:
        """The last messages in order, None if there is no such session.

        First what tools gave is left out, if it is not asked for; then the last are taken.
        """
        if not self.exists(id):
            return None
        _check_limit(limit)
        view = self._view(id)
        pairs = zip(view.spans, self.messages(id), strict=True)
        told = [Entry(span[0].ts, m) for span, m in pairs if include_tools or not _is_tools(m)]
        return told if limit is None else told[max(len(told) - limit, 0) :]

    def send_message(
        self, content: Any, *, id: str | None = None, label: str | None = None
    ) -> None:
        """Say something as the user to a session by id or label, if it is active."""
        if id is None and label is None:
            raise BadArgumentError("Must provide sessionKey or label")
        if id is None and (id := self.by_label(label or "")) is None:
            raise UnknownSessionError(f"No session found with label: {label}")
        session = self._own("send_message", id)
        message = messages.checked({"role": "user", "content": content})
        made = messages.records(message)

        def work() -> None:
            status = self.status(session)
            if status != "active":
                raise NotActiveError(f"Session is not active: {status}")
            self.store.append(session, made)

        self._atomic(work)
        self._said(session, message, made)

    def status(self, id: str) -> str:
        """``active`` until it ends or is paused: how a run of it has ended is no end of it."""
        return self._status(self.store.session(self._known("status", id)), self.lives.facts(id))

    def _status(self, session: Session, facts: LifeFacts) -> str:
        state = states.standing(self.store, session.id).state
        if state is states.State.PAUSED:
            return str(state)
        is_open = facts.finished is None and state is states.State.ACTIVE
        return "active" if is_open and session.source is None else session.status

    # Ending

    def complete(self, id: str) -> None:
        """It has done its work. A later ending overwrites an earlier one."""
        self._end("complete", id, "completed")

    def fail(self, id: str, reason: str = "", *, timeout: bool = False) -> None:
        """It has failed, or run out of time."""
        self._end("fail", id, "timeout" if timeout else "error", reason)

    def stop(self, id: str, reason: str = "") -> None:
        """It was stopped."""
        self._end("stop", id, "stopped", reason)

    def run_time(self, id: str) -> float:
        """Seconds from its beginning to its end, or to now."""
        session = self.store.session(self._known("run_time", id))
        return _seconds(session, self.lives.facts(id))

    def _end(self, verb: str, id: str, status: str, reason: str = "") -> None:
        """Note how it ended, and when; its state (see ``states``) is completed or error then."""
        self._known(verb, id)

        def work() -> None:
            if status in ("error", "timeout"):
                states.fail(self.store, id, reason)
            else:
                states.complete(self.store, id)
            if self.store.session(id).status != status:
                self.store.update(id, status=status)
            self.lives.put(id, finished=now_ms())

        self._atomic(work)
        self._changed(id, {"type": "session_closed", "status": status})

    # The list; last, because its name is that of a type

    def list(
        self,
        kinds: Sequence[str] | None = None,
        active_only: bool = False,
        limit: int | None = LISTED,
    ) -> list[Listed]:
        """The runtime's sessions, those made last first: filtered first, then limited."""
        _check_limit(limit)
        found = self.lives.listed(kinds, active_only, limit)
        return [Listed(*row, self._status(*row)) for row in found]


def _seconds(session: Session, facts: LifeFacts) -> float:
    stop = now_ms() if facts.finished is None else facts.finished
    return (stop - session.created) / 1000


def _check_limit(limit: int | None) -> None:
    if limit is not None:
        counted("limit", limit)


def _is_tools(message: Said) -> bool:
    return message.get("role") in _TOOL_ROLES
