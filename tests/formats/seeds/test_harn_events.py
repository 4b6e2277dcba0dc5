"""harn's log of agent events: reading it with all that happens to such logs, and writing it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from scrubber.core.content import Data, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.core.messages import messages
from scrubber.formats import containers, registry
from scrubber.formats.harn import segments
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read, read, said, write
from tests.formats.shapes import DIALECTS, turns
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

if TYPE_CHECKING:
    from pathlib import Path

NAME = "harn-events"
FOLDER = CORPUS / NAME
FIRST = FOLDER / "event_log-s1.jsonl"
FORMAT = registry.get(NAME)


def read_log(path: Path) -> Read:
    with containers.open_source(FORMAT, path) as stream:
        return read(NAME, stream.read(), path.name)


@pytest.fixture(scope="module")
def rotated() -> FakeTranscript:
    return FakeTranscript(read_log(FIRST))


def test_rotated_parts_are_one_session():
    parts = segments.later_parts(FIRST)
    assert [part.name[-12:] for part in parts] == ["000001.jsonl", "000002.jsonl"]
    assert {registry.whole_of(part) for part in [FIRST, *parts]} == {FIRST}
    source = read_log(FIRST)
    assert source.logs == ["", "s2"]
    assert source.reader.infos[""].native_id == "s1"
    assert source.reader.infos[""].title == "What grows there?"
    indices = [
        json.loads(reading.raw)["index"]
        for reading in source.readings
        if not reading.drafts[0].marks & Mark.DAMAGED
    ]
    assert indices == [*range(25), *range(26, 35)]
    assert [reason for _, reason in source.reader.warnings[1:]] == ["indices 25 to 25 are missing"]


def test_a_later_part_without_the_first_stands_for_itself(tmp_path):
    path = tmp_path / "event_log-s1-000001.jsonl"
    shutil.copy(segments.later_parts(FIRST)[0], path)
    assert segments.first_of(path) == path
    assert segments.later_parts(path) == []


def test_every_event_is_what_it_is(rotated):
    told = [
        (e.kind.label, e.role.label, e.visibility.label, e.name, e.call_id)
        for e in rotated.events()
    ]
    assert told[:9] == [
        ("turn_start", "none", "hidden", None, None),
        ("message", "user", "in_context", None, None),
        ("reasoning", "assistant", "in_context", None, None),
        ("message", "assistant", "in_context", None, None),
        ("message", "assistant", "in_context", None, None),
        ("tool_call", "assistant", "in_context", "read", "tc1"),
        ("tool_detail", "none", "hidden", "read", "tc1"),
        ("tool_result", "tool", "in_context", "read", "tc1"),
        ("turn_end", "none", "hidden", None, None),
    ]
    kinds = [kind for kind, *_ in told[9:]]
    assert kinds == [
        "plan", "plan", "context", "config_change", "config_change", "config_change", "tool_call",
        "mirror", "tool_result", "tool_result", "tool_detail", "tool_detail", "compaction", "link",
        "file_change", "notice", "unknown", "turn_end", "error", "error", "error", "unknown",
        "message", "tool_result", "session_end",
    ]  # fmt: skip
    events = list(rotated.events())
    assert events[17].marks & Mark.ERROR
    assert rotated.content(events[17]).blocks == (Text("no hoe"),)
    assert rotated.content(events[18]).blocks == (Data({"any": ["json"]}),)
    assert events[25].marks & Mark.DAMAGED  # where the second part was torn off
    assert events[-1].ts == 1_776_480_000_000 + 34 * 250


def test_chunks_and_calls_up_to_a_result_are_one_message(rotated):
    groups = [e.group_id for e in rotated.events() if e.role is Role.ASSISTANT]
    assert len(set(groups[:4])) == 1
    assert groups[4] != groups[3]


def test_a_hole_and_a_log_that_was_begun_anew():
    source = read_log(FOLDER / "event_log-s3.jsonl")
    texts = [draft.text for draft in source.drafts() if draft.kind is Kind.MESSAGE]
    assert texts == ["before the hole", "behind the hole", "before the hole", "begun anew"]
    repeated = [d for d in source.drafts() if d.marks & Mark.DUPLICATE]
    assert [draft.text for draft in repeated] == ["before the hole"]
    assert {draft.visibility for draft in repeated} == {Visibility.HIDDEN}, "said once"
    reasons = [reason for _, reason in source.reader.warnings]
    assert reasons.pop(3).startswith("unexpected")  # what stands in front of the second hole
    assert reasons == [
        "a hole of 64 zero bytes",
        "index 1 stood in the log before: it was begun anew",
        "index 1 stood in the log before: it was begun anew",
        "a hole of 4 zero bytes",
        "index 2 stood in the log before: it was begun anew",
        "not a JSON object",
        "the last line is incomplete; it is kept until it is whole",
    ]
    assert source.reader.pending == b'{"index":11,"emitted_at'


def test_a_torn_line_with_a_hole_waits_as_a_whole():
    whole = (FOLDER / "event_log-s3.jsonl").read_bytes()
    start = whole.index(b"\0")
    for stop in (start + 1, start + 64, start + 70):
        source = read(NAME, whole[:stop])
        assert len(source.readings) == 2
        assert source.reader.pending == whole[start:stop]
    end = whole.index(b"\n", start)
    assert [r.raw[:1] for r in read(NAME, whole[:end]).readings[2:]] == [b"\0", b"{"]


def test_a_log_that_is_rotated_while_it_is_followed_goes_on(store, tmp_path):
    path, parts = tmp_path / FIRST.name, segments.later_parts(FIRST)
    shutil.copy(FIRST, path)
    (before,) = import_one(store, path)
    for part in parts:
        shutil.copy(part, tmp_path / part.name)
    after = import_one(store, tmp_path / parts[0].name)
    assert [(result.session, result.status) for result in after[:1]] == [
        (before.session, "extended")
    ]
    assert store.session(before.session).events == 34


def test_the_generalised_event_log_is_read_too():
    source = read_log(FOLDER / "observability.agent_events.s4.jsonl")
    assert [draft.kind for draft in source.drafts()] == [
        Kind.TURN_START, Kind.TOOL_CALL, Kind.TOOL_RESULT,
    ]  # fmt: skip
    assert source.reader.infos[""].native_id == "s4"


def test_a_log_is_written_as_it_was_with_indices_from_0(rotated):
    lines = [json.loads(line) for line in write(NAME, rotated).splitlines()]
    assert [line["index"] for line in lines] == list(range(len(lines)))
    assert {line["frame_depth"] for line in lines} == {None}
    assert {line["session_id"] for line in lines} == {rotated.session.id}
    again = FakeTranscript(read(NAME, write(NAME, rotated)))
    kept = [e for e in rotated.events() if not e.marks & Mark.DAMAGED]
    assert [(e.kind, e.text, e.ts, e.call_id) for e in again.events()] == [
        (e.kind, e.text, e.ts, e.call_id) for e in kept
    ]
    assert registry.writer(NAME).losses(rotated) == []


@given(conversation=turns())
def test_sessions_of_others_say_the_same(conversation: list[dict[str, Any]]):
    data = json.dumps(DIALECTS["messages"](conversation)).encode()
    first = FakeTranscript(read("messages", data))
    again = FakeTranscript(read(NAME, write(NAME, first)))
    assert told(again) == told(first)


def told(transcript: FakeTranscript) -> list[Any]:
    """What is said, in order: the log has no seams between messages of one speaker."""
    return [item for _, items in said(transcript) for item in items]


def test_what_is_said_to_no_model_is_told_as_a_loss():
    chat = FakeTranscript(
        read("messages", b'{"messages":[{"role":"user","content":"hi"}],"later":1}\n')
    )
    assert registry.writer(NAME).losses(chat) == [
        "1 hidden record (snapshots, progress, titles, …) is left out"
    ]


def test_the_log_of_our_own_sessions_is_one(tmp_path, monkeypatch):
    from scrubber.sessions.event_log import EventLog

    log = EventLog(tmp_path, "s9")
    log.write({"type": "user_message", "message_id": None, "content": [Text("x").text]})
    log.write({"type": "agent_message_chunk", "content": "hello"})
    source = read_log(log.path)
    assert [(d.kind, d.visibility) for d in source.drafts()] == [
        (Kind.MESSAGE, Visibility.IN_CONTEXT)
    ] * 2
    assert registry.recognise(log.path) is FORMAT
    assert source.reader.infos[""].native_id == "s9"


def test_calls_that_share_an_id_stay_calls_of_their_own():
    call = {"id": "c", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    said_twice = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "one"},
    ] * 2
    first = FakeTranscript(read("messages", json.dumps({"messages": said_twice}).encode()))
    again = FakeTranscript(read(NAME, write(NAME, first)))
    assert [event.kind for event in again.events()] == [Kind.TOOL_CALL, Kind.TOOL_RESULT] * 2
    assert not any(event.marks & Mark.ORPHAN for event in again.events())


def test_a_line_that_stands_twice_is_said_once_and_written_once(store, tmp_path):
    path = tmp_path / "event_log-d.jsonl"
    shared: Any = {"emitted_at_ms": 1, "frame_depth": None, "session_id": "d", "tool_call_id": "t"}
    call: Any = {"index": 0, "type": "tool_call", "tool_name": "ls", "raw_input": {}, **shared}
    result = {"index": 1, "type": "tool_call_update", "status": "completed", **shared}
    rows = [call, {**result, "raw_output": "ok"}, {**result, "raw_output": "ok"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (done,) = import_one(store, path)
    assert done.messages == 2
    stored = FakeTranscript(read(NAME, path.read_bytes()))
    assert len(list(messages(stored))) == 2
    assert [json.loads(line)["type"] for line in write(NAME, stored).splitlines()] == [
        "tool_call", "tool_call_update",
    ]  # fmt: skip


def test_a_call_that_is_announced_while_its_arguments_come_in_is_one_call_with_arguments():
    shared: Any = {
        "emitted_at_ms": 1, "frame_depth": None, "session_id": "p", "tool_call_id": "t",
        "tool_name": "edit",
    }  # fmt: skip
    rows: list[Any] = [
        {"type": "tool_call", "status": "pending", "raw_input": {}, "parsing": True},
        {"type": "tool_call_update", "status": "pending", "raw_input": {"body": "ab"}},
        {"type": "tool_call", "status": "pending", "raw_input": {"body": "abcde"}},
        {"type": "tool_call_update", "status": "completed", "raw_output": "ok", "error": None},
    ]
    lines = [{"index": n, **shared, **row} for n, row in enumerate(rows)]
    found = FakeTranscript(read(NAME, "".join(json.dumps(line) + "\n" for line in lines).encode()))
    call, result = messages(found)
    assert [content.arguments for _, content in call.items] == [{"body": "abcde"}]
    assert result.items[0][0].ref == call.items[0][0].index == 2
    assert len(rows) == len(list(found.events()))
    aborted = {"type": "tool_call_update", "status": "failed", "error": "cut off", "index": 1}
    torn = [lines[0], {**shared, **aborted}]
    found = FakeTranscript(read(NAME, "".join(json.dumps(line) + "\n" for line in torn).encode()))
    assert list(messages(found)) == []
    assert [(e.kind, e.visibility) for e in found.events()] == [
        (Kind.TOOL_DETAIL, Visibility.HIDDEN), (Kind.ERROR, Visibility.UI_ONLY),
    ]  # fmt: skip
