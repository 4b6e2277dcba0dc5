from __future__ import annotations

import time

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending
from scrubber.live.engine import Engine
from scrubber.live.extend import extend
from scrubber.live.reports import Over
from scrubber.live.run import Plan
from tests.live.scripted import Scripted, calls, done, says


@pytest.fixture
def engine():
    engine = Engine()
    yield engine
    engine.stop()


def until_over(engine, runs, seconds=10.0):
    over: dict[int, object] = {}
    told = []
    end = time.monotonic() + seconds
    while len(over) < len(runs) and time.monotonic() < end:
        for run, report in engine.reports():
            told.append((run, report))
            if isinstance(report, (Over, Exception)):
                over[run.number] = report
        time.sleep(0.005)
    return [over.get(run.number) for run in runs], told


def test_runs_go_on_side_by_side(bench, short, engine):
    forks = [bench.store.fork(short, 2).session.id for _ in range(3)]
    runs = [
        engine.start(
            lambda observer, fork=fork: extend(
                bench.store.store,
                fork,
                Scripted([0.05, *says(fork), *done()]),
                observer=observer,
            )
        )
        for fork in forks
    ]
    over, told = until_over(engine, runs)
    assert [o.outcome.ending for o in over] == [Ending.FINISHED] * 3
    firsts = [next(n for n, (run, _) in enumerate(told) if run is one) for one in runs]
    assert max(firsts) < min(n for n, (_, r) in enumerate(told) if isinstance(r, Over))
    for fork in forks:
        assert ("message", "resampled", fork) in bench.added(fork, 2)


def test_one_is_cancelled_and_the_other_goes_on(bench, short, engine):
    forks = [bench.store.fork(short, 2).session.id for _ in range(2)]
    slow, quick = (
        engine.start(
            lambda observer, fork=fork, wait=wait: extend(
                bench.store.store,
                fork,
                Scripted([*says("begun"), wait, *says("x", 1), *done()]),
                observer=observer,
            )
        )
        for fork, wait in zip(forks, (60, 0.1), strict=True)
    )
    slow.cancel()
    over, _ = until_over(engine, [slow, quick])
    endings = [o.outcome.ending if isinstance(o, Over) else type(o).__name__ for o in over]
    assert endings[0] in (Ending.CANCELLED, "CancelledError")
    assert endings[1] is Ending.FINISHED


def test_stopping_keeps_what_was_said(bench, short):
    engine, fork = Engine(), bench.store.fork(short, 2).session.id
    provider = Scripted([*says("whole"), 60])
    engine.start(lambda observer: extend(bench.store.store, fork, provider, observer=observer))
    while not bench.store.events(fork, 3):
        time.sleep(0.01)
    engine.stop()
    assert ("message", "resampled", "whole") in bench.added(fork, 2)
    assert bench.store.session(fork).status == "stopped"
    assert bench.store.store.holder(fork) is None


def test_a_bug_comes_out_as_an_exception(engine):
    async def stumble():
        raise ZeroDivisionError

    run = engine.start(lambda observer: stumble())
    (error,), _ = until_over(engine, [run])
    assert isinstance(error, ZeroDivisionError)


def test_siblings_share_a_budget(bench, short):
    import asyncio

    from scrubber.api import running

    provider = Scripted(*([*calls("clock", f"c{n}"), *done()] for n in range(40)))
    plan = Plan(budget=Budget(tokens=100), policy=parse_policy("static"))
    done_ones = asyncio.run(
        running.continue_siblings(bench.store.store, short, 2, 4, provider, plan)
    )
    titles = [bench.store.session(one.session).title for one in done_ones]
    assert titles == [f"2 · sample {n}/4" for n in range(1, 5)]
    assert [one.outcome.ending for one in done_ones] == [Ending.BUDGET] * 4
    assert 100 <= sum(one.outcome.spent.total for one in done_ones) < 100 + 4 * 15
    with pytest.raises(BadArgumentError, match="choose 2 to 32"):
        asyncio.run(running.continue_siblings(bench.store.store, short, 2, 33, provider))
    with pytest.raises(BadArgumentError, match="siblings need a model"):
        asyncio.run(running.continue_siblings(bench.store.store, short, 2, 2, "replay"))
