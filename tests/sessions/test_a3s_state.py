"""States, ids and tasks of a3s-code (seed-systems, 5a and 5e); tests name the rule they hold."""

from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError, PausedError
from scrubber.formats.a3s import shapes
from scrubber.live.run import Plan
from scrubber.sessions import tasks
from scrubber.sessions.states import State
from scrubber.sessions.tasks import Priority, Task, TaskStatus
from tests.sessions.made import add, texts


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s")
    add(store, opened, "a")
    return opened


def test_a_session_is_active_until_somebody_says_something_else(store, runtime, session):
    assert runtime.state(session).state is State.ACTIVE
    store.store.update(session, status="completed")
    assert runtime.state(session).state is State.ACTIVE
    assert runtime.state(session).since is None


@pytest.mark.parametrize(
    ("state", "can_pause", "can_resume"),
    [("active", True, False), ("paused", False, True), ("completed", False, False),
     ("error", False, False)],
)  # fmt: skip
def test_pause_only_from_active_and_resume_only_from_paused(
    runtime, session, state, can_pause, can_resume
):
    if state != "active":
        assert runtime.set_state(session, state, "because")
    for verb, allowed, target in (
        (runtime.resume, can_resume, "active"),
        (runtime.pause, can_pause or can_resume, "paused"),
    ):
        before = runtime.state(session)
        assert verb(session) is allowed
        assert runtime.state(session).state == (target if allowed else before.state)


def test_completing_and_failing_go_from_any_state(store, runtime, session):
    runtime.pause(session, "lunch")
    standing = runtime.state(session)
    assert (standing.reason, standing.since is not None) == ("lunch", True)
    assert runtime.set_state(session, "completed")
    assert runtime.set_state(session, "error", "it broke")
    assert (runtime.state(session).reason, store.session(session).status) == ("it broke", "error")
    with pytest.raises(ValueError, match="asleep"):
        runtime.set_state(session, "asleep")


def test_nothing_runs_on_a_paused_session_and_the_error_is_a3s_codes(store, runtime, session):
    fork = store.fork(session, 1).session.id
    runtime.pause(fork)
    words = f"Session {fork} is paused. Call Resume before generating."
    with pytest.raises(PausedError) as raised:
        store.continue_branch(fork, "person")
    assert str(raised.value) == words
    runtime.resume(fork)
    assert store.continue_branch(fork, "person").ending == "needs_person"


def test_nothing_is_forked_off_a_paused_session_to_run(store, runtime, session):
    import asyncio

    from scrubber.api import running

    runtime.pause(session)
    with pytest.raises(PausedError):
        running.branch_for(store.store, session, 1)
    with pytest.raises(PausedError):
        asyncio.run(running.continue_siblings(store.store, session, 1, 2, "person"))
    assert len(store.sessions()) == 1
    assert runtime.state(store.fork(session, 1).session.id).state is State.ACTIVE


def test_messages_can_be_added_to_a_paused_session(store, runtime, session):
    runtime.pause(session)
    runtime.inject(session, {"role": "user", "content": "b"})
    assert texts(store, session) == ["a", "b"]
    assert runtime.say(session, "later").state == "deferred_next_turn"


def test_lists_show_a_runtimes_session_as_active_again_and_a_branch_as_one_that_does_not_run(
    store, runtime, session
):
    fork = store.fork(session, 1).session.id
    for one, status in ((session, "active"), (fork, "completed")):
        runtime.pause(one)
        assert store.session(one).status == "paused"
        runtime.resume(one)
        assert (store.session(one).status, runtime.state(one).state) == (status, State.ACTIVE)


@pytest.mark.parametrize("state", ["completed", "error"])
def test_what_is_completed_or_failed_runs_on_all_the_same(store, runtime, session, state):
    fork = store.fork(session, 1).session.id
    runtime.set_state(fork, state)
    assert store.continue_branch(fork, "person", Plan()).ending == "needs_person"


def test_a_fork_of_a_paused_session_is_active(store, runtime, session):
    runtime.pause(session)
    assert runtime.resume(store.fork(session, 1).session.id) is False


# Ids


@pytest.mark.parametrize("id", ["s1", "a-b_c.d", "0", "-x", "A" * 300])
def test_safe_ids(id):
    assert shapes.check_id(id) == id


@pytest.mark.parametrize(
    "id", ["a/b", "a\\b", ".hidden", "a..b", "..", "ü", "a b", "a\x00", "a\n", "C:", "~"]
)
def test_unsafe_ids_are_refused_in_a3s_codes_words(id):
    with pytest.raises(BadArgumentError) as raised:
        shapes.check_id(id)
    assert str(raised.value) == f'Session ID contains unsafe characters: "{id}"'


def test_an_empty_id_is_refused():
    with pytest.raises(BadArgumentError, match="Session ID must not be empty"):
        shapes.check_id("")


def test_ids_that_a3s_code_would_give_one_file_are_no_two_sessions_here():
    # a3s-code writes a/b and a_b to one file; here the first is refused before it gets so far.
    assert [shapes.is_safe(id) for id in ("a/b", "a..b", "a_b")] == [False, False, True]


# Tasks

PLAN = [
    Task("1", "look"),
    Task("2", "think", priority=Priority.HIGH, dependencies=("1",)),
    Task("3", "rest", priority=Priority.LOW),
    Task("4", "write", dependencies=("1", "2")),
]


def test_tasks_wait_for_what_they_depend_on(runtime, session):
    runtime.set_tasks(session, PLAN)
    assert [task.id for task in tasks.ready(runtime.tasks(session))] == ["1", "3"]
    with pytest.raises(BadArgumentError, match="task 4 waits for 1, 2"):
        runtime.set_task(session, "4", "in_progress")
    runtime.set_task(session, "1", "completed")
    assert [task.id for task in tasks.ready(runtime.tasks(session))] == ["2", "3"]
    runtime.set_task(session, "2", "skipped")
    assert runtime.set_task(session, "4", "in_progress").status is TaskStatus.IN_PROGRESS


def test_a_task_that_failed_or_was_cancelled_lets_none_begin(runtime, session):
    runtime.set_tasks(session, PLAN)
    for status in ("failed", "cancelled"):
        runtime.set_task(session, "1", status)
        assert [task.id for task in tasks.ready(runtime.tasks(session))] == ["3"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([Task("1", "a"), Task("1", "b")], "two tasks have the id '1'"),
        ([Task("1", "a", dependencies=("9",))], "task 1 waits for '9', which is none"),
        ([Task("1", "a", dependencies=("1",))], "tasks wait for each other: 1"),
        (
            [Task("1", "a", dependencies=("2",)), Task("2", "b", dependencies=("1",))],
            "tasks wait for each other: 1, 2",
        ),
    ],
)
def test_tasks_that_cannot_be_are_refused(runtime, session, wanted, words):
    with pytest.raises(BadArgumentError, match=words):
        runtime.set_tasks(session, wanted)
    assert runtime.tasks(session) == []


def test_aliases_of_older_versions_are_read():
    (task,) = tasks.parse({"todos": [{"id": "1", "description": "look", "priority": "high"}]})
    assert (task.content, task.status, task.priority) == ("look", "pending", "high")
    assert tasks.parse({"tasks": None}) == tasks.parse({}) == []
    assert Task.from_json(PLAN[3].as_json()) == PLAN[3]
    full = Task("1", "x", tool="bash", success_criteria="green")
    assert Task.from_json(full.as_json()) == full


@pytest.mark.parametrize(
    "value",
    [{}, {"id": "1"}, {"id": 1, "content": "x"}, {"id": "1", "content": "x", "status": "?"}],
)
def test_a_task_that_is_none_is_told(value):
    with pytest.raises(BadArgumentError):
        Task.from_json(value)


def test_an_unknown_task_is_told(runtime, session):
    with pytest.raises(BadArgumentError, match="has no task 'x'"):
        runtime.set_task(session, "x", "completed")
