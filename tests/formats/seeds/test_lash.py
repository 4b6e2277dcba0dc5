"""lash: the databases of its sessions, the only true trees among the five."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from scrubber.core.content import Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.formats import containers, registry
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import FakeTranscript, Read, read
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = registry.get("lash")


def read_database(script: str, folder: Path) -> Read:
    path = database(CORPUS / "lash" / script, folder)
    before = path.read_bytes()
    with containers.open_source(FORMAT, path) as stream:
        found = read("lash", stream.read(), path.name)
    assert path.read_bytes() == before
    assert list(folder.iterdir()) == [path]
    return found


@pytest.fixture
def source(tmp_path) -> Read:
    return read_database("session.db.sql", tmp_path)


def test_all_branches_are_sessions_of_their_own(source):
    infos = source.reader.infos
    branches = {
        log: (info.branch.log, info.branch.at) for log, info in infos.items() if info.branch
    }
    assert branches == {
        "m5": ("", 10),  # behind the calls of m2, beside their results
        "m7": ("m5", 1),
        "m8": ("", 0),  # a branch to nothing
        "m18": ("", 28),
    }
    assert [info.title for info in infos.values()] == [
        "The garden", "Never mind, what about the shed?", "A hoe.", "A new beginning.", "And on.",
    ]  # fmt: skip


def test_in_a_store_the_branches_hang_below_one_another(store, tmp_path):
    import_one(store, database(CORPUS / "lash" / "session.db.sql", tmp_path))
    by_title = {session.title: session for session in store.sessions()}
    root, shed = by_title["The garden"], by_title["Never mind, what about the shed?"]
    assert (shed.parent, shed.forked_at) == (root.id, 10)
    assert (by_title["A hoe."].parent, by_title["A hoe."].forked_at) == (shed.id, 11)
    assert by_title["And on."].parent == root.id
    assert (root.model, root.cwd) == ("claude-x", "/home/me/garden")


def test_each_part_is_what_it_is(source):
    told = [(d.kind.label, d.role.label, d.name, d.call_id) for d in source.drafts()[4:18]]
    assert told == [
        ("message", "user", None, None),
        ("reasoning", "assistant", None, None),
        ("message", "assistant", None, None),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "read", "t1"),
        ("tool_call", "assistant", "read", "t2"),
        ("tool_result", "tool", "read", "t1"),
        ("tool_result", "tool", "read", "t2"),
        ("message", "user", None, None),
        ("state", "none", "memory", None),
        ("state", "none", "notes", None),
        ("message", "assistant", None, None),
        ("context", "user", "output", None),
        ("context", "user", "error", None),
    ]
    drafts = source.drafts()
    assert drafts[4].marks & Mark.IMAGE
    assert drafts[5].marks & Mark.SEALED
    assert len({draft.group_id for draft in drafts[5:10]}) == 1


def test_what_was_pruned_says_what_the_model_sees_and_keeps_what_was(source):
    transcript = FakeTranscript(source)
    deleted, message = (list(transcript.events())[place] for place in (11, 12))
    assert deleted.marks & message.marks & Mark.TRUNCATED
    content = transcript.content(deleted)
    assert content.blocks == (Text("[result deleted]"),)
    assert content.detail["content"] == "a long result"
    content = transcript.content(message)
    assert content.blocks == (Text("a summary"), Text("[cleared]"))
    assert [part["content"] for part in content.detail["pruned"]] == ["and a word", "cleared text"]


def test_origins_and_causes_are_told(source):
    transcript = FakeTranscript(source)
    plugin, process, transient = list(transcript.events())[18:21]
    assert (plugin.kind, plugin.role, plugin.name) == (Kind.CONTEXT, Role.USER, "weather")
    assert transcript.content(plugin).detail == {
        "caused_by": {"type": "trigger_occurrence", "id": "o1"},
        "agent_frame_id": "root:frame:initial",
        "origin": {"kind": "plugin", "plugin_id": "weather", "transient": False},
    }
    assert transcript.content(process).detail["origin"]["wake_id"] == "w1"
    assert transient.visibility is Visibility.HIDDEN


def test_a_frame_sees_nothing_of_the_one_before_and_nothing_is_deleted(source):
    transcript = FakeTranscript(source, index=24)  # in front of the last frame
    seen = [m.items[0][1].text for m in messages(transcript, honour_compaction=True)]
    assert seen == ["Summary: beans grow there.", "I go on."]
    assert len(list(messages(transcript))) == 13
    frames = [d for d in source.drafts() if d.kind is Kind.SPAN_BEGIN]
    assert [frame.name for frame in frames] == ["initial", "compaction", "continue_as"]


def test_the_leaf_says_where_the_session_goes_on(source):
    (leaf,) = [d for d in source.drafts("m18") if d.kind is Kind.LABEL]
    assert (leaf.text, leaf.ref) == ("the session goes on from here: m18", 0)
    behind = [d.kind.label for d in source.drafts("m18")][3:]
    assert behind == ["usage", "usage", "queue", "queue"]


def test_spend_is_counted_once_by_source_and_model(source):
    bills = [d.usage for d in source.drafts("m18") if d.usage]
    assert bills == [Usage(100, 5, 7, 20, 4), Usage(10, 0, 0, 2, 0)]
    assert [usage.total for usage in bills if usage] == [132, 12]  # reasoning is a part of output


def test_what_was_put_away_is_gone_and_what_is_odd_is_kept(source):
    assert not any("put away" in draft.text for log in source.logs for draft in source.drafts(log))
    unknown = [d for log in source.logs for d in source.drafts(log) if d.kind is Kind.UNKNOWN]
    assert len(unknown) == 3
    assert source.reader.warnings == [(24, "node m17: its parent m99 is not there")]
    orphans = [d for d in source.drafts() if d.marks & Mark.ORPHAN]
    assert [draft.text for draft in orphans] == ["of a kind nobody knows"]


def test_a_lost_leaf_is_healed_and_a_helper_hangs_below_its_parent(store, tmp_path):
    source = read_database("helper.db.sql", tmp_path / "lash")
    assert source.reader.warnings == [
        (4, "the leaf nowhere is not there: the session goes on from a1")
    ]
    info = source.reader.infos[""]
    assert (info.native_id, info.parent_native_id, info.relation) == ("helper", "root", "subagent")
    session = database(CORPUS / "lash" / "session.db.sql", tmp_path)
    import_one(store, session, tmp_path / "lash" / "helper.db")
    by_name = {session.native_id: session for session in store.sessions() if session.native_id}
    assert by_name["helper"].parent == by_name["root"].id


def test_they_are_found_where_lash_keeps_them(monkeypatch, tmp_path):
    monkeypatch.setenv("LASH_HOME", str(tmp_path))
    (place,) = FORMAT.places()
    assert (place.folder, place.pattern) == (tmp_path / "sessions", "*.db")


def test_the_revision_of_the_head_is_told_wherever_it_stands(tmp_path):
    row = {"singleton": 1, "head_json": {"head_revision": 7, "leaf_node_id": None}}
    lines = [{"table": "session_head", "row": row}, {"table": "session_head", "row": {
        "singleton": 1, "head_revision": 8, "head_json": {}}}]  # fmt: skip
    found = read("lash", b"".join(orjson.dumps(line) + b"\n" for line in lines))
    assert [draft.text for draft in found.drafts()] == ["head, revision 7", "head, revision 8"]
