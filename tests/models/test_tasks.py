from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from scrubber.models.jobs import Job, was_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pytestqt.qtbot import QtBot

    from scrubber.models.tasks import Tasks
    from scrubber.transfer.progress import Progress


def _named(key: str) -> str:
    return key or "nameless"


def test_two_hundred_requests_become_few_and_only_the_last_is_delivered(
    qtbot: QtBot, tasks: Tasks
) -> None:
    gate = threading.Event()
    ran: list[int] = []
    delivered: list[int] = []

    def work(number: int) -> int:
        gate.wait(5)
        ran.append(number)
        return number

    for number in range(200):
        tasks.run("scrub", partial(work, number), delivered.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(delivered))
    assert delivered == [199]
    assert len(ran) <= 2
    qtbot.waitUntil(lambda: tasks.idle)


def test_different_keys_do_not_replace_each_other(qtbot: QtBot, tasks: Tasks) -> None:
    delivered: list[str] = []
    for key in ("a", "b", "", ""):
        tasks.run(key, partial(_named, key), delivered.append)
    qtbot.waitUntil(lambda: len(delivered) == 4)
    assert sorted(delivered) == ["a", "b", "nameless", "nameless"]


def test_a_failure_reaches_its_handler_or_the_signal(qtbot: QtBot, tasks: Tasks) -> None:
    failures: list[Exception] = []

    def broken() -> None:
        raise ValueError("no such thing")

    tasks.run("", broken, lambda _: None, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert str(failures[0]) == "no such thing"
    with qtbot.waitSignal(tasks.failed) as caught:
        tasks.run("", broken, lambda _: None)
    assert caught.args == ["no such thing"]


def test_results_come_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    threads: list[threading.Thread] = []
    seen: list[threading.Thread] = []
    tasks.run(
        "",
        lambda: threads.append(threading.current_thread()),
        lambda _: seen.append(threading.current_thread()),
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [threading.main_thread()]
    assert threads[0] is not threading.main_thread()


def test_a_job_reports_delivers_and_can_be_cancelled(qtbot: QtBot, tasks: Tasks) -> None:
    started = threading.Event()

    def work(progress: Progress, deliver: Callable[[Any], None]) -> None:
        deliver("first")
        progress.tell()
        started.set()
        while True:
            progress.advance(1)

    job = Job("endless", work, tasks)
    delivered: list[object] = []
    job.delivered.connect(delivered.append)
    with qtbot.waitSignal(job.ended) as ended:
        job.start()
        assert started.wait(5)
        job.cancel()
    assert delivered == ["first"]
    assert ended.args is not None
    assert was_cancelled(ended.args[0])
