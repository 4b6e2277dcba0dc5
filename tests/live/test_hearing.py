"""What others say to a branch while it runs, and pausing it."""

from __future__ import annotations

import asyncio

import pytest

from scrubber.api import running
from scrubber.core.content import text_content
from scrubber.core.errors import PausedError
from scrubber.core.running import Ending
from scrubber.live.extend import extend
from scrubber.live.run import Plan
from scrubber.live.toolbox import EmptyToolbox
from scrubber.sessions.queue.inputs import ActiveTurn, Boundary, Cancelled
from scrubber.store.leases import HeldError
from tests.live.scripted import Scripted, calls, done, says


@pytest.fixture
def fork(bench, short):
    return bench.store.fork(short, 2).session.id


@pytest.fixture
def runtime(bench):
    return bench.store.runtime


def asked(provider):
    """What the last message said, of each request."""
    return [request.messages[-1].items[0][1].text for request in provider.requests]


def saying(runtime, session, text, ingress, steps):
    """A reply, during which somebody else says something."""
    return [*steps[:-1], lambda: runtime.say(session, text, ingress), steps[-1]]


class Interrupted(Scripted):
    """Scripted, with steps that are called."""

    async def stream(self, request, body):
        self.requests.append(request)
        for step in self._replies.pop(0) if self._replies else [*says("more"), *done()]:
            if callable(step):
                step()
            else:
                yield step


def test_what_was_left_for_the_next_turn_is_said_when_it_begins(bench, runtime, fork):
    runtime.say(fork, "First.")
    runtime.say(fork, "Second.")
    provider = Scripted([*says("ok"), *done()])
    bench.run(fork, provider, Plan(message=text_content("Third.")))
    said = [text for kind, origin, text in bench.added(fork, 2) if origin == "typed"]
    assert said == ["First.", "Second.", "Third."]
    assert [one.state for one in runtime.inputs(fork)] == ["completed"] * 2
    bench.run(fork, Scripted([*says("ok"), *done()]))
    assert sum(text == "First." for _, _, text in bench.added(fork, 2)) == 1


def test_what_is_said_while_a_turn_works_is_heard_before_the_model_is_asked_again(
    bench, runtime, fork
):
    first = [*calls("clock", "x1", zone="UTC"), *done()]
    provider = Interrupted(
        saying(runtime, fork, "In Celsius, please.", ActiveTurn(), first), [*says("ok"), *done()]
    )
    outcome = bench.run(fork, provider)
    assert (outcome.ending, outcome.turns) == (Ending.FINISHED, 2)
    assert asked(provider)[1] == "In Celsius, please."


def test_what_may_wait_is_heard_before_the_run_would_end(bench, runtime, fork):
    late = ActiveTurn(min_boundary=Boundary.BEFORE_COMPLETION)
    provider = Interrupted(
        saying(runtime, fork, "And now?", late, [*calls("clock", "x1", zone="UTC"), *done()]),
        [*says("Noon."), *done()],
        [*says("Still noon."), *done()],
    )
    assert bench.run(fork, provider).turns == 3
    assert asked(provider)[1:] == ["noon", "And now?"]


def test_what_is_for_the_next_turn_waits_while_one_runs(bench, runtime, fork):
    provider = Interrupted(saying(runtime, fork, "Later.", None, [*says("ok"), *done()]))
    assert bench.run(fork, provider).turns == 1
    assert [one.state for one in runtime.inputs(fork)] == ["deferred_next_turn"]


def test_what_is_for_a_turn_that_is_over_is_said_to_the_next(bench, runtime, fork):
    runtime.say(fork, "Wait!", ActiveTurn("a turn of long ago"))
    provider = Scripted([*says("ok"), *done()])
    bench.run(fork, provider)
    assert asked(provider) == ["Wait!"]


def test_a_cancelled_input_is_not_said(bench, runtime, fork):
    one = runtime.say(fork, "Never mind.")
    assert runtime.unsay(fork, one.id)[one.id] is Cancelled.CANCELLED
    provider = Scripted([*says("ok"), *done()])
    bench.run(fork, provider)
    assert asked(provider) == ["What time?"]


def test_a_replay_goes_on_as_it_was_and_hears_nothing(bench, runtime, fork):
    runtime.say(fork, "Hello?")
    assert bench.run(fork).ending is Ending.FINISHED
    assert runtime.inputs(fork)[0].state == "deferred_next_turn"


def test_pictures_are_said_too(bench, runtime, fork):
    picture = {"media_type": "image/png", "data": "aGk="}
    items = [{"type": "text", "text": "See:"}, {"type": "image_ref", "id": "p"}]
    runtime.say(fork, {"items": items, "image_blobs": {"p": picture}})
    provider = Scripted([*says("ok"), *done()])
    provider.sees = True
    bench.run(fork, provider)
    (image,) = provider.requests[0].messages[-1].items[0][1].images
    assert (image.media_type, image.data) == ("image/png", "aGk=")


def test_pausing_a_branch_that_runs_ends_it_at_the_next_turn(bench, runtime, fork):
    first = [*calls("clock", "x1", zone="UTC"), *done()]
    provider = Interrupted([*first[:-1], lambda: runtime.pause(fork), first[-1]])
    bench.store.store.update(fork, status="active")
    outcome = bench.run(fork, provider)
    assert (outcome.ending, outcome.reason) == (Ending.CANCELLED, "the session was paused")
    assert (outcome.turns, len(provider.requests)) == (1, 1)
    assert bench.store.session(fork).status == "paused"
    assert runtime.state(fork).state == "paused"
    runtime.resume(fork)
    assert bench.run(fork, Scripted([*says("Noon."), *done()])).ending is Ending.FINISHED


def test_the_ledger_counts_what_live_calls_have_used(bench, runtime, fork, short):
    bench.run(fork, Scripted([*says("ok"), *done(input=10, output=5, cost_micros=3)]))
    usage = runtime.usage(fork, own=True)
    assert usage.rows["turn", "scripted-1"].total == 15
    assert usage.usage.cost_micros == 3
    assert runtime.usage(short).usage.total == 0
    assert runtime.costs(fork).records[0].model == "scripted-1"


def test_two_programs_say_one_thing_once(bench, runtime, fork):
    from scrubber.api import open_store

    async def run(store):
        provider = Scripted([*says("ok"), *done()])
        await extend(store, fork, provider, Plan(), toolbox=EmptyToolbox())

    with open_store(bench.store.path) as other:
        for text in ("One.", "Two."):
            other.runtime.say(fork, text, source_key=text)
            runtime.say(fork, text, source_key=text)
        asyncio.run(run(other.store))
        asyncio.run(run(bench.store.store))
    said = [text for _, origin, text in bench.added(fork, 2) if origin == "typed"]
    assert said == ["One.", "Two."]


# By whoever continues a session


def test_a_runtimes_session_runs_on_itself_and_hears_what_waits_for_it(bench, runtime):
    session = runtime.open("s")
    runtime.inject(session, {"role": "user", "content": "Hello."})
    runtime.say(session, "Are you there?")
    assert running.branch_for(bench.store.store, session, None) == session
    provider = Scripted([*says("Yes."), *done()])
    outcome = asyncio.run(running.continue_branch(bench.store.store, session, provider))
    assert outcome.ending is Ending.FINISHED
    assert [m["content"] for m in runtime.messages(session)] == [
        "Hello.", "Are you there?", "Yes.",
    ]  # fmt: skip
    fork = running.branch_for(bench.store.store, session, 1)
    assert bench.store.session(fork).forked_at == 1


def test_an_imported_session_is_forked_to_run_on(bench, short):
    assert not bench.store.session(short).may_grow
    branch = running.branch_for(bench.store.store, short, None)
    assert (branch != short, bench.store.session(branch).may_grow) == (True, True)


def test_commands_that_lead_the_queue_are_done_before_the_turn(bench, runtime):
    session = runtime.open("s")
    runtime.inject(session, {"role": "user", "content": "Old."})
    runtime.command(session, "refresh_tool_catalog", "k")
    runtime.command(session, "reset_session", "k")
    runtime.enqueue(session, [{"kind": "for a runtime"}])
    runtime.say(session, "New.")
    provider = Scripted([*says("ok"), *done()])
    asyncio.run(running.continue_branch(bench.store.store, session, provider))
    assert asked(provider) == ["New."]
    assert [m["content"] for m in runtime.messages(session)] == ["New.", "ok"]
    assert [batch.kind for batch in runtime.queued(session)] == ["turn_work"]
    assert any(leaf.event.text == "Old." for leaf in runtime.graph(session).leaves())


def test_commands_are_not_done_while_another_program_runs_the_session(bench, runtime):
    session = runtime.open("s")
    runtime.command(session, "reset_session", "k")
    lease = runtime.lease(session)
    with pytest.raises(HeldError):
        running.do_commands(bench.store.store, session)
    bench.store.store.release(lease)
    assert running.do_commands(bench.store.store, session) == 1
    assert running.do_commands(bench.store.store, session) == 0
    runtime.command(session, "reset_session", "k2")
    runtime.pause(session)
    with pytest.raises(PausedError):
        running.do_commands(bench.store.store, session)
