"""Checkpoints of LangGraph: their MessagePack, and what successive ones tell."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.api import OpenStore, open_store
from scrubber.core.content import Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.core.messages import messages
from scrubber.core.session import Branch, Spawn
from scrubber.formats import containers, registry
from scrubber.formats.langgraph.msgpack import unpack
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.corpus import CORPUS, database
from tests.formats.langgraph.packing import Ext, Row, human, name, pack, sample_rows, script, state
from tests.formats.reading import FakeTranscript, Read
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = CORPUS / "langgraph" / "checkpoints.db.sql"
FORK, CUT = f"t1@{name(6)}", f"t1@{name(7)}"


def unfolded(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "langgraph"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read("langgraph", reader, list(reader.read(stream)))


@pytest.fixture
def source(tmp_path):
    return unfolded(database(SCRIPT, tmp_path))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def test_the_corpus_is_what_its_maker_makes():
    assert SCRIPT.read_text().partition("\n")[2] == script(sample_rows())


def spoken(source: Read, log: str) -> list[str]:
    return [draft.text for draft in source.drafts(log) if draft.role is not Role.NONE]


def test_successive_checkpoints_tell_what_is_new(source):
    assert spoken(source, "t1") == [
        "be brief", "Add one", "First I think.", "I add.", "a=1", "no such number", "Done.", "Two.",
        "First I think.", "I add.", "a=1", "no such number", "Done.", "Two.",
    ]  # fmt: skip
    rewind = next(draft for draft in source.drafts("t1") if draft.kind is Kind.REWIND)
    assert source.drafts("t1")[rewind.ref or 0].text == "Add one", "a message was taken out"
    said = list(messages(FakeTranscript(source, "t1")))
    assert [(m.role, len(m.items)) for m in said] == [
        (Role.SYSTEM, 1), (Role.ASSISTANT, 3), (Role.TOOL, 1), (Role.ASSISTANT, 2),
    ]  # fmt: skip


def test_states_are_told_by_the_channels_that_changed(source):
    states = [d.text for d in source.drafts("t1") if d.kind is Kind.STATE]
    assert states == ["loop · step 0 · plan", "loop · step 1", "loop · step 1 · plan",
                      "loop · step 1", "loop · step 1"]  # fmt: skip
    transcript = FakeTranscript(source, "t1")
    third = [event for event in transcript.events() if event.kind is Kind.STATE][2]
    detail = transcript.content(third).detail
    assert detail["channels"]["plan"] == ["b", {"$class": "os.system", "value": "true"}]


def test_content_seals_errors_and_the_bill(source):
    drafts = source.drafts("t1")
    result = next(draft for draft in drafts if draft.kind is Kind.TOOL_RESULT)
    assert (result.call_id, bool(result.marks & Mark.ERROR)) == ("c1", True)
    assert next(d.usage for d in drafts if d.usage) == Usage(12, 8, 0, 5, 0, 20)
    transcript = FakeTranscript(source, "t1")
    events = list(transcript.events())
    prompt = next(e for e in events if e.role is Role.USER)
    assert transcript.content(prompt).blocks == (
        Text("Add one"), Image("image/png", "iVBORw0KGgo="),
    )  # fmt: skip
    thought = next(e for e in events if e.kind is Kind.REASONING)
    assert transcript.content(thought).signature == "c2VhbA=="
    assert source.reader.infos["t1"].model == "mock"


def test_a_fork_leaves_its_thread_at_the_checkpoint_it_was_made_from(source):
    assert source.reader.infos[FORK].branch == Branch("t1", 7)
    assert spoken(source, FORK) == ["Another way"]
    assert source.drafts("t1")[6].kind is Kind.TOOL_CALL


def test_a_subgraph_is_a_sub_agent_of_the_checkpoint_that_was_there(source):
    info = source.reader.infos["t1/node:1"]
    assert (info.relation, info.parent_native_id, info.title) == ("subagent", "t1", "node")
    assert source.reader.infos["t1"].spawns == {"t1/node:1": Spawn(8, None, "node")}


def test_langchains_json_damage_and_states_without_messages(source):
    assert spoken(source, "t2") == ["Hello"]
    damaged = source.drafts("t2")[-1]
    assert damaged.kind is Kind.UNKNOWN
    assert damaged.marks & Mark.DAMAGED
    assert "msgpack: byte 0xc1 is no type" in source.reader.warnings[0][1]
    assert [draft.text for draft in source.drafts("t3")] == ["loop · step 1 · count, when"]


def test_in_a_store(store, tmp_path):
    import_one(store, database(SCRIPT, tmp_path))
    titles = {session.title: session for session in store.roots()}
    children = {s.relation: s for s in store.children(titles["Add one"].id)}
    assert children.keys() == {"fork", "subagent"}
    fork = children["fork"]
    said = list(messages(StoredTranscript(store.store, fork, fork.events)))
    assert [m.role for m in said] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]


def test_a_database_that_grew_is_gone_on_with(store, tmp_path):
    rows = sample_rows()
    for count, status in ((3, "new"), (5, "extended"), (10, "extended")):
        (tmp_path / "x.db").unlink(missing_ok=True)
        (tmp_path / "x.db.sql").write_text(script(rows[:count]))
        path = database(tmp_path / "x.db.sql", tmp_path)
        assert status in {result.status for result in import_one(store, path)}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back(value):
    assert unpack(pack(value)) == value


@given(st.binary(max_size=60), VALUES)
def test_garbage_is_refused_or_read_but_never_breaks(data, value):
    for damaged in (data, pack(value)[:-1] + data, pack(value)[1:]):
        with suppress(ValueError):
            unpack(damaged)


def test_classes_are_named_and_never_imported():
    before = set(sys.modules)
    packed = pack(Ext(1, ["this.module.is_not", "There", [1, Ext(2, ["os", "path", {"a": 1}])]]))
    assert unpack(packed) == {
        "$class": "this.module.is_not.There", "value": [1, {"$class": "os.path", "a": 1}],
    }  # fmt: skip
    assert set(sys.modules) == before


def test_what_claims_to_be_long_and_deep_takes_no_room():
    for data in (b"\xdd\xff\xff\xff\xff", b"\xdf\x7f\xff\xff\xff", b"\xc6\xff\xff\xff\xff"):
        with pytest.raises(ValueError, match="cut off"):
            unpack(data)
    with pytest.raises(ValueError, match="too deeply"):
        unpack(b"\x91" * 100_000 + b"\xc0")
    assert unpack(b"\xd6\x2a\x00\x00\x00\x00") == {"$extension": 42, "value": 0}


def test_a_long_thread_is_unfolded_in_the_space_of_its_messages(tmp_path):
    rows: list[Row] = []
    said: list[Ext] = []
    for number in range(1, 80):
        said.append(human(f"message {number} " + "x" * 500))
        parent = number - 1 or None
        rows.append(("t", "", number, parent, "msgpack", state(number, messages=said[:]), {}))
    (tmp_path / "x.db.sql").write_text(script(rows))
    source = unfolded(database(tmp_path / "x.db.sql", tmp_path))
    assert len(spoken(source, "t")) == 79
    assert len(source.raw) < 79 * 1200
