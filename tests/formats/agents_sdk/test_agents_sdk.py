"""Sessions of the Agents SDK: read, with their branches; written as a new database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from scrubber.api import OpenStore, open_store
from scrubber.core.content import Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.core.lint import INTERRUPTED
from scrubber.core.messages import messages
from scrubber.core.session import Branch
from scrubber.formats import containers, registry
from scrubber.formats.agents_sdk.items import item_of
from scrubber.formats.agents_sdk.writer import AgentsWriter
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import FakeTranscript, Read, read
from tests.formats.shapes import DIALECTS, turns
from tests.helpers.readers import ask
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator


SCRIPTS = CORPUS / "agents-sdk"
WRITER = AgentsWriter(lambda transcript: f"cut-{transcript.index}")


def unfolded(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "agents-sdk"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read("agents-sdk", reader, list(reader.read(stream)))


@pytest.fixture
def plain(tmp_path):
    return unfolded(database(SCRIPTS / "plain.db.sql", tmp_path))


@pytest.fixture
def branched(tmp_path):
    return unfolded(database(SCRIPTS / "branches.db.sql", tmp_path))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def texts(source: Read, log: str) -> list[str]:
    return [draft.text for draft in source.drafts(log)]


def test_sessions_of_one_database(plain):
    assert plain.logs == ["alice", "bob"]
    assert plain.reader.infos["alice"].title == "Is it sunny?"
    assert [draft.kind for draft in plain.drafts("bob")] == [
        Kind.MESSAGE, Kind.UNKNOWN, Kind.UNKNOWN,
    ]  # fmt: skip
    assert texts(plain, "bob")[2] == '{"role": "us', "what is no JSON stays visible"


def test_what_the_model_sees(plain):
    said = list(messages(FakeTranscript(plain, "alice")))
    assert [(message.role, len(message.items)) for message in said] == [
        (Role.USER, 1), (Role.ASSISTANT, 3), (Role.TOOL, 1), (Role.TOOL, 1), (Role.ASSISTANT, 1),
        (Role.USER, 1), (Role.ASSISTANT, 1), (Role.TOOL, 1), (Role.ASSISTANT, 1),
    ]  # fmt: skip
    event, thought = said[1].items[0]
    assert (thought.text, thought.signature) == ("I ask.", "c2VhbA==")
    assert event.marks & Mark.SEALED
    assert said[3].items[0][1].blocks == (Text("rain"), Image("image/png", "iVBORw0KGgo="))
    results = [d for d in plain.drafts("alice") if d.kind is Kind.TOOL_RESULT]
    assert [result.call_id for result in results] == ["call_1", "call_2", "ws_1"]


def test_branches_leave_the_session_where_they_stop_sharing_its_rows(branched):
    infos = branched.reader.infos
    assert list(infos) == ["carol", "carol/other", "carol/anew"]
    branch = infos["carol/other"].branch
    assert branch is not None
    assert texts(branched, "carol")[branch.at - 1] == "In Oslo."
    assert branch == Branch("carol", 7)
    assert texts(branched, "carol/other")[:2] == ["And in Rome?", "Rain."]
    assert infos["carol/anew"].branch is None, "it shares nothing"
    assert infos["carol/other"].title == "Is it sunny? · other"
    assert texts(branched, "carol")[-1] == "in no branch"


def test_a_turns_usage_stands_behind_it(branched):
    bills = [draft.usage for draft in branched.drafts("carol") if draft.usage]
    assert bills == [Usage(60, 40, 0, 20, 5)] * 2
    assert branched.drafts("carol")[7].kind is Kind.USAGE


def test_in_a_store_a_branch_is_a_fork_and_a_database_grows(store, tmp_path):
    path = database(SCRIPTS / "branches.db.sql", tmp_path)
    import_one(store, path)
    titles = {session.title: session for session in store.roots()}
    (fork,) = store.children(titles["Is it sunny?"].id)
    assert (fork.relation, fork.forked_at, fork.events) == ("fork", 7, 10)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM agent_messages WHERE id = 14")
        connection.commit()
    import_one(store, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO agent_messages (session_id, message_data) VALUES "
            """('carol', '{"role": "user", "content": "more"}')"""
        )
        connection.execute(
            "INSERT INTO message_structure (session_id, message_id, message_type, "
            "sequence_number, user_turn_number) "
            "VALUES ('carol', last_insert_rowid(), 'user', 30, 3)"
        )
        connection.commit()
    assert {result.status for result in import_one(store, path)} >= {"extended"}


def test_other_names_of_the_tables(tmp_path):
    script = (SCRIPTS / "plain.db.sql").read_text().replace("agent_messages", "chat")
    (tmp_path / "x.db.sql").write_text(script)
    source = unfolded(database(tmp_path / "x.db.sql", tmp_path))
    assert source.logs == ["alice", "bob"]


def items_of(data: bytes, path: Path) -> list[dict[str, Any]]:
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT message_data FROM agent_messages ORDER BY id")
        return [json.loads(row[0]) for row in rows]


def cut(source: Read, at: int) -> tuple[FakeTranscript, list[dict[str, Any]]]:
    """A session up to an index, with the items that it holds."""
    transcript = FakeTranscript(source, "alice", at)
    held = {event.record: json.loads(transcript.raw(event)) for event in transcript.events()}
    return transcript, [json.loads(record["row"]["message_data"]) for record in held.values()]


def test_every_cut_is_written_as_it_was_with_its_calls_closed(plain, tmp_path):
    length = FakeTranscript(plain, "alice").index
    for at in range(1, length + 1):
        transcript, held = cut(plain, at)
        items = items_of(b"".join(WRITER.write(transcript)), tmp_path / f"{at}.db")
        made = [item for item in items if item.get("output") == INTERRUPTED]
        assert [item for item in items if item not in made] == held
        calls = {item["call_id"] for item in items if item.get("type") == "function_call"}
        outputs = [item["call_id"] for item in items if item.get("type") == "function_call_output"]
        assert sorted(outputs) == sorted(calls)
        again = unfolded(tmp_path / f"{at}.db")
        assert again.logs == [f"cut-{at}"]


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=15)
@given(conversation=turns())
def test_sessions_of_other_agents(dialect, conversation, tmp_path_factory):
    other = FakeTranscript(read(dialect, json.dumps(DIALECTS[dialect](conversation)).encode()))
    items = items_of(b"".join(WRITER.write(other)), tmp_path_factory.mktemp("agents") / "a.db")
    said = [t["text"] for t in conversation if t["who"] in ("user", "model") and t["text"]]
    assert [
        part["text"]
        for item in items
        if item["type"] == "message"
        for part in item["content"]
    ] == said  # fmt: skip


def test_it_goes_back_as_a_database_of_its_own(store, tmp_path, monkeypatch):
    monkeypatch.setenv("SCRUBBER_STORE", str(tmp_path / "data" / "scrubber.db"))
    path = database(SCRIPTS / "plain.db.sql", tmp_path)
    before = path.read_bytes()
    session = next(r for r in import_one(store, path) if r.title == "Is it sunny?")
    done = store.continue_in(str(session.session), 7)
    assert done.path.parent == tmp_path / "data" / "agents-sdk"
    assert repr(done.native_id) in done.command
    assert path.read_bytes() == before
    assert len(unfolded(done.path).drafts(done.native_id)) == 7


def test_the_sdk_itself_reads_every_cut(plain, tmp_path):
    expected, arguments = [], []
    for at in range(1, FakeTranscript(plain, "alice").index + 1):
        transcript, held = cut(plain, at)
        path = tmp_path / f"{at}.db"
        path.write_bytes(b"".join(WRITER.write(transcript)))
        expected.append(held)
        arguments += [path, f"cut-{at}"]
    told = ask("agents", Path(__file__).with_name("told.py"), *arguments)
    assert [[i for i in items if i.get("output") != INTERRUPTED] for items in told] == expected


def test_branches_that_the_sdk_itself_made_are_read_as_it_reads_them(store, tmp_path):
    told = dict(ask("agents", Path(__file__).with_name("made.py"), tmp_path / "made.db"))
    assert set(told) == {"main", "hoe", "shed"}
    import_one(store, tmp_path / "made.db")
    ours = {}
    for session in store.sessions():
        branch = session.title.partition(" · ")[2] or "main"
        records = dict.fromkeys(store.raw(event) for event in store.events(session.id))
        found = [item_of(json.loads(record)) for record in records]
        ours[branch] = [json.loads(item[0]) for item in found if item is not None]
    assert ours == told
    shared = {session.title: session.forked_at for session in store.sessions()}
    assert shared == {"bean 1?": None, "bean 1? · hoe": 4, "bean 1? · shed": 4}
