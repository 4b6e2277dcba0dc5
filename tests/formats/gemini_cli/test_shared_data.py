"""Reader and writer on real sessions, kept outside the repository."""

from __future__ import annotations

import pytest

from scrubber.core.events import Kind
from scrubber.core.lint import INTERRUPTED
from scrubber.formats import registry
from scrubber.formats.gemini_cli.writer import GeminiWriter, derived_id
from tests.formats.gemini_cli.records import context
from tests.formats.gemini_cli.validator import check
from tests.formats.reading import FakeTranscript, Read, read

FILES = {
    "gemini-cli/entire/29eb990e-c773-4302-a4e7-317f0af0001f.json": (9, 2),
    "gemini-cli/entire/f7633853-6663-4dbb-bbf4-6159afa29df8.json": (21, 46),
    "gemini-cli/entire/fa4593e0-f7e1-4dd1-b656-da95fb4d60fa.json": (12, 10),
    "gemini-cli/entire/faff42ab-6ea5-4f78-b8c4-f7dd6272af08.json": (14, 15),
    "agent-sessions-fixtures/gemini/jsonl_v040.jsonl": (5, 5),
    "agent-sessions-fixtures/gemini/large.json": (17, 12),
    "agent-sessions-fixtures/gemini/schema_drift.json": (10, 4),
    "agent-sessions-fixtures/gemini/small.json": (11, 4),
    "git-ai-fixtures/gemini-session-simple.jsonl": (7, 10),
}
"""(records, events) of each; none of them has warnings, or an event of an unknown kind."""

LONGEST = "gemini-cli/entire/f7633853-6663-4dbb-bbf4-6159afa29df8.json"
WRITER = GeminiWriter(derived_id, lambda: 1_800_000_000_000)


@pytest.fixture
def load(shared_data):
    def load(name: str) -> Read:
        path = shared_data / name
        if not path.exists():
            pytest.skip(f"{path.name} is not there")
        assert registry.recognise(path).name == "gemini-cli"
        return read("gemini-cli", path.read_bytes(), str(path))

    return load


@pytest.mark.parametrize("name", FILES)
def test_real_files(load, shared_data, name):
    source = load(name)
    assert source.raw == (shared_data / name).read_bytes()
    assert not source.reader.warnings
    drafts = source.drafts()
    assert (len(source.readings), len(drafts)) == FILES[name]
    assert Kind.UNKNOWN not in {draft.kind for draft in drafts}
    told = FakeTranscript(source)
    assert [event.text for event in told.events() if not told.content(event)] == []


def test_a_fork_at_every_index_is_what_the_client_would_send(load):
    source = load(LONGEST)
    whole = FakeTranscript(source)
    for index in range(whole.index + 1):
        told = FakeTranscript(source, "", index)
        data = b"".join(WRITER.write(told))
        sent = check(data)
        again = FakeTranscript(read("gemini-cli", data, "session-x.jsonl"))
        said = [pair for pair in context(again) if pair[1] != INTERRUPTED]
        assert said == context(told), index
        spoken = [pair for pair in context(again) if pair[0] != "reasoning"]
        assert len(sent) == len(spoken), index
