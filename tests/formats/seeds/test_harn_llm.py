"""harn's record of what went to models: its best source of messages."""

from __future__ import annotations

import json

from scrubber.core.events import Kind, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.formats import registry
from scrubber.formats.exported import tools_of
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, read

FOLDER = CORPUS / "harn-llm"
FULL, RESPONSES = (FOLDER / name / "llm_transcript.jsonl" for name in ("run-1", "run-2"))


def test_message_rows_are_the_conversation():
    source = read("harn-llm", FULL.read_bytes(), str(FULL))
    info = source.reader.infos[""]
    assert (info.native_id, info.title, info.model) == ("run-1", "What grows there?", "claude-x")
    seen = [d for d in source.drafts() if d.visibility is Visibility.IN_CONTEXT]
    assert [(d.kind.label, d.role.label, d.call_id) for d in seen] == [
        ("message", "system", None),
        ("context", "none", None),
        ("message", "user", None),
        ("message", "assistant", None),
        ("tool_call", "assistant", "t1"),
        ("tool_result", "tool", "t1"),
        ("compaction", "user", None),
        ("message", "assistant", None),
    ]
    assert seen[2].ts == 1_776_480_003_125


def test_a_response_beside_messages_only_tells_of_tokens():
    source = read("harn-llm", FULL.read_bytes(), str(FULL))
    (bill,) = [d for d in source.drafts() if d.kind is Kind.USAGE]
    assert bill.usage == Usage(100, 7, 3, 20, context=110)


def test_a_file_of_responses_only_has_the_conversation_in_them():
    transcript = FakeTranscript(read("harn-llm", RESPONSES.read_bytes(), str(RESPONSES)))
    told = [(e.kind.label, e.text) for m in messages(transcript) for e, _ in m.items]
    assert told == [
        ("message", "You keep a garden."),
        ("reasoning", "They ask."),
        ("message", "I look."),
        ("tool_call", "beds.txt"),
    ]
    assert transcript.session.title == "I look."


def test_a_prompt_that_was_sent_again_is_told_once():
    drafts = read("harn-llm", FULL.read_bytes(), str(FULL)).drafts()
    (again,) = [d for d in drafts if d.kind is Kind.MIRROR]
    assert again.ref == 0
    changed = FULL.read_bytes().replace(b'"hash":"h1"', b'"hash":"h9"', 1)
    assert not [d for d in read("harn-llm", changed).drafts() if d.kind is Kind.MIRROR]


def test_the_tools_are_there_for_writers():
    transcript = FakeTranscript(read("harn-llm", FULL.read_bytes(), str(FULL)))
    assert [tool["name"] for tool in tools_of(transcript)] == ["read"]


def test_it_is_found_where_the_variable_says(monkeypatch, tmp_path):
    format = registry.get("harn-llm")
    monkeypatch.delenv("HARN_LLM_TRANSCRIPT_DIR", raising=False)
    assert format.places() == []
    monkeypatch.setenv("HARN_LLM_TRANSCRIPT_DIR", str(tmp_path))
    (place,) = format.places()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "llm_transcript.jsonl").write_text(json.dumps({}))
    assert [path.parent.name for path in place.folder.glob(place.pattern)] == ["run"]
