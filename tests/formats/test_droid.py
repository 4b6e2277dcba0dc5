from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrubber.core.events import Kind, Visibility
from scrubber.formats import registry
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read, read, said


def session(*records: dict[str, Any], path: str = "x.jsonl") -> Read:
    return read("droid", "".join(json.dumps(record) + "\n" for record in records).encode(), path)


def says(id: str, role: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "id": id, "message": {"role": role, "content": text}, **more}


def test_a_session_file():
    path = CORPUS / "droid" / "d0d0d0d0-0000-4000-8000-000000000001.jsonl"
    source = read("droid", path.read_bytes(), str(path))
    info = source.reader.infos[""]
    assert (info.title, info.cwd, info.native_id) == ("Tidy the shop", "/home/ada/shop", path.stem)
    kinds = [draft.kind.label for draft in source.drafts()]
    assert kinds[:9] == [
        "session_start", "message", "reasoning", "message", "tool_call", "tool_call", "plan",
        "tool_result", "tool_result",
    ]  # fmt: skip
    assert source.drafts()[2].group_id == "m2"


def test_a_second_prompt_below_one_parent_is_a_rewind():
    first, answer = (
        says("a", "user", "one", parentId="r"),
        says("b", "assistant", "x", parentId="a"),
    )
    left = [says("c", "user", "two", parentId="b"), says("d", "assistant", "y", parentId="c")]
    told = FakeTranscript(session(first, answer, *left, says("e", "user", "three", parentId="b")))
    assert [message[1][0][1][0].text for message in said(told)] == ["one", "x", "three"]


def test_the_end_of_a_stream_repeats_what_was_said_and_tells_the_tokens():
    path = CORPUS / "droid" / "stream.jsonl"
    source = read("droid", path.read_bytes(), str(path))
    mirror = source.drafts()[5]
    assert (mirror.kind, mirror.visibility, mirror.ref) == (Kind.MIRROR, Visibility.HIDDEN, 4)
    assert mirror.usage is not None
    assert (mirror.usage.input, mirror.usage.cache_read, mirror.usage.output) == (10, 3, 5)
    assert source.drafts()[2].ts == 1775030402000


def test_an_end_that_says_something_else_is_a_message():
    source = session(
        {"type": "message", "role": "user", "text": "x", "session_id": "s"},
        {"type": "completion", "finalText": "done", "session_id": "s"},
    )
    assert [draft.kind for draft in source.drafts()] == [Kind.MESSAGE, Kind.MESSAGE]


def test_the_model_is_noted_beside_the_session(tmp_path):
    (tmp_path / "s.settings.json").write_text('{"model": "model-x", "tokenUsage": {}}')
    source = session(says("a", "user", "x"), path=str(tmp_path / "s.jsonl"))
    assert source.reader.infos[""].model == "model-x"


def test_a_message_of_nothing_is_told_as_unknown():
    (draft,) = session(
        says("a", "user", "") | {"message": {"role": "user", "content": [None]}}
    ).drafts()
    assert draft.kind is Kind.UNKNOWN


def test_sessions_of_pi_are_not_taken_for_its_own():
    head = b'{"type":"session","version":3,"id":"x"}\n'
    message = json.dumps(says("a", "user", "x")).encode() + b"\n"
    droid = registry.get("droid")
    assert droid.sniff(Path("x.jsonl"), message) > 0
    assert droid.sniff(Path("x.jsonl"), head + message) == 0


REAL = {
    "agent-sessions-fixtures/droid/session_store_small.jsonl": (5, 4),
    "agent-sessions-fixtures/droid/session_store_large.jsonl": (9, 8),
    "agent-sessions-fixtures/droid/session_store_schema_drift.jsonl": (3, 3),
    "agent-sessions-fixtures/droid/stream_json_small.jsonl": (5, 4),
    "agent-sessions-fixtures/droid/stream_json_large.jsonl": (7, 6),
    "agent-sessions-fixtures/droid/stream_json_schema_drift.jsonl": (6, 6),
    "git-ai-fixtures/droid-session.jsonl": (13, 15),
}
"""(records, events) of real files and fixtures."""


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data, name):
    path = shared_data / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    assert registry.recognise(path).name == "droid"
    source = read("droid", path.read_bytes(), str(path))
    assert (source.raw, source.reader.warnings) == (path.read_bytes(), [])
    assert (len(source.readings), len(source.drafts())) == REAL[name]
    assert Kind.UNKNOWN not in {draft.kind for draft in source.drafts()}
