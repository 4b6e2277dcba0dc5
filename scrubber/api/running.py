"""Letting branches run on, for whoever uses the API: one, or several side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrubber.core.errors import BadArgumentError
from scrubber.live import siblings
from scrubber.live.extend import BUILT_IN, extend, nobody
from scrubber.live.offering import tools_for
from scrubber.live.run import Plan, Purse
from scrubber.live.toolbox import EmptyToolbox
from scrubber.sessions.queue import commands
from scrubber.store.states import refuse_paused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrubber.core.running import Outcome
    from scrubber.live.desk import Desk
    from scrubber.live.provider import Provider
    from scrubber.live.reports import Observer
    from scrubber.live.toolbox import Toolbox
    from scrubber.store import Store


@dataclass(frozen=True, slots=True)
class Continued:
    """A branch that has run on, and how that ended."""

    session: str
    outcome: Outcome


def branch_for(store: Store, session: str, at: int | None, title: str = "") -> str:
    """The session that may grow: one made here itself, or a new fork of one that was imported.

    A session that was imported never changes; one that was forked, or opened by a runtime, grows at
    its end, unless an index asks for another point. A PausedError if the session is paused.
    """
    found = store.session(session)
    refuse_paused(store, found.id)
    if at is None and found.may_grow and not _follows(store, found.id):
        return found.id
    index = found.events if at is None else at
    child, _ = store.fork(found.id, index, title=title or f"{index} · continued")
    return child.id


def _follows(store: Store, session: str) -> bool:
    """Whether a session is what its file says, and grows with it."""
    return store.lineage_facts(session)["follows"] is not None


def do_commands(store: Store, session: str) -> int:
    """Do the session commands that lead a session's queue; gives how many.

    The catalog of tools is asked for anew by every run, so refreshing it is only noted. A
    PausedError if the session is paused, a HeldError if another program runs it just now.
    """
    refuse_paused(store, session)
    if not commands.leads(store, session):
        return 0
    lease, done = store.claim(session), 0
    try:
        while commands.drain(store, lease, {commands.Command.REFRESH_TOOL_CATALOG: _noted}):
            done += 1
    finally:
        store.release(lease)
    return done


def _noted(session: str, command: Mapping[str, Any]) -> None:
    return None


async def continue_branch(
    store: Store,
    session: str,
    provider: Provider | str = "replay",
    plan: Plan | None = None,
    *,
    desk: Desk | None = None,
    toolbox: Toolbox | None = None,
    observer: Observer | None = None,
) -> Outcome:
    """Let one branch run on; see ``scrubber.live.extend``.

    A model is told of ``plan.tools``; if there are none, of the recording's tools, and of those of
    the ``toolbox`` where the policy lets any run (``scrubber.live.offering``). Commands that lead
    the session's queue are done first.
    """
    do_commands(store, session)
    chosen = plan or Plan()
    if not chosen.tools and provider not in BUILT_IN:
        box, watch = toolbox or EmptyToolbox(), observer or nobody
        chosen = replace(chosen, tools=await tools_for(store, session, chosen, box, watch))
    return await extend(
        store, session, provider, chosen, desk=desk, toolbox=toolbox, observer=observer
    )


async def continue_siblings(
    store: Store,
    session: str,
    at: int,
    number: int,
    provider: Provider | str,
    plan: Plan | None = None,
    *,
    desk: Desk | None = None,
    toolbox: Toolbox | None = None,
    observer: Observer | None = None,
) -> list[Continued]:
    """So many forks of one point, run side by side on one budget of tokens and cost."""
    if provider == "replay":
        raise BadArgumentError("a replay says the same each time: siblings need a model")
    refuse_paused(store, session)
    sessions = siblings.fork_siblings(store, session, at, number)
    common = replace(plan or Plan(), purse=Purse())

    async def run(one: str) -> Outcome:
        return await continue_branch(
            store, one, provider, common, desk=desk, toolbox=toolbox, observer=observer
        )

    outcomes = await siblings.side_by_side(sessions, run)
    return [Continued(*pair) for pair in zip(sessions, outcomes, strict=True)]
