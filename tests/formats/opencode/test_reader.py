from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrubber.core.content import Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.core.session import Spawn
from scrubber.formats import containers, registry
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import FakeTranscript, Read, read

if TYPE_CHECKING:
    from pathlib import Path

EXPORT = CORPUS / "opencode" / "export.json"
SESSION = "ses_2000000000001AAAAAAAAAAAAAA"
CHILD = "ses_1fffffffffff1CCCCCCCCCCCCCC"


@pytest.fixture(scope="module")
def source():
    return read("opencode", EXPORT.read_bytes(), "export.json")


def unfolded(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "opencode"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read("opencode", reader, list(reader.read(stream)))


def told(source: Read, log: str = SESSION):
    return [(d.kind, d.role, d.visibility, d.text, d.ts) for d in source.drafts(log)]


def content(source: Read, index: int):
    transcript = FakeTranscript(source, SESSION)
    event = list(transcript.events())[index]
    return event, transcript.content(event)


def test_a_session(source):
    info = source.reader.infos[SESSION]
    assert (info.title, info.cwd, info.model) == ("Counting files", "/home/me/shop", "one")
    assert info.spawns == {CHILD: Spawn(13, 14, "look around")}
    assert not source.reader.warnings
    kinds = [draft.kind for draft in source.drafts(SESSION)]
    assert kinds.count(Kind.UNKNOWN) == 1


def test_a_tools_part_is_a_call_and_its_result(source):
    drafts = source.drafts(SESSION)
    pairs = [(d.kind, d.call_id) for d in drafts if d.call_id]
    assert pairs[:4] == [
        (Kind.TOOL_CALL, "call_1"), (Kind.TOOL_RESULT, "call_1"),
        (Kind.TOOL_CALL, "call_2"), (Kind.TOOL_RESULT, "call_2"),
    ]  # fmt: skip
    assert pairs[-1] == (Kind.TOOL_CALL, "call_6"), "one that still runs has no result"
    failed = [d.call_id for d in drafts if d.kind is Kind.TOOL_RESULT and d.marks & Mark.ERROR]
    assert failed == ["call_2", "call_3"], "an exit code tells a failure, too"
    cut = next(d for d in drafts if d.kind is Kind.TOOL_RESULT and d.call_id == "call_5")
    assert cut.marks & Mark.TRUNCATED
    _, result = content(source, 14)
    assert result.blocks == (Text("looked"), Image("image/png", "iVBORw0KGgo="))


def test_messages_as_the_model_sees_them(source):
    said = list(messages(FakeTranscript(source, SESSION)))
    assert [len(message.items) for message in said[:5]] == [2, 4, 1, 1, 2]
    assert said[0].items[1][1].images == (Image("image/png", "iVBORw0KGgo="),)
    texts = [content.text for message in said for event, content in message.items]
    assert "only shown" not in texts
    assert "taken back" not in texts, "reverted"
    assert "the notes" in texts
    after = list(messages(FakeTranscript(source, SESSION), honour_compaction=True))
    assert [content.text for _, content in after[0].items] == ["What did we do so far?"]
    assert after[1].items[0][1].text == "Two files were found; the notes were read."


def test_reasoning_keeps_its_seal(source):
    event, thought = content(source, 3)
    assert event.marks & Mark.SEALED
    assert (thought.text, thought.signature) == ("I look first.", "c2lnbmVk")


def test_the_bill_is_that_of_the_steps(source):
    bills = [draft.usage for draft in source.drafts(SESSION) if draft.usage]
    assert bills[0] == Usage(50, 40, 0, 11, 2, 90, 200)
    assert len(bills) == 6, "a message without a finished step tells it itself"


def test_text_files_are_told_beside_their_part(source):
    event, notes = content(source, 24)
    assert (event.kind, event.visibility) == (Kind.CONTEXT, Visibility.UI_ONLY)
    assert notes.blocks == (Document("n.txt", "text/plain", "", "file:///home/me/shop/n.txt"),)


def test_a_database_holds_the_same_as_an_export(source, tmp_path):
    found = unfolded(database(CORPUS / "opencode" / "opencode.db.sql", tmp_path))
    assert told(found) == told(source)
    assert b"secret" not in found.raw
    child = found.reader.infos[CHILD]
    assert (child.relation, child.parent_native_id, child.agent) == ("subagent", SESSION, CHILD)
    assert [d.text for d in found.drafts(CHILD) if d.role is not Role.NONE] == ["look", "looked"]
    unknown = [d for d in found.drafts(CHILD) if d.kind is Kind.UNKNOWN]
    assert len(unknown) == 1, "messages of a version to come"


def test_the_folder_of_older_versions(tmp_path):
    storage = CORPUS / "opencode" / "storage"
    (whole,) = storage.glob("session/*/*.json")
    for file in storage.rglob("*.json"):
        assert registry.whole_of(file) == whole
    found = unfolded(whole)
    (log,) = found.logs
    assert [d.text for d in found.drafts(log) if d.role is not Role.NONE] == ["Hello", "Hi."]
    assert found.reader.infos[log].title == "An older one"


def test_messages_without_their_sessions_file_and_parts_without_a_folder(tmp_path):
    files = {
        "message/loose/msg_1.json": {"id": "msg_1", "role": "user", "time": {"created": 5}},
        "message/loose/msg_2.json": {"id": "msg_2", "role": "assistant", "time": {"created": 9}},
        "part/prt_1.json": {"id": "prt_1", "messageID": "msg_1", "type": "text", "text": "Hello"},
        "part/msg_2/prt_2.json": {"id": "prt_2", "type": "text", "text": "Hi."},
    }
    for name, value in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value))
    first = tmp_path / "message" / "loose" / "msg_1.json"
    assert registry.whole_of(tmp_path / "part" / "msg_2" / "prt_2.json") == first
    found = unfolded(first)
    assert [draft.text for draft in found.drafts("loose")] == ["Hello", "Hi."]
    assert found.reader.infos["loose"].title == "Hello"


def test_real_files(shared_data):
    """Fixtures of other programs' tests; there is no public real session."""
    files = {
        "git-ai-fixtures/opencode-sqlite/opencode.db": 6,
        "git-ai-fixtures/opencode-storage/message/test-session-123/msg-assistant-001.json": 6,
        "agent-sessions-fixtures/opencode/storage_v2/session/proj_test/ses_s_stage0_large.json": 13,
        "agent-sessions-fixtures/opencode/storage_v2/session/proj_test/ses_s_stage0_small.json": 4,
        "agent-sessions-fixtures/opencode/storage_legacy/session/proj_test/"
        "ses_s_stage0_drift.json": 3,
    }
    for name, events in files.items():
        found = unfolded(shared_data / name)
        assert not found.reader.warnings
        assert sum(len(reading.drafts) for reading in found.readings) == events, name
