from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrubber.core.content import Data, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.core.session import Spawn
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, Read, read

CORPUS = Path(__file__).parents[1] / "corpus" / "atif"


def corpus(name: str) -> Read:
    path = CORPUS / name
    return read("atif", path.read_bytes(), str(path))


def trajectory(*steps: dict[str, Any], **more: Any) -> Read:
    numbered = [{"step_id": n, **step} for n, step in enumerate(steps, 1)]
    agent = {"name": "a", "version": "1"}
    value = {"schema_version": "ATIF-v1.7", "agent": agent, "steps": numbered, **more}
    return read("atif", json.dumps(value).encode())


def agent(**step: Any) -> dict[str, Any]:
    return {"source": "agent", "message": "", **step}


def kinds(source: Read, log: str = "") -> list[Kind]:
    return [draft.kind for draft in source.drafts(log)]


def test_a_whole_trajectory():
    source = corpus("trajectory.json")
    assert source.reader.warnings == []
    assert kinds(source) == [
        Kind.SESSION_START, Kind.CONTEXT,
        Kind.MESSAGE, Kind.MESSAGE,
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_CALL, Kind.TOOL_CALL,
        Kind.TOOL_RESULT, Kind.TOOL_RESULT, Kind.SUBAGENT_END, Kind.TOOL_RESULT,
        Kind.COMPACTION, Kind.SUBAGENT_END,
        Kind.COMPACTION,
        Kind.MESSAGE, Kind.CONTEXT,
        Kind.USAGE, Kind.NOTICE, Kind.LINK, Kind.STATE,
    ]  # fmt: skip
    info = source.reader.infos[""]
    assert (info.native_id, info.model, info.cwd) == (
        "main-1", "greenhouse-small", "/home/me/garden",
    )  # fmt: skip
    assert info.title.startswith("How is this one?")
    assert (info.created, info.updated) == (1772352000000, 1772352004000)


def test_the_bill_of_a_step_stands_on_its_first_event_once():
    drafts = corpus("trajectory.json").drafts()
    assert [draft.usage for draft in drafts if draft.usage] == [
        Usage(100, 1000, 100, 80, 30, 1200, 12_300),
        Usage(300, 0, 0, 9, 0, 300),
    ]
    assert drafts[4].usage is not None
    assert drafts[4].ts == drafts[12].ts == 1772352004000


def test_parts_of_a_message_are_named_and_never_read():
    source = corpus("trajectory.json")
    told = FakeTranscript(source)
    blocks = told.content(list(told.events())[3]).blocks
    assert isinstance(blocks[0], Text)
    assert blocks[1] == Image("image/png", reference="images/basil.png")
    assert isinstance(blocks[2], Data)


def test_results_answer_their_calls_and_failures_are_marked():
    told = FakeTranscript(corpus("trajectory.json"))
    results = [event for event in told.events() if event.kind is Kind.TOOL_RESULT]
    assert [(e.call_id, e.name, e.ref, e.is_error) for e in results] == [
        ("c1", "water", 6, False), ("c2", "delegate", 7, False), ("c3", "water", 8, True),
    ]  # fmt: skip
    assert not any(event.marks & Mark.ORPHAN for event in told.events())


def test_embedded_trajectories_are_sessions_below_the_call_that_started_them():
    source = corpus("trajectory.json")
    infos = source.reader.infos
    assert source.logs == ["", "side-0-0", "side-0-0-0"]
    assert infos[""].spawns["soil-1"] == Spawn(7, 11, "Look at the soil")
    soil, worm = infos["side-0-0"], infos["side-0-0-0"]
    assert (soil.relation, soil.agent, soil.parent_native_id) == ("subagent", "soil-1", "main-1")
    assert (worm.agent, worm.parent_native_id) == ("worm-1", "soil-1")
    assert soil.spawns["worm-1"].start == 3
    assert kinds(source, "side-0-0-0") == [Kind.SESSION_START, Kind.MESSAGE]


def test_a_sub_agent_in_a_file_of_its_own_is_found_by_the_file_that_names_it():
    info = corpus("trajectory.summary.json").reader.infos[""]
    assert (info.relation, info.parent_native_id) == ("subagent", "main-1")
    main = corpus("trajectory.json").reader.infos[""]
    assert info.agent is not None
    assert main.spawns[info.agent] == Spawn(14, 14, "")


def test_a_continuation_knows_what_it_continues_and_where_its_copies_begin():
    source = corpus("trajectory.cont-1.json")
    info = source.reader.infos[""]
    assert (info.relation, info.parent_native_id) == ("continuation", "main-1")
    drafts = source.drafts()
    assert [draft.text for draft in drafts if draft.kind is Kind.LINK] == [
        "the steps from here on were copied from the trajectory before"
    ]
    assert drafts[1].kind is Kind.LINK
    assert source.reader.warnings == [(1, "step 5 follows step 3")]


def test_results_that_name_no_call_answer_those_of_their_step_in_order():
    told = FakeTranscript(corpus("trajectory.cont-1.json"))
    answers = [e for e in told.events() if e.kind in (Kind.TOOL_RESULT, Kind.CONTEXT)][1:]
    assert [(event.call_id, told.content(event).text) for event in answers] == [
        ("d1", "one"), ("d2", "two"), (None, "three"),
    ]  # fmt: skip
    assert answers[-1].role is Role.USER


def test_feedback_without_a_call_is_what_the_model_is_told_next():
    told = FakeTranscript(
        trajectory(agent(message="ls", observation={"results": [{"content": "a"}]}))
    )
    said = [(m.role, c.text) for m in messages(told) for _, c in m.items]
    assert said == [(Role.ASSISTANT, "ls"), (Role.USER, "a")]


def test_totals_count_only_where_steps_have_no_bill_of_their_own():
    totals = {"total_prompt_tokens": 500, "total_completion_tokens": 20, "total_cached_tokens": 100}
    bare = trajectory(agent(), final_metrics=totals).drafts()
    assert bare[-1].usage == Usage(400, 100, 0, 20)
    metrics = {"prompt_tokens": 1, "completion_tokens": 1}
    both = trajectory(agent(metrics=metrics), final_metrics=totals).drafts()
    assert both[-1].usage is None
    assert [d.visibility for d in both if d.kind is Kind.USAGE] == [Visibility.HIDDEN]


@pytest.mark.parametrize("metrics", [{"prompt_tokens": -1}, {"cost_usd": "free"}, [], {}, 3])
def test_a_bill_that_cannot_be_read_is_none(metrics):
    assert trajectory(agent(metrics=metrics)).drafts()[1].usage is None


def test_only_a_compaction_that_replaces_makes_a_summary_of_what_follows():
    boundary = {
        "source": "system",
        "message": "x",
        "extra": {"context_management": {"type": "trim"}},
    }
    asked = {"source": "user", "message": "y"}
    assert kinds(trajectory(boundary, asked))[1:] == [Kind.MESSAGE, Kind.MESSAGE]
    told = FakeTranscript(corpus("trajectory.json"))
    said = [c.text for m in messages(told, honour_compaction=True) for _, c in m.items]
    assert said[:2] == ["You look after plants.", "So far: the basil was watered; the soil is dry."]


def test_several_trajectories_in_one_file():
    source = corpus("several.jsonl")
    assert source.logs == ["", "1"]
    assert [info.native_id for info in source.reader.infos.values()] == ["a", "b"]
    assert [reason for _, reason in source.reader.warnings] == [
        "version 'ATIF-v9.9' is read as ATIF-v1.8", "not a step", "not a step",
    ]  # fmt: skip
    assert kinds(source, "1").count(Kind.UNKNOWN) == 2


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_recognised_by_content(name):
    assert registry.recognise(CORPUS / name).name == "atif"


def test_real_trajectories(shared_data):
    files = sorted((shared_data / "inspect_scout" / "atif_source").rglob("*.json"))
    if not files:
        pytest.skip("no trajectories there")
    for path in files:
        assert registry.recognise(path).name == "atif"
        source = read("atif", path.read_bytes(), str(path))
        assert source.raw == path.read_bytes()
        assert source.reader.warnings == []
        assert Kind.UNKNOWN not in kinds(source)
