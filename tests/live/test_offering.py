"""What tools a model is told of on a branch, and real tools in a whole run."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import pytest

from scrubber.api import tools
from scrubber.api.running import continue_branch
from scrubber.core.events import Kind
from scrubber.core.policy import parse_policy
from scrubber.core.running import Ending
from scrubber.live.offering import tools_for
from scrubber.live.provider import Tool
from scrubber.live.run import Plan
from scrubber.live.toolbox import EmptyToolbox
from tests.live.mcp.conftest import OUTER_PYTHON, odd
from tests.live.scripted import Scripted, calls, done, says

OBJECT = {"type": "object", "properties": {}}


class Toolbox(EmptyToolbox):
    """Two tools, of which the recording calls one, and a server that is not there."""

    problems = ("server x: it was stopped",)

    def __init__(self):
        self.asked = []

    async def tools(self, recorded=()):
        self.asked.append(set(recorded))
        return (Tool("clock", "Tells the time.", OBJECT), Tool("mcp__eyes__look", "", OBJECT))


def offered(bench, session, policy, toolbox, **plan):
    told = list[Any]()
    chosen = Plan(policy=parse_policy(policy), **plan)
    work = tools_for(bench.store.store, session, chosen, toolbox, told.append)
    found = asyncio.run(work)
    return {tool.name: tool for tool in found}, [note.text for note in told]


def test_tools_that_were_only_called_are_defined_and_that_is_told(bench, short):
    box = Toolbox()
    found, told = offered(bench, short, ["recorded", "ask"], box)
    assert list(found) == ["clock"]
    assert found["clock"].schema["properties"] == {"zone": {"type": "string"}}
    assert told == ["1 tool defined from the recorded calls: clock"]
    assert box.asked == []


def test_no_tool_is_made_up_against_ones_will(bench, short):
    found, told = offered(bench, short, "recorded", Toolbox(), repairs=frozenset())
    assert (found, told) == ({}, [])


def test_the_server_knows_its_tool_better_than_the_calls(bench, short):
    box = Toolbox()
    found, told = offered(bench, short, ["recorded", "live"], box)
    assert list(found) == ["clock", "mcp__eyes__look"]
    assert found["clock"].description == "Tells the time."
    assert box.asked == [{"clock"}]
    assert told == ["server x: it was stopped"]


def test_what_the_recording_calls_later_is_told_too(bench, short):
    fork = bench.store.store.fork(short, 2, title="fork")[0].id
    assert list(offered(bench, fork, "recorded", EmptyToolbox())[0]) == ["clock"]


def test_the_recordings_definitions_come_first(bench, tmp_path):
    path = tmp_path / "defined.jsonl"
    clock = {"name": "clock", "description": "As recorded.", "parameters": OBJECT}
    definition = {"type": "function", "function": clock}
    said = [{"role": "user", "content": "What time?"}, {"role": "assistant", "content": "Noon."}]
    path.write_text(json.dumps({"messages": said, "tools": [definition]}))
    (done_,) = bench.store.import_paths(path)
    found, _ = offered(bench, done_.session, "live", Toolbox())
    assert found["clock"] == Tool("clock", "As recorded.", OBJECT, definition)


posix = pytest.mark.skipif(os.name != "posix", reason="processes as on Unix")


@posix
def test_a_run_with_a_real_server(bench, short):
    provider = Scripted(
        [*calls("echo", "x1", a=1), *calls("mcp__odd__fails", "x2", 1), *done()],
        [*calls("dies", "x3"), *done()],
        [*says("ok"), *done()],
    )
    policy = {"default": "live", "permissions": {"allow": ["mcp__odd"]}}
    length = bench.store.session(short).events

    async def work():
        box = tools.toolbox([odd()])
        try:
            plan = Plan(policy=parse_policy(policy))
            return await continue_branch(
                bench.store.store, short, provider, plan, toolbox=box, observer=bench.reports.append
            )
        finally:
            await box.close()

    outcome = asyncio.run(work())
    assert outcome.ending is Ending.FINISHED
    assert {"clock", "mcp__odd__echo"} <= {tool.name for tool in provider.requests[0].tools}
    results = [e for e in bench.store.events(short, length) if e.kind is Kind.TOOL_RESULT]
    assert [(e.text, e.origin.label, e.is_error) for e in results] == [
        ('{"a": 1}', "resampled", False),
        ("no such thing", "resampled", True),
        ('Server odd: it ended with status 3; its last words: "I have had enough"',
         "resampled", True),
    ]  # fmt: skip
    detail = bench.store.content(results[0]).detail
    assert detail == {"told": {"rung": "live"}, "detail": {"server": "odd"}}
    assert bench.faults() == []


@posix
def test_the_command_runs_real_tools(bench, short, tmp_path, home):
    """By replay: the recorded call is answered by the tool of a server of our own."""
    from scrubber.cli import main

    tools.add("home", {"command": OUTER_PYTHON, "args": ["-u", odd().args[1]], "enabled": True})
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"default": "live", "permissions": {"allow": ["mcp__home"]}}))
    fork = bench.store.store.fork(short, 3, title="fork")[0].id
    words = ["continue", fork, "--policy", str(policy), "--store", str(bench.store.path)]
    main(words)
    result = bench.store.events(fork)[3]
    assert (result.kind, result.text) == (Kind.TOOL_RESULT, "live noon")
