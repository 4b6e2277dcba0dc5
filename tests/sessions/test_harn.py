"""harn's rules of a session's life: open, length, fork, trim, reset, lineage, memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError, UnknownSessionError
from scrubber.core.events import Usage
from scrubber.sessions import Sessions
from scrubber.sessions.heads import Commit
from tests.sessions.talking import faults, say, words

if TYPE_CHECKING:
    from scrubber.formats.harn.events import AgentEvent

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_open_without_an_id_mints_ids_that_sort_by_time(runtime):
    ids = [runtime.open() for _ in range(3)]
    assert all(UUID7.fullmatch(one) for one in ids)
    assert len({*ids}) == 3
    assert [one[:8] for one in ids] == sorted(one[:8] for one in ids)


def test_open_is_idempotent_and_only_touches_what_is_there(runtime):
    session = say(runtime, "hi", session="s1")
    assert runtime.open("s1") == session == "s1"
    assert words(runtime, "s1") == ["hi"]


@pytest.mark.parametrize("id", [5, "", b"s1"])
def test_open_takes_a_string_or_nothing(runtime, id):
    with pytest.raises(BadArgumentError, match="`id` must be a string or nil"):
        runtime.open(id)


def test_an_id_is_never_the_beginning_of_another(runtime):
    say(runtime, "hi", session="session-1")
    assert not runtime.exists("session")
    assert runtime.open("session") == "session"
    assert runtime.length("session") == 0


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("length", ()),
        ("messages", ()),
        ("reset", ()),
        ("fork", ()),
        ("fork_at", (1,)),
        ("fork_at_event", (1,)),
        ("close", ()),
        ("trim", (1,)),
        ("inject", ({"role": "user", "content": "hi"},)),
        ("replace_messages", ([],)),
        ("subscribe", (print,)),
    ],
)
def test_what_needs_a_session_names_the_one_that_is_not_there(runtime, verb, arguments):
    with pytest.raises(UnknownSessionError, match=f"^{verb}: unknown session id 's9'$"):
        getattr(runtime, verb)("s9", *arguments)
    assert not runtime.exists("s9")


def test_fork_shares_everything_and_both_go_on_alone(store, runtime):
    say(runtime, "a", "b", session="src")
    assert runtime.fork("src", "dst") == "dst"
    say(runtime, "c", session="src")
    say(runtime, "d", session="dst")
    assert words(runtime, "src") == ["a", "b", "c"]
    assert words(runtime, "dst") == ["a", "b", "d"]
    assert store.store.slices("src").slices[0].log == store.store.slices("dst").slices[0].log
    assert faults(store) == []


def test_fork_without_a_target_mints_an_id(runtime):
    say(runtime, "a", session="src")
    assert UUID7.fullmatch(runtime.fork("src"))
    assert UUID7.fullmatch(runtime.fork_at("src", 1))


def test_a_fork_onto_a_session_takes_the_place_of_what_it_held(store, runtime):
    say(runtime, "a", session="src")
    say(runtime, "x", "y", session="dst")
    before = store.session("dst")
    runtime.fork("src", "dst")
    assert words(runtime, "dst") == ["a"]
    after = store.session("dst")
    assert (after.parent, after.revision > before.revision) == ("src", True)
    assert faults(store) == []


def test_a_fork_onto_its_own_ancestor_makes_no_circle(store, runtime):
    say(runtime, "a", "b", session="top")
    runtime.fork_at("top", 1, "child")
    runtime.fork("child", "top")
    assert words(runtime, "top") == ["a"]
    assert (store.session("top").parent, store.session("child").parent) == (None, "top")
    assert [session.id for session in store.ancestry("child")] == ["top", "child"]


@pytest.mark.parametrize(
    ("keep", "kept"), [(0, []), (1, ["a"]), (3, ["a", "b", "c"]), (9, ["a", "b", "c"])]
)
def test_fork_at_keeps_the_first_messages_all_if_there_are_fewer(runtime, keep, kept):
    say(runtime, "a", "b", "c", session="src")
    assert words(runtime, runtime.fork_at("src", keep)) == kept
    assert words(runtime, "src") == ["a", "b", "c"]


def test_fork_at_onto_itself_cuts_the_session_in_place(store, runtime):
    say(runtime, "a", "b", "c", session="s")
    assert runtime.fork_at("s", 2, "s") == "s"
    assert words(runtime, "s") == ["a", "b"]
    assert store.session("s").parent is None
    assert runtime.fork("s", "s") == "s"
    assert words(runtime, "s") == ["a", "b"]


@pytest.mark.parametrize("value", [-1, 1.0, "1", None, True])
def test_counts_are_whole_numbers_from_0(runtime, value):
    say(runtime, "a", session="s")
    for cut in (runtime.trim, runtime.fork_at, runtime.fork_at_event):
        name = {"trim": "keep_last", "fork_at": "keep_first"}.get(cut.__name__, "index")
        with pytest.raises(BadArgumentError, match=f"`{name}` must be (an int|>= 0)"):
            cut("s", value)
    assert words(runtime, "s") == ["a"]


@pytest.mark.parametrize(
    ("keep", "kept"), [(0, []), (1, ["c"]), (2, ["b", "c"]), (9, ["a", "b", "c"])]
)
def test_trim_keeps_the_last_messages_and_says_how_many(store, runtime, keep, kept):
    say(runtime, "a", "b", "c", session="s")
    assert runtime.trim("s", keep) == len(kept)
    assert words(runtime, "s") == kept
    say(runtime, "d", session="s")
    assert words(runtime, "s") == [*kept, "d"]
    assert faults(store) == []


def test_reset_takes_out_what_was_said_and_keeps_the_rest(store, runtime):
    heard: list[AgentEvent] = []
    say(runtime, "a", session="top")
    runtime.fork("top", "s")
    runtime.fork("s", "below")
    runtime.subscribe("s", heard.append)
    runtime.reset("s")
    assert (runtime.length("s"), runtime.messages("s")) == (0, [])
    assert store.session("s").parent == "top"
    assert [child.id for child in store.children("s")] == ["below"]
    say(runtime, "again", session="s")
    assert [event["type"] for event in heard] == ["reset", "user_message"]
    assert words(runtime, "below") == ["a"]


def test_replace_messages_keeps_the_events_that_both_begin_with(store, runtime):
    say(runtime, "a", "b", "c", session="s")
    first = store.events("s", 0, 2)
    wanted = [{"role": "user", "content": text} for text in ("a", "b", "x", "y")]
    runtime.replace_messages("s", wanted)
    assert runtime.messages("s") == wanted
    assert store.events("s", 0, 2) == first
    runtime.replace_messages("s", [])
    assert runtime.messages("s") == []


# Memory


def test_sessions_beyond_the_cap_leave_memory_and_lose_nothing(store):
    runtime = Sessions(store.store, resident_cap=2)
    for name in ("a", "b", "c"):
        say(runtime, f"in {name}", session=name)
    assert runtime.resident.ids == ["b", "c"]
    assert words(runtime, "a") == ["in a"]
    say(runtime, "more", session="a")
    assert (words(runtime, "a"), runtime.resident.ids) == (["in a", "more"], ["c", "a"])


def test_the_cap_is_128_and_at_least_1(store):
    assert Sessions(store.store).resident.cap == 128
    assert Sessions(store.store, resident_cap=0).resident.cap == 1


def test_reads_are_no_use(store):
    runtime = Sessions(store.store, resident_cap=2)
    say(runtime, "x", session="a")
    say(runtime, "x", session="b")
    runtime.exists("a"), runtime.length("a"), runtime.messages("a")
    assert runtime.resident.ids == ["a", "b"]
    say(runtime, "x", session="c")
    assert runtime.resident.ids == ["b", "c"]
    runtime.length("a")
    assert "a" not in runtime.resident


@pytest.mark.parametrize("use", ["open", "fork", "trim", "inject", "reset", "replace_messages"])
def test_changes_are_use(store, use):
    runtime = Sessions(store.store, resident_cap=3)
    for name in ("a", "b"):
        say(runtime, "x", session=name)
    given = {"trim": (1,), "inject": ({"role": "user"},), "replace_messages": ([],)}
    getattr(runtime, use)("a", *given.get(use, ("d",) if use == "fork" else ()))
    assert runtime.resident.ids == (["b", "a", "d"] if use == "fork" else ["b", "a"])


def test_a_cap_of_one_does_not_cost_a_fork_its_source(store):
    runtime = Sessions(store.store, resident_cap=1)
    say(runtime, "a", session="src")
    runtime.fork("src", "dst")
    assert runtime.resident.ids == ["dst"]
    assert words(runtime, "src") == words(runtime, "dst") == ["a"]


# Who is told


def test_subscribers_are_not_carried_over_and_survive_a_fork_onto_their_session(runtime):
    heard: list[AgentEvent] = []
    say(runtime, "a", session="src")
    stop = runtime.subscribe("src", heard.append)
    runtime.fork("src", "dst")
    say(runtime, "b", session="dst")
    assert heard == []
    say(runtime, "c", session="src")
    runtime.fork("dst", "src")
    assert [event["type"] for event in heard] == ["user_message", "forked"]
    stop()
    stop()
    say(runtime, "d", session="src")
    assert len(heard) == 2


def test_a_subscriber_that_fails_harms_no_other_and_is_reported(runtime, expect_log):
    expect_log("session s: subscriber .*broken failed: ZeroDivisionError")
    heard: list[AgentEvent] = []

    def broken(event):
        raise ZeroDivisionError

    say(runtime, session="s")
    for callback in (broken, heard.append):
        runtime.subscribe("s", callback)
    say(runtime, "a", session="s")
    assert len(heard) == 1
    assert words(runtime, "s") == ["a"]


def test_close_ends_the_subscriptions_and_keeps_the_session(store, runtime):
    heard: list[AgentEvent] = []
    say(runtime, "a", session="s")
    runtime.subscribe("s", heard.append)
    runtime.close("s")
    assert [event["type"] for event in heard] == ["session_closed"]
    assert "s" not in runtime.resident
    say(runtime, "b", session="s")
    assert (words(runtime, "s"), len(heard)) == (["a", "b"], 1)


def test_a_session_that_follows_its_file_is_forked_not_changed(store, runtime, tmp_path):
    from tests.bench import corpus

    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(corpus.lines("life", 60, 0.05)))
    (result,) = store.import_paths([path])
    source, before = str(result.session), store.events(str(result.session))
    one = {"role": "user", "content": "x"}
    for verb, arguments in {
        "inject": (one,),
        "replace_messages": ([],),
        "trim": (1,),
        "reset": (),
        "compact": (),
        "fork_at": (1, source),
    }.items():
        with pytest.raises(BadArgumentError, match=f"{verb}: session .* is what its file says"):
            getattr(runtime, verb)(source, *arguments)
    fork = runtime.fork_at(source, 5)
    runtime.inject(fork, one)
    assert runtime.messages(fork) == [*runtime.messages(source)[:5], one]
    assert store.events(source) == before
    assert faults(store) == []


def test_a_purge_takes_nothing_that_a_session_held_before_a_change(store, runtime):
    say(runtime, "a", "b", session="s")
    say(runtime, "gone", session="other")
    events = store.events("s")
    runtime.reset("s")
    store.delete("other")
    assert store.purge() > 0
    assert [store.content(event).text for event in events] == ["a", "b"]
    assert store.runtime.graph("s").message_tree()
    store.delete("s")
    assert store.purge() > 0
    assert faults(store) == []


def test_an_id_of_a_session_that_was_deleted_is_free_when_it_is_purged(store, runtime):
    say(runtime, "a", session="s")
    say(runtime, "b", session="other")
    store.delete("s")
    assert not runtime.exists("s")
    for make in (lambda: runtime.open("s"), lambda: runtime.fork("other", "s")):
        with pytest.raises(ConflictError, match="session s was deleted: restore it, or purge it"):
            make()
    store.restore("s")
    assert words(runtime, "s") == ["a"]
    store.delete("s")
    store.purge()
    assert runtime.open("s") == "s"
    assert words(runtime, "s") == []


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("graph", ()),
        ("read_view", ()),
        ("frames", ()),
        ("open_frame", ("any",)),
        ("head", ()),
        ("lease", ()),
        ("commit", (Commit("t1"),)),
        ("checkpoint", ()),
        ("usage", ()),
        ("spend", ("tool", "m", Usage(1))),
        ("vacuum", ()),
        ("say", ("hi",)),
        ("inputs", ()),
        ("unsay", ("input-1",)),
        ("enqueue", ([{"kind": "x"}],)),
        ("queued", ()),
        ("command", ("reset_session", "k")),
        ("state", ()),
        ("pause", ()),
        ("resume", ()),
        ("set_state", ("completed",)),
        ("save", (".",)),
        ("context_usage", ()),
        ("costs", ()),
        ("tasks", ()),
        ("set_tasks", ([],)),
        ("set_task", ("1", "completed")),
    ],
)
def test_no_verb_takes_the_beginning_of_an_id_for_the_id(runtime, verb, arguments):
    session = say(runtime, "hi", session="job-10")
    before = runtime.head(session)
    with pytest.raises(UnknownSessionError, match="unknown session id 'job-1'"):
        getattr(runtime, verb)("job-1", *arguments)
    with pytest.raises(UnknownSessionError, match="usage_of: unknown session id 'job-1'"):
        runtime.usage_of(["job-1"])
    assert (runtime.head(session), runtime.state(session).state) == (before, "active")


@pytest.mark.parametrize(("count", "words"), [(-1, "must be >= 0"), ("1", "an int"), (True, "int")])
def test_the_mapping_takes_counts_only(runtime, count, words):
    session = say(runtime, "hi")
    for verb in ("branch_event_index", "message_count"):
        with pytest.raises(BadArgumentError, match=words):
            getattr(runtime, verb)(session, count)
