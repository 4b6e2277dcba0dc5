"""What a run has noted about itself is read in the inspector."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.api.running import continue_branch
from scrubber.core.events import Kind
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.live.run import Plan
from scrubber.ui.inspector import reading, words
from tests.helpers.scripted import Scripted, calls, says

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore


@pytest.fixture
def store(tmp_path: Path, bundled_sample: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as store:
        store.import_paths([bundled_sample])
        yield store


def sections(store: OpenStore, session: str, kind: Kind) -> dict[str, dict[str, str]]:
    """The inspector's sections for the last event of a kind, by their titles."""
    event = next(e for e in reversed(store.events(session)) if e.kind is kind)
    look = reading.read(store, session, event.index + 1)
    return {
        section.title: {fact.label: fact.value for fact in section.facts}
        for section in words.event_sections(look)
    }


@pytest.fixture
def branch(store: OpenStore) -> str:
    """A branch that called a tool, which was answered with an error, and then said something."""
    fork = store.fork(store.roots()[0].id, 26).session.id
    plan = Plan(policy=Policy(Ladder((Rung.ERROR,), error="no such file")), keep_bodies=True)
    script = Scripted(calls("Read", {"file_path": "x"}), says("It is not there."))
    asyncio.run(continue_branch(store.store, fork, script, plan))
    return fork


def test_a_request_tells_its_hash_and_its_forecast(store: OpenStore, branch: str) -> None:
    request = sections(store, branch, Kind.MODEL_CALL)["Request"]
    assert len(request["SHA-256"]) == 64
    assert request["Provider"] == "scripted"
    assert request["Forecast"] == "1,200 tokens in, 900 cached, $0.0020"
    assert request["Body"] == "kept whole: see the record"
    assert "Read" in request["Tools"]


def test_a_reply_tells_what_was_used_and_how_good_the_forecast_was(
    store: OpenStore, branch: str
) -> None:
    reply = sections(store, branch, Kind.USAGE)["Reply"]
    assert reply["Model"] == "scripted-1"
    assert reply["Ended by"] == "end"
    assert reply["Forecast"] == "1,200 tokens in; it was -17%"


def test_the_end_of_a_run_tells_why(store: OpenStore, branch: str) -> None:
    run = sections(store, branch, Kind.TURN_END)["Run"]
    assert run["Ending"] == "finished"
    assert run["Turns"] == "2"


def test_a_stub_names_its_rung_and_recorded_events_have_no_run(
    store: OpenStore, branch: str
) -> None:
    found = sections(store, branch, Kind.TOOL_RESULT)
    assert found[""]["Provenance"] == "stubbed by the policy, fixed error"
    assert set(sections(store, store.roots()[0].id, Kind.MESSAGE)) == {
        "",
        "Usage",
        "Up to here",
        "Source",
    }
