from __future__ import annotations

import pytest

from scrubber.core.events import Kind, Mark
from scrubber.formats import registry
from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, Read, read

SESSION = "c0c0c0c0-0000-4000-8000-000000000001"


def sample(name: str) -> Read:
    path = CORPUS / "cursor" / SESSION / name
    return read("cursor", path.read_bytes(), str(path))


def test_calls_have_no_ids_and_are_answered_in_their_order():
    source = sample(f"{SESSION}.jsonl")
    told = list(FakeTranscript(source).events())
    assert [event.kind.label for event in told] == [
        "message", "reasoning", "message", "tool_call", "tool_call", "tool_result", "tool_result",
        "message", "message", "turn_end", "message", "tool_call", "turn_end", "unknown",
    ]  # fmt: skip
    assert [(event.ref, event.call_id) for event in told[5:7]] == [(3, "call-1"), (4, "call-2")]
    assert not any(event.marks & Mark.ORPHAN for event in told)
    assert [event.is_error for event in told if event.kind is Kind.TURN_END] == [False, True]
    assert source.reader.infos[""].title == "list the files"


def test_a_sub_agent_lies_below_its_session():
    info = sample("subagents/child.jsonl").reader.infos[""]
    assert (info.relation, info.parent_native_id, info.agent) == ("subagent", SESSION, "child")


REAL = {
    "agent-sessions-fixtures/cursor/small.jsonl": (5, 6),
    "agent-sessions-fixtures/cursor/large.jsonl": (10, 12),
    "agent-sessions-fixtures/cursor/schema_drift.jsonl": (4, 6),
    "agent-sessions-fixtures/cursor/subagent/parent.jsonl": (2, 3),
    "agent-sessions-fixtures/cursor/subagent/subagents/child.jsonl": (2, 2),
    "agent-sessions-fixtures/Cursor/test-session.jsonl": (6, 8),
    "agent-sessions-fixtures/Cursor/subagent-session.jsonl": (3, 3),
    "git-ai-fixtures/cursor-session-simple.jsonl": (11, 21),
}
"""(records, events) of real files and fixtures."""


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data, name):
    path = shared_data / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    assert registry.recognise(path).name == "cursor"
    source = read("cursor", path.read_bytes(), str(path))
    assert (source.raw, source.reader.warnings) == (path.read_bytes(), [])
    assert (len(source.readings), len(source.drafts())) == REAL[name]
    assert Kind.UNKNOWN not in {draft.kind for draft in source.drafts()}
