"""Lanes of a3s-code (seed-systems, 5e), with commands that really run at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from scrubber.core.errors import BadArgumentError, ScrubberError
from scrubber.sessions.lanes import LIMITS, Handling, Lane, Lanes, LaneTimeoutError, lane_of


def test_the_lanes_their_order_and_their_numbers():
    assert [(lane.name, int(lane), LIMITS[lane]) for lane in Lane] == [
        ("CONTROL", 0, 2), ("QUERY", 1, 4), ("EXECUTE", 2, 2), ("GENERATE", 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tool",
    ["read", "Glob", "LS", "grep", "list_files", "search", "web_fetch", "web_search"],
)
def test_tools_that_only_look_are_queries(tool):
    assert lane_of(tool) is Lane.QUERY


@pytest.mark.parametrize("tool", ["bash", "write", "edit", "reader", "mcp__a__read", ""])
def test_all_others_are_executed(tool):
    assert lane_of(tool) is Lane.EXECUTE


class Meter:
    """Counts how many threads are inside at once; they stay until so many have been there."""

    def __init__(self, enough):
        self.now, self.most, self.enough = 0, 0, enough
        self.changed = threading.Condition()

    def work(self):
        with self.changed:
            self.now += 1
            self.most = max(self.most, self.now)
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.most >= self.enough, timeout=10)
        with self.changed:
            self.now -= 1


@pytest.mark.parametrize("lane", list(Lane))
def test_as_many_threads_of_a_lane_work_at_once_as_it_has_room_for_and_no_more(lane):
    meter = Meter(LIMITS[lane])

    async def run():
        lanes = Lanes()
        work = [lanes.submit(lane, lambda: asyncio.to_thread(meter.work)) for _ in range(12)]
        await asyncio.gather(*work)
        return lanes.counts()

    assert set(asyncio.run(run()).values()) == {(0, 0)}
    assert (meter.most, meter.now) == (LIMITS[lane], 0)


def test_lanes_do_not_wait_for_each_other():
    barrier = threading.Barrier(sum(LIMITS.values()), timeout=10)

    async def run():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(9))
        lanes = Lanes()
        work = [
            lanes.submit(lane, lambda: asyncio.to_thread(barrier.wait))
            for lane in Lane
            for _ in range(LIMITS[lane])
        ]
        return len(await asyncio.gather(*work))

    assert asyncio.run(run()) == 9


def order(lanes, *submitted):
    """In which order commands run, given as (lane, name)."""
    ran = []

    async def run():
        async def work(name):
            ran.append(name)
            await asyncio.sleep(0)

        waiting = [lanes.submit(lane, partial(work, name)) for lane, name in submitted]
        await asyncio.gather(*waiting)

    asyncio.run(run())
    return ran


def test_a_free_place_goes_to_the_lane_with_the_smallest_number_first_come_first_served():
    submitted = [
        (Lane.GENERATE, "g1"), (Lane.EXECUTE, "e1"), (Lane.QUERY, "q1"), (Lane.EXECUTE, "e2"),
        (Lane.CONTROL, "c1"), (Lane.QUERY, "q2"), (Lane.CONTROL, "c2"), (Lane.GENERATE, "g2"),
    ]  # fmt: skip
    # The first to come finds a free place; all others wait behind it.
    found = order(Lanes(at_once=1), *submitted)
    assert found == ["g1", "c1", "c2", "q1", "q2", "e1", "e2", "g2"]


def test_a_result_and_an_error_reach_who_asked_and_failures_are_dead_letters():
    async def run():
        lanes = Lanes(dead_letters=2)

        async def give():
            return 7

        async def fail(text):
            raise RuntimeError(text)

        assert await lanes.submit(Lane.QUERY, give) == 7
        for text in "abc":
            with pytest.raises(RuntimeError, match=text):
                await lanes.submit(Lane.EXECUTE, partial(fail, text))
        assert await lanes.submit(Lane.EXECUTE, give) == 7
        return [(letter.lane, letter.error) for letter in lanes.dead]

    assert asyncio.run(run()) == [(Lane.EXECUTE, "b"), (Lane.EXECUTE, "c")]


def test_a_command_has_60_seconds_or_what_is_said_and_its_place_is_free_again():
    async def run():
        lanes = Lanes()
        with pytest.raises(LaneTimeoutError, match="took longer than 10 ms"):
            await lanes.submit(Lane.GENERATE, lambda: asyncio.sleep(60), timeout_ms=10)
        await lanes.submit(Lane.GENERATE, lambda: asyncio.sleep(0))
        return len(lanes.dead), lanes.counts()[Lane.GENERATE]

    assert asyncio.run(run()) == (1, (0, 0))


def test_time_spent_waiting_is_no_part_of_the_time_out():
    async def run():
        lanes = Lanes()
        slow = lanes.submit(Lane.GENERATE, lambda: asyncio.sleep(0.25))
        quick = lanes.submit(Lane.GENERATE, lambda: asyncio.sleep(0, "done"), timeout_ms=200)
        return (await asyncio.gather(slow, quick))[1]

    assert asyncio.run(run()) == "done"


def test_a_caller_that_is_cancelled_takes_its_command_back():
    ran = []

    async def run():
        lanes = Lanes()
        gate = asyncio.Event()

        async def work(name):
            ran.append(name)
            await gate.wait()

        first, second, third = (
            asyncio.ensure_future(lanes.submit(Lane.GENERATE, partial(work, n))) for n in (1, 2, 3)
        )
        await asyncio.sleep(0.01)
        second.cancel()
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        gate.set()
        await third
        return lanes.counts()[Lane.GENERATE]

    assert asyncio.run(run()) == (0, 0)
    assert ran == [1, 3]


def test_somebody_else_does_the_commands_of_an_external_lane():
    given = []

    async def run():
        lanes = Lanes(
            handling={Lane.EXECUTE: Handling.EXTERNAL}, outside=lambda *task: given.append(task)
        )

        async def never():
            raise AssertionError("this runs elsewhere")

        one = asyncio.ensure_future(lanes.submit(Lane.EXECUTE, never, payload={"n": 1}))
        two = asyncio.ensure_future(lanes.submit(Lane.EXECUTE, never))
        while len(given) < 2:
            await asyncio.sleep(0)
        thread = threading.Thread(target=lanes.complete, args=(given[0][0], "from a thread"))
        thread.start()
        assert await one == "from a thread"
        thread.join()
        assert lanes.fail(given[1][0], "no such machine")
        with pytest.raises(ScrubberError, match="no such machine"):
            await two
        assert not lanes.complete(given[0][0], "again")
        assert not lanes.complete("unknown", None)
        with pytest.raises(LaneTimeoutError):
            await lanes.submit(Lane.EXECUTE, never, timeout_ms=5)

    asyncio.run(run())
    assert given[0][1:] == (Lane.EXECUTE, {"n": 1})


def test_a_hybrid_lane_runs_here_and_tells_somebody_else():
    given = []

    async def run():
        lanes = Lanes(
            handling={Lane.QUERY: Handling.HYBRID}, outside=lambda *task: given.append(task[1:])
        )
        return await lanes.submit(Lane.QUERY, lambda: asyncio.sleep(0, 5), payload="x")

    assert asyncio.run(run()) == 5
    assert given == [(Lane.QUERY, "x")]


def test_a_lane_without_room_is_refused():
    for how in ({"limits": {Lane.QUERY: 0}}, {"at_once": 0}):
        with pytest.raises(BadArgumentError, match="room for at least one"):
            Lanes(**how)


def test_a_time_out_that_a_command_raises_itself_is_its_own():
    async def late():
        raise TimeoutError("the server did not answer")

    async def run():
        lanes = Lanes()
        with pytest.raises(TimeoutError, match="the server did not answer"):
            await lanes.submit(Lane.QUERY, late)
        return [letter.error for letter in lanes.dead]

    assert asyncio.run(run()) == ["the server did not answer"]
