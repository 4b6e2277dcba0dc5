"""The readers and writers on real files, kept outside the repository."""

from __future__ import annotations

import pytest

from scrubber.core.errors import FormatError
from scrubber.formats import registry
from scrubber.formats.closing import ClosedTranscript
from tests.formats.reading import FakeTranscript, read, said, write

FILES = {
    "mllm_demo.json": (6, 24),
    "reason_tool_use_demo_50.jsonl": (50, 449),
    "v1_dpo_demo.jsonl": (20, 40),
    "v1_multimodal_demo.jsonl": (24, 96),
    "v1_sft_demo.jsonl": (500, 1000),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_llama_factory(shared_data, name):
    path = shared_data / "sharegpt" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    assert registry.recognise(path).name == "sharegpt"
    source = read("sharegpt", path.read_bytes())
    assert source.raw == path.read_bytes()
    assert not source.reader.warnings
    events = sum(len(reading.drafts) for reading in source.readings)
    assert (len(source.logs), events) == FILES[name]
    for log in source.logs[:40]:
        told = FakeTranscript(source, log)
        again = FakeTranscript(read("messages", write("messages", told)))
        assert len(said(again)) == len(said(ClosedTranscript(told)))


def test_a_list_of_datasets_is_no_transcript(shared_data):
    path = shared_data / "sharegpt" / "dataset_info.json"
    if not path.exists():
        pytest.skip("the file is not there")
    with pytest.raises(FormatError):
        registry.recognise(path)


def test_other_agents_files_are_not_taken_for_messages(shared_data):
    taken = ("messages", "anthropic", "sharegpt")
    for folder in ("codex", "copilot-cli", "gemini-cli", "claude-code", "pi", "inspect"):
        for path in sorted((shared_data / folder).rglob("*.json*"))[:12]:
            head = path.read_bytes()[: registry.HEAD_BYTES]
            best = max(registry.formats().values(), key=lambda f: f.sniff(path, head))
            assert best.name not in taken or best.sniff(path, head) == 0, path.name
