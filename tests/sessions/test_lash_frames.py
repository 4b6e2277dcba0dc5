"""Agent frames and checkpoints of lash (seed-systems, 4b and 4c)."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from scrubber.core.content import text_content
from scrubber.core.errors import BadArgumentError, StoreError
from scrubber.core.events import Draft, Kind
from scrubber.live.extend import extend
from scrubber.sessions import Sessions
from scrubber.sessions.checkpoints import Checkpoint
from scrubber.sessions.heads import Commit
from scrubber.store import landmarks
from scrubber.store.leases import LeaseLostError
from tests.live.scripted import Scripted, done, says
from tests.sessions.made import add, said, texts


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s")
    add(store, opened, "a", "b")
    return opened


def words(view):
    return [message.items[0][1].text for message in view.messages()]


def test_a_session_begins_in_its_initial_frame(runtime, session):
    (frame,) = runtime.frames(session)
    assert (frame.id, frame.reason, frame.status) == ("s:frame:initial", "initial", "active")
    assert (frame.previous, frame.opens_at, frame.assignment) == (None, 0, {})


def test_opening_supersedes_the_frame_before_and_inherits_its_assignment(store, runtime, session):
    first = runtime.open_frame(session, "continue_as", assignment={"policy": "careful"})
    second = runtime.open_frame(session, "by the user's wish", caused_by={"type": "turn", "id": 3})
    assert (first.opened, second.opened) == (True, True)
    initial, one, two = runtime.frames(session)
    assert [f.status for f in (initial, one, two)] == ["superseded", "superseded", "active"]
    assert [one.previous, two.previous] == [initial.id, one.id]
    assert two.assignment == {"policy": "careful"}
    assert (two.reason, two.caused_by) == ("by the user's wish", {"type": "turn", "id": 3})
    assert one.id.startswith("s:frame:continue_as:")


def test_an_empty_id_or_the_current_one_opens_nothing(store, runtime, session):
    before = store.session(session).revision
    for id in ("", "  ", "s:frame:initial"):
        found = runtime.open_frame(session, "continue_as", frame=id)
        assert (found.opened, found.frame.id) == (False, "s:frame:initial")
    assert store.session(session).revision == before
    assert runtime.open_frame(session, "x", frame="mine").frame.id == "mine"
    assert not runtime.open_frame(session, "x", frame="mine").opened


def test_an_id_that_is_taken_or_no_reason_is_refused(runtime, session):
    runtime.open_frame(session, "x", frame="mine")
    runtime.open_frame(session, "y")
    with pytest.raises(BadArgumentError, match="there is a frame 'mine' already"):
        runtime.open_frame(session, "x", frame="mine")
    with pytest.raises(BadArgumentError, match="needs a reason"):
        runtime.open_frame(session, " ")


def test_a_session_that_grows_with_its_file_gets_no_frame(store, runtime, bundled_sample):
    imported = store.import_paths(bundled_sample)[0].session
    with pytest.raises(BadArgumentError, match="is what its file says: fork it"):
        runtime.open_frame(imported, "continue_as")
    fork = store.fork(imported, 5).session.id
    assert runtime.open_frame(fork, "continue_as").opened


def test_what_is_read_is_scoped_to_the_current_frame_and_nothing_is_deleted(
    store, runtime, session
):
    runtime.open_frame(session, "continue_as")
    add(store, session, "c")
    assert words(runtime.read_view(session)) == ["c"]
    assert texts(store, session) == ["a", "b", "frame: continue_as", "c"]


def test_a_model_is_told_of_the_current_frame_and_of_system_prompts_only(store, runtime):
    runtime.open("s")
    for role, text in (("system", "Be brief."), ("user", "old"), ("assistant", "of old")):
        runtime.inject("s", {"role": role, "content": text})
    runtime.open_frame("s", "continue_as")
    runtime.inject("s", {"role": "user", "content": "new"})
    provider = Scripted([*says("ok"), *done()])
    asyncio.run(extend(store.store, "s", provider))
    said = [message.items[0][1].text for message in provider.requests[0].messages]
    assert said == ["Be brief.", "new"]
    assert [one["content"] for one in runtime.messages("s")] == ["Be brief.", "new", "ok"]
    assert texts(store, "s")[:4] == ["Be brief.", "old", "of old", "frame: continue_as"]


def test_a_summary_in_front_of_a_frame_and_one_behind_it(store, runtime, session):
    for n in range(8):
        runtime.inject(session, {"role": "user", "content": str(n)})
    runtime.compact(session, keep_last=3, compact_strategy="truncate")
    runtime.open_frame(session, "continue_as")
    for n in range(10, 18):
        runtime.inject(session, {"role": "user", "content": str(n)})
    assert words(runtime.read_view(session)) == [str(n) for n in range(10, 18)]
    runtime.compact(session, keep_last=2, compact_strategy="truncate")
    summary, *kept = words(runtime.read_view(session))
    assert (kept, "archived" in summary or "compact" in summary) == (["16", "17"], True)
    reasons = [frame.reason for frame in runtime.frames(session)]
    assert reasons == ["initial", "compaction", "continue_as", "compaction"]


def test_a_sources_own_event_of_that_name_opens_nothing(store, runtime, session):
    add(store, session, (Draft(Kind.STATE, "x", name="agent_frame"), text_content("x")))
    assert words(runtime.read_view(session)) == ["a", "b"]


def test_going_back_in_front_of_a_frame_is_being_in_the_one_before(store, runtime, session):
    runtime.open_frame(session, "continue_as")
    add(store, session, "c")
    graph = runtime.graph(session)
    graph.branch_to(graph.path_ids()[1])
    graph.commit_leaf()
    assert [frame.reason for frame in runtime.frames(session)] == ["initial"]
    assert words(runtime.read_view(session)) == ["a", "b"]
    graph.branch_to(graph.leaves()[-1].id)
    graph.commit_leaf()
    assert [frame.reason for frame in runtime.frames(session)] == ["initial", "continue_as"]


def test_a_fork_has_the_frames_of_its_path_where_lash_gives_it_none(store, runtime, session):
    frame = runtime.open_frame(session, "continue_as").frame
    add(store, session, "c")
    fork = store.fork(session, 4).session.id
    early = store.fork(session, 2).session.id
    assert [f.id for f in runtime.frames(fork)] == [f"{fork}:frame:initial", frame.id]
    assert runtime.frames(fork)[-1].session == session
    assert words(runtime.read_view(fork)) == ["c"]
    assert [f.reason for f in runtime.frames(early)] == ["initial"]


def test_a_frame_is_opened_only_under_the_lease(store, runtime, session):
    lost = runtime.lease(session, ttl_ms=0)
    runtime.lease(session)
    with pytest.raises(LeaseLostError):
        runtime.open_frame(session, "x", lease=lost)
    assert len(runtime.frames(session)) == 1


def test_compacting_opens_a_frame_that_begins_with_the_summary(store, runtime, session):
    for n in range(8):
        runtime.inject(session, {"role": "user", "content": str(n)})
    runtime.compact(session, keep_last=3, compact_strategy="truncate")
    initial, frame = runtime.frames(session)
    assert (frame.reason, frame.previous, frame.status) == ("compaction", initial.id, "active")
    assert store.events(session)[frame.opens_at].kind.label == "compaction"
    assert words(runtime.read_view(session))[1:] == ["5", "6", "7"]
    assert {"a", "b", *"01234567"} <= set(texts(store, session))


def test_compacting_what_is_short_opens_none(runtime, session):
    runtime.compact(session, keep_last=3)
    assert len(runtime.frames(session)) == 1


# Checkpoints


def checked(runtime, session, key, **parts):
    return runtime.commit(session, Commit(key, (said(key),), checkpoint=Checkpoint(**parts)))


def test_a_checkpoint_keeps_opaque_bytes_by_the_hash_of_their_content(store, runtime, session):
    tools, plugin = b"\x00\xff tools", b"plugin" * 1000
    done = checked(
        runtime, session, "t1", turn_state={"turn_index": 3}, tool_state=tools,
        plugin_snapshot=plugin, plugin_snapshot_revision=7,
    )  # fmt: skip
    found = runtime.checkpoint(session)
    assert found.checkpoint == Checkpoint({"turn_index": 3}, tools, plugin, 7)
    assert found.ref == done.checkpoint == runtime.head(session).checkpoint
    kept = dict(store.store.connections.get().execute("SELECT hash, data FROM blobs").fetchall())
    assert kept[hashlib.sha256(plugin).hexdigest()] == plugin
    assert all(hashlib.sha256(data).hexdigest() == name for name, data in kept.items())


def test_the_same_snapshot_is_kept_once(store, runtime, session):
    for key in ("t1", "t2", "t3"):
        checked(runtime, session, key, tool_state=b"same", turn_state={"turn": key})
    rows = store.store.connections.get().execute("SELECT count(*) FROM blobs").fetchone()
    assert rows == (1 + 3,)


def test_a_fork_goes_on_from_the_last_checkpoint_on_its_path(store, runtime, session):
    checked(runtime, session, "t1", tool_state=b"one")
    cut = store.session(session).events
    checked(runtime, session, "t2", tool_state=b"two")
    early, late = (store.fork(session, at).session.id for at in (cut, cut + 2))
    assert runtime.checkpoint(early).checkpoint.tool_state == b"one"
    assert runtime.checkpoint(late).checkpoint.tool_state == b"two"
    assert runtime.checkpoint(session, 2) is None
    checked(runtime, early, "t3", tool_state=b"three")
    assert runtime.checkpoint(session).checkpoint.tool_state == b"two"


def test_a_checkpoint_whose_bytes_are_gone_or_damaged_is_an_error_that_names_them(
    store, runtime, session
):
    checked(runtime, session, "t1", tool_state=b"one")
    digest = hashlib.sha256(b"one").hexdigest()
    rows = store.store.connections.get()
    rows.execute("UPDATE blobs SET data = x'00' WHERE hash = ?", (digest,))
    with pytest.raises(StoreError, match=f"blob {digest} is damaged"):
        runtime.checkpoint(session)
    rows.execute("DELETE FROM blobs WHERE hash = ?", (digest,))
    with pytest.raises(StoreError, match=f"no blob {digest}"):
        runtime.checkpoint(session)


def kept_blobs(store):
    return {row[0] for row in store.store.connections.get().execute("SELECT data FROM blobs")}


def test_purging_deletes_the_blobs_that_no_checkpoint_names_any_more(store, runtime, session):
    checked(runtime, session, "t1", tool_state=b"one")
    other = runtime.open("other")
    checked(runtime, other, "t2", tool_state=b"two", execution_state=b"three")
    assert {b"one", b"two", b"three"} <= kept_blobs(store)
    assert runtime.vacuum(session) == (0, 0)
    store.delete(other)
    assert b"two" in kept_blobs(store)
    store.purge()
    assert not {b"two", b"three"} & kept_blobs(store)
    assert runtime.checkpoint(session).checkpoint.tool_state == b"one"


def test_vacuum_deletes_blobs_that_nobody_names(store, runtime, session):
    checked(runtime, session, "t1", tool_state=b"one")
    with store.store.connections.write() as rows:
        landmarks.keep_blob(rows, b"nobody's")
    assert runtime.vacuum(session) == (0, 1)
    assert list(store.verify()) == []


def test_verify_tells_of_blobs_and_landmarks_that_are_not_what_they_should_be(
    store, runtime, session
):
    checked(runtime, session, "t1", tool_state=b"one")
    digest = hashlib.sha256(b"one").hexdigest()
    rows = store.store.connections.get()

    def faults():
        return [(fault.where, fault.what) for fault in store.verify()]

    assert faults() == []
    rows.execute("UPDATE blobs SET data = x'00' WHERE hash = ?", (digest,))
    assert faults() == [(f"blob {digest}", "its bytes do not match its hash")]
    rows.execute("DELETE FROM blobs WHERE hash = ?", (digest,))
    ((_where, what),) = faults()
    assert what == f"its checkpoint's blob {digest} is missing"
    rows.execute("UPDATE landmarks SET seq = 99")
    assert faults()[0][1] == "a checkpoint lies on an event that is not there"


def test_a_frame_is_heeded_also_where_the_messages_were_read_before(store, runtime):
    session = runtime.open("seen")
    for words in ("one", "two"):
        runtime.inject(session, {"role": "user", "content": words})
        runtime.messages(session)
    runtime.open_frame(session, "continue_as")
    runtime.inject(session, {"role": "user", "content": "three"})
    assert [one["content"] for one in runtime.messages(session)] == ["three"]
    assert runtime.length(session) == Sessions(store.store).length(session) == 1


def test_a_fork_in_front_of_a_frame_does_not_bring_back_what_that_has_left(runtime):
    session = runtime.open("prompted")
    for role in ("user", "assistant", "system"):
        runtime.inject(session, {"role": role, "content": f"of the {role}"})
    runtime.open_frame(session, "continue_as")
    runtime.inject(session, {"role": "user", "content": "new"})
    (system, new) = runtime.messages(session)
    assert (system["role"], new["content"]) == ("system", "new")
    assert runtime.messages(runtime.fork_at(session, 1)) == [system]
    assert runtime.messages(runtime.fork_at(session, 2)) == [system, new]
    end = len(runtime.snapshot(session)["events"])
    for index in range(end + 1):
        fork = runtime.fork_at_event(session, index)
        assert runtime.length(fork) == runtime.message_count(session, index)
    assert runtime.messages(runtime.fork_at(session, 1, session)) == [system]
