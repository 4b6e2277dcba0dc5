from __future__ import annotations

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.core.session import Branch
from scrubber.formats import containers, registry
from scrubber.formats.openhands import FORMAT
from tests.formats.reading import FakeTranscript, Read, read

CORPUS = Path(__file__).parents[1] / "corpus" / "openhands"


def corpus(name: str) -> Read:
    path = CORPUS / name
    with containers.open_source(registry.get("openhands"), path) as stream:
        reader = FORMAT.reader(path)
        return Read("openhands", reader, list(reader.read(BytesIO(stream.read()))))


def kinds(source: Read, log: str = "") -> list[Kind]:
    return [draft.kind for draft in source.drafts(log)]


def told(source: Read) -> list[tuple[Role, str]]:
    transcript = FakeTranscript(source)
    return [
        (message.role, content.text)
        for message in messages(transcript, honour_compaction=True)
        for _, content in message.items
    ]


def test_events_of_version_0():
    source = corpus("trajectory.json")
    assert source.reader.warnings == []
    assert kinds(source) == [
        Kind.CONTEXT, Kind.MESSAGE, Kind.MESSAGE, Kind.STATE, Kind.STATE, Kind.CONTEXT,
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT,
        Kind.TOOL_CALL, Kind.TOOL_RESULT,
        Kind.MESSAGE, Kind.TOOL_CALL, Kind.SUBAGENT_START, Kind.TOOL_RESULT, Kind.SUBAGENT_END,
        Kind.COMPACTION, Kind.COMPACTION, Kind.COMMAND, Kind.CONTEXT,
        Kind.MESSAGE, Kind.TURN_END,
    ]  # fmt: skip
    assert source.reader.infos[""].model == "gardener-1"


def test_parallel_calls_of_one_response_are_one_message():
    drafts = corpus("trajectory.json").drafts()
    first = [d for d in drafts if d.group_id == "chatcmpl-1"]
    assert [d.kind for d in first] == [
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_CALL,
    ]  # fmt: skip
    assert [d.usage for d in first if d.usage] == [Usage(60, 40, 0, 20, 0, 100)]


def test_results_answer_the_call_of_their_cause():
    events = list(FakeTranscript(corpus("trajectory.json")).events())
    results = [(e.call_id, e.is_error) for e in events if e.kind is Kind.TOOL_RESULT]
    assert results == [("c1", True), ("c2", False), ("action-10", False)]
    assert not any(e.marks & Mark.ORPHAN for e in events)


def test_sums_of_tokens_and_cost_are_counted_once():
    drafts = corpus("trajectory.json").drafts()
    usages = [d.usage for d in drafts if d.usage]
    assert sum(u.input + u.cache_read for u in usages) == 250
    assert sum(u.output for u in usages) == 35
    assert sum(u.cost_micros or 0 for u in usages) == 20_000


def test_a_delegate_is_a_session_of_its_own():
    source = corpus("trajectory.json")
    infos = source.reader.infos
    agent = infos["side-delegate-10"]
    assert (agent.relation, agent.agent) == ("subagent", "delegate-10")
    assert agent.parent_native_id == infos[""].native_id
    spawn = infos[""].spawns["delegate-10"]
    assert (spawn.start, spawn.stop, spawn.title) == (13, 16, "Find a tooth")
    assert kinds(source, "side-delegate-10") == [Kind.TOOL_CALL, Kind.TOOL_RESULT]


def test_what_a_condensation_forgets_is_no_longer_told_and_the_rest_is():
    said = told(corpus("trajectory.json"))
    texts = [text for _, text in said]
    assert "I look around." not in texts
    assert "tooth" not in texts
    assert texts == [
        "You rake.", "Mend the rake — “Zinke” 🌿", "Looked; read.", "I ask.", "", "found", "pwd",
        "It broke.", "Done!",
    ]  # fmt: skip


def test_events_of_version_1():
    source = corpus("v1/base_state.json")
    assert source.reader.warnings == []
    assert kinds(source) == [
        Kind.SESSION_START, Kind.CONTEXT, Kind.MESSAGE, Kind.MESSAGE,
        Kind.REASONING, Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_CALL,
        Kind.TOOL_RESULT, Kind.TOOL_RESULT,
        Kind.REASONING, Kind.TOOL_CALL, Kind.TOOL_RESULT,
        Kind.COMPACTION, Kind.COMPACTION, Kind.MESSAGE, Kind.TURN_END,
    ]  # fmt: skip
    info = source.reader.infos[""]
    assert (info.model, info.cwd) == ("provider/gardener-1", "/shed")
    assert info.native_id == "0b5e8f1e-0000-4000-8000-000000000001"
    assert source.drafts()[0].usage == Usage(350, 600, 50, 100, 10, 1000, 250_000)
    assert [d.is_error for d in FakeTranscript(source).events() if d.kind is Kind.TOOL_RESULT] == [
        False, True, True,
    ]  # fmt: skip


def test_events_with_one_parent_are_branches():
    source = corpus("v1/base_state.json")
    assert source.logs == ["", "e11"]
    assert source.reader.infos["e11"].branch == Branch("", 4)
    assert kinds(source, "e11") == [Kind.MESSAGE, Kind.STATE, Kind.UNKNOWN, Kind.COMPACTION]


def test_a_condensation_of_version_1():
    texts = [text for _, text in told(corpus("v1/base_state.json"))]
    assert "I look." not in texts
    assert texts[-5:] == [
        "Looked around.", "I think.", "", "Action rejected: Not that.", "Shall I?",
    ]  # fmt: skip


def test_a_folder_is_read_in_the_order_of_its_numbers():
    source = corpus("v0-session/events/0.json")
    assert [draft.text for draft in source.drafts()][-2:] == ["I look around.", "ls"]
    assert source.reader.infos[""].native_id == "v0-session"


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("v0-session/events/3.json", "v0-session/events/0.json"),
        ("v0-session/event_cache/0-25.json", "v0-session/events/0.json"),
        ("v1/events/event-00003-e3.json", "v1/base_state.json"),
        ("v1/base_state.json", "v1/base_state.json"),
        ("trajectory.json", None),
    ],
)
def test_one_file_stands_for_a_folder(name, whole):
    found = FORMAT.belongs_to(CORPUS / name)
    assert found == (CORPUS / whole if whole else None)


def test_a_folder_with_damage_loses_nothing_else(tmp_path):
    shutil.copytree(CORPUS / "v1", tmp_path / "v1")
    events = tmp_path / "v1" / "events"
    (events / "event-00002-e2.json").write_bytes(b'{"kind":\n"Act')
    (events / "event-00003-e3.json").write_bytes(b"")
    before = FORMAT.stamp(tmp_path / "v1" / "base_state.json")
    with FORMAT.open(tmp_path / "v1" / "base_state.json") as stream:
        source = read("openhands", stream.read(), "base_state.json")
        assert containers.problems_of(stream) == ["event-00003-e3.json is empty"]
    assert len(source.reader.warnings) == 1
    assert Kind.UNKNOWN in kinds(source)
    (events / "event-00099-z.json").write_bytes(b"{}")
    assert FORMAT.stamp(tmp_path / "v1" / "base_state.json") != before


def test_runs_of_an_evaluation():
    source = corpus("output.jsonl")
    assert source.logs == ["", "1"]
    assert source.reader.infos[""].native_id == "garden__tools-12"
    usages = [d.usage for d in source.drafts() if d.usage]
    assert sum(u.cost_micros or 0 for u in usages) == 500_000
    assert kinds(source, "1") == [
        Kind.STATE, Kind.MESSAGE, Kind.UI_STATE, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT,
        Kind.ERROR, Kind.USAGE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["trajectory.json", "output.jsonl", "v1.jsonl", "v1/base_state.json",
             "v0-session/events/0.json"],
)  # fmt: skip
def test_recognised_by_content(name):
    assert registry.recognise(CORPUS / name).name == "openhands"


def test_events_of_odd_shapes_are_shown():
    event: dict[str, Any] = {"id": 1, "action": "juggle", "args": {"balls": 3}, "source": "agent"}
    odd = [event, {"observation": "run", "content": [1], "extras": {}}, {"action": "x"}, 3]
    source = read("openhands", "".join(json.dumps(v) + "\n" for v in odd).encode())
    assert kinds(source) == [Kind.TOOL_CALL, Kind.CONTEXT, Kind.UNKNOWN, Kind.UNKNOWN]
    assert all(d.visibility is not Visibility.HIDDEN for d in source.drafts())


def test_real_files(shared_data):
    folder = shared_data / "openhands"
    files = sorted([*folder.rglob("*.json"), *folder.rglob("*.jsonl")])
    if not files:
        pytest.skip("no conversations there")
    for path in files:
        assert registry.recognise(path).name == "openhands"
        source = read("openhands", path.read_bytes(), str(path))
        assert source.raw == path.read_bytes()
        assert source.reader.warnings == []
        assert not [k for log in source.logs for k in kinds(source, log) if k is Kind.UNKNOWN]
