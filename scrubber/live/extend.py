"""Lets one session run on: puts together what a run needs, and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.live.branch import Branch
from scrubber.live.desk import Desk, EmptyDesk
from scrubber.live.ladder import Answerer
from scrubber.live.person import Person
from scrubber.live.replay import Replay
from scrubber.live.run import Plan
from scrubber.live.runner import Runner
from scrubber.live.sources import recording_of
from scrubber.live.tape import Tape
from scrubber.live.toolbox import EmptyToolbox, Toolbox
from scrubber.store.states import refuse_paused

if TYPE_CHECKING:
    from scrubber.core.running import Outcome
    from scrubber.live.provider import Provider
    from scrubber.live.reports import Observer, Report
    from scrubber.store import Store

BUILT_IN = ("replay", "person")
"""Providers that need nothing but the branch."""


async def extend(
    store: Store,
    session: str,
    provider: Provider | str = "replay",
    plan: Plan | None = None,
    *,
    desk: Desk | None = None,
    toolbox: Toolbox | None = None,
    observer: Observer | None = None,
    what: str = "Scrubber",
) -> Outcome:
    """Let a session run on until its turn ends; the session itself grows.

    ``provider``: one that replies, or its name: ``replay``, ``person``, that of an endpoint,
    ``local:FILE``, or nothing for whoever has the plan's model. Cancelling the task ends the run
    and gives its outcome. A HeldError if another program runs this session (``what`` is what it is
    told of us); a PausedError if somebody has paused it.
    """
    plan, desk, watch = plan or Plan(), desk or EmptyDesk(), observer or nobody
    refuse_paused(store, session)
    with Branch(store, session, what) as branch:
        tape = Tape(store, recording_of(store, branch.id))
        answerer = Answerer(branch.id, plan.policy, tape, toolbox or EmptyToolbox(), desk, watch)
        chosen = provider
        if isinstance(chosen, str):
            chosen = _named(chosen, plan.params.model, store, answerer, desk)
        return await Runner(branch, chosen, answerer, plan, watch).run()


def _named(name: str, model: str, store: Store, answerer: Answerer, desk: Desk) -> Provider:
    if name == "replay":
        return Replay(store, answerer.takes_along)
    if name == "person":
        return Person(desk)
    from scrubber.live.providers.choosing import provider_for

    return provider_for(name, model)


def nobody(report: Report) -> None:
    """Nobody watches."""
