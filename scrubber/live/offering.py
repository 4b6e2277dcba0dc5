"""Which tools a model is told of on a branch: the recording's, and those that may really run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrubber.core.ages import count
from scrubber.live.reports import Noted
from scrubber.live.sources import recording_of
from scrubber.live.taped_tools import calls_in, definitions_in
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from scrubber.live.provider import Tool
    from scrubber.live.reports import Observer
    from scrubber.live.run import Plan
    from scrubber.live.taped_tools import Calls
    from scrubber.live.toolbox import Toolbox
    from scrubber.store import Store

INFERRED = "unknown_tool"
"""The finding of the lint whose repair defines tools by their calls."""


async def tools_for(
    store: Store, session: str, plan: Plan, toolbox: Toolbox, observer: Observer
) -> tuple[Tool, ...]:
    """The tools that are defined on the branch or in what it was forked from, then the live ones,
    by the names that the recording has for them, then those of which only calls are known.

    No server is started where the policy lets nothing run. What is made up is told.
    """
    defined, called = await asyncio.to_thread(_taped, store, session)
    tools = {tool.name: tool for tool in defined}
    if plan.policy.may_run:
        for tool in await toolbox.tools({*tools, *called}):
            tools.setdefault(tool.name, tool)
        for problem in toolbox.problems:
            observer(Noted(session, problem))
    unknown = [calls for name, calls in called.items() if name not in tools]
    if unknown and plan.agrees(INFERRED):
        tools |= await asyncio.to_thread(_inferred, unknown)
        names = ", ".join(calls.name for calls in unknown[:6]) + ("…" if len(unknown) > 6 else "")
        told = f"{count(len(unknown), 'tool')} defined from the recorded calls: {names}"
        observer(Noted(session, told))
    return tuple(tools.values())


def _taped(store: Store, session: str) -> tuple[tuple[Tool, ...], dict[str, Calls]]:
    """What is defined, and what was called: on the branch, and also later in its recording."""
    recording = recording_of(store, session)
    names = [session] + ([recording.session] if recording else [])
    found = [store.session(name) for name in names]
    transcripts = [StoredTranscript(store, one, one.events) for one in found]
    return definitions_in(*transcripts), calls_in(*transcripts)


def _inferred(unknown: list[Calls]) -> dict[str, Tool]:
    return {calls.name: calls.tool() for calls in unknown}
