"""Branches that run on in the window: through the real engine, on a real store."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Kind, Mark, Origin
from scrubber.core.policy import Ladder, Policy, Rung
from scrubber.core.running import Budget, Ending
from scrubber.live.desk import Answer
from scrubber.live.errors import ProviderError
from scrubber.live.run import Plan
from scrubber.live.siblings import fork_siblings
from scrubber.models.cursor import Cursor
from scrubber.models.live_runs import LiveRuns
from scrubber.models.open_session import OpenSession
from tests.helpers.scripted import Scripted, calls, grows, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from scrubber.api import OpenStore
    from scrubber.models.inquiries import Inquiry
    from scrubber.models.library import Library

ASK = Policy(Ladder((Rung.ASK,)))


@pytest.fixture
def runs(library: Library) -> Iterator[LiveRuns]:
    runs = LiveRuns(library)
    yield runs
    runs.close()
    runs.deleteLater()


@pytest.fixture
def fork(store: OpenStore) -> str:
    """A fork in front of the sample's first edit."""
    return store.fork(store.roots()[0].id, 26).session.id


def test_replay_runs_to_the_recorded_end(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, "replay", Plan())
    outcome = over.args[1]
    assert outcome.ending is Ending.FINISHED
    assert store.session(fork).events == 132
    assert runs.running == []


def test_what_is_added_is_broadcast_and_shown(
    qtbot: QtBot, runs: LiveRuns, library: Library, store: OpenStore, fork: str
) -> None:
    cursor = Cursor()
    shown = OpenSession(library, cursor)
    with qtbot.waitSignal(shown.shown):
        shown.open(fork)
    assert shown.feed.event_at(25) is None or len(shown.feed) == 26
    with qtbot.waitSignal(runs.over):
        runs.begin(fork, Scripted(says("A new reply.")), Plan())
    qtbot.waitUntil(lambda: cursor.length == store.session(fork).events)
    assert cursor.index == cursor.length
    reply = [e for e in store.events(fork, 26) if e.kind is Kind.MESSAGE]
    assert [(e.text, e.origin) for e in reply] == [("A new reply.", Origin.RESAMPLED)]
    assert shown.feed.event_at(reply[0].index) == reply[0]
    shown.deleteLater()


def test_a_reply_is_at_hand_while_it_is_written_and_kept_when_it_is_stopped(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    runs.begin(fork, Scripted([*grows("Half a sen"), asyncio.Event()]), Plan())
    live = runs.run_of(fork)
    assert live is not None
    qtbot.waitUntil(lambda: [part.text for part in live.reply.parts] == ["Half a sen"])
    assert live.turn == 1
    assert live.forecast is not None
    assert live.forecast.tokens == 1_200
    with qtbot.waitSignal(runs.over) as over:
        runs.stop(fork)
        runs.stop(fork)
    assert over.args[1].ending is Ending.CANCELLED
    (kept,) = [e for e in store.events(fork, 26) if e.kind is Kind.MESSAGE]
    assert kept.text == "Half a sen"
    assert kept.marks & Mark.TRUNCATED


def test_a_call_is_answered_by_the_person(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    inquiries: list[Inquiry] = []
    runs.asked.connect(inquiries.append)
    runs.begin(fork, Scripted(calls("Bash", {"command": "ls"})), Plan(policy=ASK))
    qtbot.waitUntil(lambda: len(inquiries) == 1)
    question = inquiries[0].question
    assert question is not None
    assert question.content.arguments == {"command": "ls"}
    live = runs.run_of(fork)
    assert live is not None
    assert live.waits
    withdrawn: list[Inquiry] = []
    runs.withdrawn.connect(withdrawn.append)
    with qtbot.waitSignal(runs.over) as over:
        inquiries[0].answer(Answer(text_content("a.txt")))
    assert over.args[1].ending is Ending.FINISHED
    assert withdrawn == inquiries
    (result,) = [e for e in store.events(fork, 26) if e.kind is Kind.TOOL_RESULT]
    assert (result.text, result.origin) == ("a.txt", Origin.TYPED)


def test_a_question_has_its_time(qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str) -> None:
    policy = Policy(Ladder((Rung.ASK,)), ask_seconds=0.2)
    asked: list[Inquiry] = []
    runs.asked.connect(asked.append)
    with qtbot.waitSignal(runs.over):
        runs.begin(fork, Scripted(calls("Bash", {})), Plan(policy=policy))
    assert asked[0].until is not None
    (result,) = [e for e in store.events(fork, 26) if e.kind is Kind.TOOL_RESULT]
    assert result.text.startswith("[Nobody answered")


def test_the_person_writes_the_reply(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    with qtbot.waitSignal(runs.asked) as asked:
        runs.begin(fork, "person", Plan())
    assert asked.args[0].question is None
    with qtbot.waitSignal(runs.over):
        asked.args[0].write(text_content("What I would have said."))
    last = store.events(fork, 26)[-1]
    assert (last.text, last.origin) == ("What I would have said.", Origin.TYPED)


def test_what_fails_is_told(qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str) -> None:
    error = ProviderError("The key was refused.")
    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, Scripted([error]), Plan())
    assert (over.args[1].ending, over.args[1].reason) == (Ending.FAILED, "The key was refused.")
    lease = store.store.claim(fork, "another program")
    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, "replay", Plan())
    store.store.release(lease)
    assert over.args[1].ending is Ending.FAILED
    assert "is being extended by another program" in over.args[1].reason
    assert over.args[1].retryable


def test_what_makes_a_provider_may_fail(qtbot: QtBot, runs: LiveRuns, fork: str) -> None:
    def make() -> Scripted:
        raise ProviderError("no endpoint of that name")

    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, make, Plan())
    assert over.args[1].reason.startswith("no endpoint of that name")


def test_several_run_side_by_side_and_all_can_be_stopped(
    qtbot: QtBot, runs: LiveRuns, library: Library, store: OpenStore
) -> None:
    root = store.roots()[0].id
    forks = [store.fork(root, 26).session.id for _ in range(4)]
    for fork in forks:
        runs.begin(fork, Scripted([*grows("going on"), asyncio.Event()]), Plan())
    assert runs.running == forks
    qtbot.waitUntil(lambda: all(run.reply.parts for f in forks if (run := runs.run_of(f))))
    with qtbot.waitSignal(runs.busy_changed, check_params_cb=lambda busy: not busy):
        runs.stop_all()
    assert {store.session(fork).status for fork in forks} == {"stopped"}


def test_siblings_share_their_budget_and_wait_for_their_turn(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    names = fork_siblings(store.store, fork, 26, 12)
    endings: list[Ending] = []
    runs.over.connect(lambda _session, outcome: endings.append(outcome.ending))
    script = Scripted(*[[*calls("Look", {"n": n}, f"c{n}")] for n in range(200)])
    plan = Plan(policy=Policy(Ladder((Rung.STATIC,), "nothing")), budget=Budget(tokens=40_000))
    with qtbot.waitSignal(runs.busy_changed, check_params_cb=lambda busy: not busy):
        runs.begin_all(names, script, plan)
        assert all(run.queued for run in runs.all)
    assert endings == [Ending.BUDGET] * 12
    # A reply uses 1,020 tokens: forty of them for all, and one more of each that was under way.
    assert 40 <= len(script.requests) <= 40 + 8


def test_closing_keeps_what_there_is(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    runs.begin(fork, Scripted([*grows("Half"), asyncio.Event()]), Plan())
    live = runs.run_of(fork)
    assert live is not None
    qtbot.waitUntil(lambda: bool(live.reply.parts))
    runs.close()
    assert [e.text for e in store.events(fork, 26) if e.kind is Kind.MESSAGE] == ["Half"]


def test_a_paused_branch_says_why_it_does_not_run(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    store.runtime.pause(fork)
    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, "replay", Plan())
    assert over.args[1].reason == f"Session {fork} is paused. Call Resume before generating."
    assert store.session(fork).status == "paused"
    store.runtime.resume(fork)
    with qtbot.waitSignal(runs.over) as over:
        runs.begin(fork, "replay", Plan())
    assert over.args[1].ending is Ending.FINISHED


def test_what_a_runtime_leaves_in_the_queue_is_heard_in_the_window(
    qtbot: QtBot, runs: LiveRuns, store: OpenStore, fork: str
) -> None:
    store.runtime.say(fork, "From elsewhere.")
    with qtbot.waitSignal(runs.over):
        runs.begin(fork, Scripted(says("Heard.")), Plan())
    said = [e.text for e in store.events(fork, 26) if e.kind is Kind.MESSAGE]
    assert said == ["From elsewhere.", "Heard."]
