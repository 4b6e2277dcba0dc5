"""What running a branch on would use, and what is wrong with it: worked out in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrubber.core.errors import ScrubberError
from scrubber.models import providers

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrubber.api import OpenStore
    from scrubber.live.lint import Finding
    from scrubber.live.provider import Forecast, Provider
    from scrubber.live.reports import Report
    from scrubber.live.settings import BranchSettings

    Make = Callable[[BranchSettings], Provider | str]

LONGEST = 40_000
"""Events of a session up to which a forecast is made without being asked for."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Of one session with certain settings, at one length."""

    session: str
    length: int
    settings: BranchSettings
    forecast: Forecast | None = None
    findings: tuple[Finding, ...] = ()
    left: int | None = None
    """Events that the recording still holds; None where nothing is replayed."""
    waiting: int = 0
    """Calls that are answered by the policy before anything is sent."""
    error: str = ""
    """Why nothing can be told."""


def look(store: OpenStore, session: str, settings: BranchSettings, make: Make) -> Preview:
    """Work it out; costs as much as building the request does."""
    length = store.session(session).events
    blank = Preview(session, length, settings)
    try:
        if settings.provider == providers.REPLAY:
            return _of_replay(store, blank)
        if settings.provider == providers.PERSON:
            return replace(blank, waiting=_waiting(store, blank))
        return _of_model(store, blank, make)
    except (ScrubberError, ImportError) as error:
        return replace(blank, error=str(error))


def _waiting(store: OpenStore, blank: Preview) -> int:
    return len(store.lint(blank.session, blank.length).open_calls)


def _of_replay(store: OpenStore, blank: Preview) -> Preview:
    from scrubber.live.sources import recording_of

    recording = recording_of(store.store, blank.session)
    if recording is None:
        error = "There is no recording to replay: this session is no fork"
        return replace(blank, error=error)
    left = store.session(recording.session).events - recording.at
    return replace(blank, left=left, waiting=_waiting(store, blank))


def _of_model(store: OpenStore, blank: Preview, make: Make) -> Preview:
    import asyncio

    from scrubber.live import context, lint
    from scrubber.live.offering import INFERRED, tools_for
    from scrubber.live.reports import Noted
    from scrubber.live.toolbox import EmptyToolbox
    from scrubber.transfer.exporting import StoredTranscript

    provider, settings = make(blank.settings), blank.settings
    assert not isinstance(provider, str)
    found = store.session(blank.session)
    transcript = StoredTranscript(store.store, found, blank.length)
    calls = list(store.lint(found.id, blank.length).open_calls)
    # What live servers add is known only when they are started, which a look must not do.
    told: list[Report] = []
    plan = settings.plan()
    tools = asyncio.run(tools_for(store.store, found.id, plan, EmptyToolbox(), told.append))
    built = context.build(transcript, settings.params, tools)
    forecast, error = None, ""
    try:
        forecast = provider.forecast(built.request, provider.body(built.request))
    except ScrubberError as failure:  # it can be repaired, or not: the findings say
        error = str(failure)
    findings = lint.findings(built, calls, settings.policy, provider, forecast)
    # What was agreed to is still told, so that one can think better of it.
    findings += [
        lint.Finding(INFERRED, one.text, "define from the recorded calls")
        for one in told
        if isinstance(one, Noted) and INFERRED in settings.repairs
    ]
    return replace(
        blank, forecast=forecast, findings=tuple(findings), waiting=len(calls), error=error
    )
