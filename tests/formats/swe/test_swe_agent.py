from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrubber.core.events import Kind, Mark, Role, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.core.session import Branch
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, Read, read

CORPUS = Path(__file__).parents[1] / "corpus" / "swe-agent"


def corpus(name: str) -> Read:
    return read("swe-agent", (CORPUS / name).read_bytes(), name)


def kinds(source: Read, log: str = "") -> list[Kind]:
    return [draft.kind for draft in source.drafts(log)]


def said(source: Read) -> list[tuple[Role, str]]:
    told = FakeTranscript(source)
    return [
        (message.role, content.text) for message in messages(told) for _, content in message.items
    ]


def test_the_history_is_what_was_said():
    source = corpus("garden__tools-12.traj")
    assert source.reader.warnings == []
    assert kinds(source) == [
        Kind.CONFIG_CHANGE,
        Kind.MESSAGE, Kind.CONTEXT, Kind.MESSAGE,
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_DETAIL, Kind.TOOL_RESULT,
        Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_DETAIL, Kind.TOOL_RESULT, Kind.TOOL_RESULT,
        Kind.UNKNOWN,
        Kind.MESSAGE, Kind.TOOL_DETAIL, Kind.CONTEXT,
        Kind.STATE, Kind.USAGE, Kind.FILE_CHANGE, Kind.SESSION_END, Kind.STATE,
    ]  # fmt: skip
    info = source.reader.infos[""]
    assert (info.title, info.model) == ("garden__tools-12", "gardener-1")
    assert source.drafts()[2].name == "demo"


def test_steps_tell_how_long_an_action_took_and_the_state_it_left():
    told = FakeTranscript(corpus("garden__tools-12.traj"))
    details = [told.content(e) for e in told.events() if e.kind is Kind.TOOL_DETAIL]
    assert [content.text for content in details] == [
        "took 0.25 s, /shed", "took 0.50 s, /shed", "submit",
    ]  # fmt: skip
    assert details[1].detail["state"]["open_file"] == "rake.py"
    assert all(
        e.visibility is Visibility.UI_ONLY for e in told.events() if e.kind is Kind.TOOL_DETAIL
    )


def test_the_last_step_is_in_no_history_and_told_all_the_same():
    source = corpus("garden__tools-12.traj")
    assert said(source)[-1] == (Role.ASSISTANT, "Done, I submit.")
    observed = source.drafts()[17]
    assert (observed.text, observed.visibility) == (
        "diff --git a/rake.py b/rake.py", Visibility.UI_ONLY,
    )  # fmt: skip


def test_calls_are_answered_by_their_ids():
    events = list(FakeTranscript(corpus("garden__tools-12.traj")).events())
    assert [(e.call_id, e.name) for e in events if e.kind is Kind.TOOL_CALL] == [
        ("call_1", "bash"), ("call_2", "open"),
    ]  # fmt: skip
    results = [e for e in events if e.kind is Kind.TOOL_RESULT]
    assert [e.call_id for e in results] == ["call_1", "call_2", "call_3"]
    assert [bool(e.marks & Mark.ORPHAN) for e in results] == [False, False, True]


def test_the_bill_is_that_of_the_whole_run():
    source = corpus("garden__tools-12.traj")
    assert [d.usage for d in source.drafts() if d.usage] == [
        Usage(900, output=60, cost_micros=12_500)
    ]


def test_version_0_speaks_in_text():
    source = corpus("version-0.traj")
    assert kinds(source)[:8] == [
        Kind.MESSAGE, Kind.MESSAGE,
        Kind.MESSAGE, Kind.TOOL_DETAIL, Kind.CONTEXT,
        Kind.MESSAGE, Kind.TOOL_DETAIL, Kind.CONTEXT,
    ]  # fmt: skip
    drafts = source.drafts()
    assert (drafts[3].name, drafts[3].text) == ("open", "open rake.py")
    assert (drafts[4].role, drafts[4].visibility) == (Role.USER, Visibility.IN_CONTEXT)
    assert (drafts[7].text, drafts[7].visibility) == ("handed in", Visibility.UI_ONLY)
    told = FakeTranscript(source)
    states = [told.content(e).detail for e in told.events() if e.kind is Kind.TOOL_DETAIL]
    assert states == [
        {"state": {"open_file": "n/a", "working_dir": "/shed"}}, {"state": "not json"},
    ]  # fmt: skip


def test_attempts_are_branches_of_the_first():
    source = corpus("attempts.traj")
    assert source.logs == ["", "0-attempt 2"]
    assert source.reader.infos["0-attempt 2"].branch == Branch("", 2)
    assert source.drafts("0-attempt 2")[0].text == "Yes."
    assert [d.text for d in source.drafts() if d.kind is Kind.SESSION_END] == [
        "exit_cost", "submitted",
    ]  # fmt: skip


def test_a_step_that_the_history_leaves_out_is_shown_and_never_said():
    steps = [
        {"action": a, "observation": f"saw {a}", "response": f"do {a}", "state": {}} for a in "abc"
    ]
    history = [{"role": "user", "content": "go", "agent": "main"}] + [
        {"role": "assistant", "content": f"do {a}", "action": a, "agent": "main"} for a in "ac"
    ]
    value = {"trajectory": steps, "history": history}
    source = read("swe-agent", json.dumps(value).encode())
    assert [text for _, text in said(source)] == ["go", "do a", "do c"]
    shown = [d.text for d in source.drafts() if d.visibility is Visibility.UI_ONLY]
    assert shown == ["a", "do b", "b", "saw b", "c", "saw c"]


def test_steps_without_a_history():
    step = {"action": "ls", "observation": "x", "response": "I look.", "state": {}}
    value = {"trajectory": [step], "environment": "main"}
    source = read("swe-agent", json.dumps(value).encode())
    assert said(source) == [(Role.ASSISTANT, "I look.")]


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_recognised_by_content(name):
    assert registry.recognise(CORPUS / name).name == "swe-agent"


def test_real_trajectories(shared_data):
    files = sorted((shared_data / "swe-agent").rglob("*.traj"))
    if not files:
        pytest.skip("no trajectories there")
    for path in files:
        assert registry.recognise(path).name == "swe-agent"
        source = read("swe-agent", path.read_bytes(), str(path))
        assert source.raw == path.read_bytes()
        assert source.reader.warnings == []
        assert Kind.UNKNOWN not in kinds(source)
        value = json.loads(path.read_bytes())
        acted = [m for m in value["history"] if m["role"] == "assistant"]
        steps = len(value.get("trajectory", acted))
        told = [d for d in source.drafts() if (d.kind, d.role) == (Kind.MESSAGE, Role.ASSISTANT)]
        assert len(told) == max(len(acted), steps), path
