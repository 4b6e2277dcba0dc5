from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats import registry
from tests.formats.claude_code.records import SESSION, File, call, story, text, thinking
from tests.formats.reading import FakeTranscript, read, said

if TYPE_CHECKING:
    from pathlib import Path

PATH = f"{SESSION}.jsonl"


def source(file: File | bytes, path: str = PATH):
    data = file if isinstance(file, bytes) else file.data
    found = read("claude-code", data, path)
    assert found.raw == data
    return found


def kinds(file: File | bytes):
    return [draft.kind for draft in source(file).drafts()]


def test_events_stand_in_file_order_though_times_run_backwards():
    file = File().user("a", timestamp="2026-01-02T00:00:00Z").user("b")
    found = source(file)
    assert [draft.text for draft in found.drafts()] == ["a", "b"]
    info = found.reader.infos[""]
    assert info.created is not None
    assert info.created < (info.updated or 0)
    assert (info.cwd, info.native_id) == ("/home/me/x", SESSION)


def test_parallel_calls_are_no_branch():
    found = source(story())
    assert [draft.kind for draft in found.drafts()] == [
        Kind.MESSAGE, Kind.REASONING, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_CALL,
        Kind.TOOL_RESULT, Kind.MESSAGE,
    ]  # fmt: skip
    assert not found.reader.warnings
    transcript = FakeTranscript(found)
    assert [len(items) for _, items in said(transcript)] == [1, 3, 1, 1, 1]
    results = [e for e in transcript.events() if e.kind is Kind.TOOL_RESULT]
    assert [(e.ref, e.name) for e in results] == [(2, "Bash"), (4, "Bash")]


def test_a_second_prompt_below_one_parent_is_a_rewind():
    file = File().user("a").assistant(text("x")).user("b").assistant(text("y"), id="msg_2")
    file.user("c", parentUuid="u1").assistant(text("z"), id="msg_3")
    file.user("d", parentUuid="u1")
    found = source(file)
    rewinds = [d for d in found.drafts() if d.kind is Kind.REWIND]
    assert [d.ref for d in rewinds] == [2, 4]
    assert {d.visibility for d in rewinds} == {Visibility.UI_ONLY}
    words = [items[0][1][0].text for _, items in said(FakeTranscript(found))]
    assert words == ["a", "x", "d"]
    assert [line for line, _ in found.reader.warnings] == [5, 7]


def test_an_answer_that_is_a_tools_result_is_no_rewind():
    file = File().user("a").assistant(call("x"))
    file.result("x", parentUuid="u1").result("x", parentUuid="u1")
    assert Kind.REWIND not in kinds(file)


def test_a_parent_that_is_not_there_makes_an_orphan():
    found = source(File().user("a", parentUuid="elsewhere").user("b"))
    first, second = found.drafts()
    assert first.marks & Mark.ORPHAN
    assert not second.marks & Mark.ORPHAN
    assert "elsewhere" in found.reader.warnings[0][1]


def test_usage_is_counted_once_for_each_message():
    early = {"input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1}
    late = early | {"output_tokens": 40}
    file = File().user("a").assistant(thinking("t"), usage=early)
    file.assistant(text("x"), usage=early).assistant(call("c"), usage=late)
    file.assistant(text("y"), id="msg_2", usage=late)
    usages = [draft.usage for draft in source(file).drafts()]
    assert usages[0] is None
    assert usages[2] is None
    assert [(u.input, u.cache_read, u.output, u.context) for u in usages if u] == [
        (10, 5, 1, 15), (0, 0, 39, 15), (10, 5, 40, 15),
    ]  # fmt: skip


def test_a_torn_last_line_waits():
    data = story().data
    found = source(data + b'{"type":"user","mess')
    assert found.reader.pending == b'{"type":"user","mess'
    assert len(found.drafts()) == 7
    assert found.reader.warnings[-1][0] == -1


def test_a_whole_last_line_needs_no_line_end():
    found = source(story().data.rstrip(b"\n"))
    assert not found.reader.pending
    assert len(found.drafts()) == 7


def test_objects_glued_together_are_records_of_their_own():
    lines = story().lines
    found = source(lines[0].rstrip(b"\n") + b"".join(lines[1:]))
    assert len(found.readings) == 7
    assert len(found.drafts()) == 7
    assert found.reader.warnings[0][0] == 1


def test_unknown_types_stay_visible():
    found = source(File().user("a").add("brand-new", what="x").bare(type="other"))
    assert [d.kind for d in found.drafts()] == [Kind.MESSAGE, Kind.UNKNOWN, Kind.UNKNOWN]
    assert found.drafts()[1].visibility is Visibility.UI_ONLY


def test_repeated_records_are_kept_and_hidden():
    lines = File().user("a").bare(type="mode", mode="plan").lines
    found = source(lines[0] + lines[1] + lines[0] + lines[1])
    marks = [(d.marks & Mark.DUPLICATE, d.visibility) for d in found.drafts()]
    assert marks[2:] == [(Mark.DUPLICATE, Visibility.HIDDEN)] * 2
    assert not any(mark for mark, _ in marks[:2])


def test_a_damaged_line_is_an_event_of_its_own():
    lines = story().lines
    found = source(lines[0] + b'{"type": nonsense}\n[1]\n' + b"".join(lines[1:]))
    bad = [d for d in found.drafts() if d.marks & Mark.DAMAGED]
    assert [d.text for d in bad] == ['{"type": nonsense}', "[1]"]
    assert [line for line, _ in found.reader.warnings] == [2, 3]
    raw = found.readings[1].raw
    assert registry.get("claude-code").content(raw, bad[0].part).text.startswith('{"type"')


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_byte_order_mark_and_line_ends(end):
    data = b"\xef\xbb\xbf" + end.join(line.rstrip(b"\n") for line in story().lines) + end
    found = source(data)
    assert len(found.drafts()) == 7
    assert not found.reader.warnings


def test_inner_sidechains_are_logs_of_their_own():
    file = File().user("go").assistant(call("t", "Task", prompt="look", description="Look around"))
    file.user("look", isSidechain=True, parentUuid=None, uuid="s1")
    file.assistant(text("seen"), id="msg_s", isSidechain=True, uuid="s2")
    file.result("t", parentUuid="u1", toolUseResult={"status": "completed"})
    found = source(file)
    assert found.logs == ["", "side-s1"]
    assert [d.text for d in found.drafts("side-s1")] == ["look", "seen"]
    assert all(d.marks & Mark.SIDECHAIN for d in found.drafts("side-s1"))
    info = found.reader.infos["side-s1"]
    assert (info.relation, info.title, info.parent_native_id) == (
        "subagent",
        "Look around",
        SESSION,
    )
    spawn = found.reader.infos[""].spawns["side-s1"]
    assert (spawn.start, spawn.stop) == (1, 2)


def test_files_of_sub_agents(tmp_path: Path):
    folder = tmp_path / SESSION / "subagents"
    folder.mkdir(parents=True)
    (folder / "agent-abc.meta.json").write_text('{"description": "Look around"}')
    file = File(isSidechain=True, agentId="abc").user("look").assistant(text("seen"))
    found = source(file, str(folder / "agent-abc.jsonl"))
    info = found.reader.infos[""]
    assert (info.relation, info.native_id, info.agent) == ("subagent", "abc", "abc")
    assert (info.parent_native_id, info.title) == (SESSION, "Look around")


def test_a_sub_agents_end_is_told_in_its_parent():
    file = File().user("go").assistant(call("t", "Agent", prompt="look", description="Look"))
    file.result("t", toolUseResult={"agentId": "abc", "status": "completed", "totalTokens": 1200})
    found = source(file)
    end = found.drafts()[-1]
    assert (end.kind, end.name, end.ref, end.call_id) == (Kind.SUBAGENT_END, "abc", 1, "t")
    assert end.text == "Look · completed · 1,200 tokens"
    spawn = found.reader.infos[""].spawns["abc"]
    assert (spawn.start, spawn.stop) == (1, 2)


@pytest.mark.parametrize(
    ("records", "title"),
    [
        ([], "fix the bug"),
        ([{"type": "summary", "summary": "Bug", "leafUuid": "x"}], "fix the bug"),
        ([{"type": "ai-title", "aiTitle": "A"}], "A"),
        ([{"type": "custom-title", "customTitle": "C"}, {"type": "ai-title", "aiTitle": "A"}], "C"),
        ([{"type": "custom-title", "customTitle": n} for n in ("C", "D")], "D"),
    ],
)
def test_titles(records, title):
    file = File().user("<command-name>/clear</command-name>").user("fix\nthe bug").user("more")
    for record in records:
        file.bare(**record)
    assert source(file).reader.infos[""].title == title


def test_roles_and_visibilities():
    file = File().user("meta", isMeta=True).user("sum", isCompactSummary=True)
    file.add("system", subtype="compact_boundary").add("progress", data={"type": "bash_progress"})
    file.add("attachment", attachment={"type": "nested_memory", "content": "m"})
    file.assistant(text("API Error"), isApiErrorMessage=True)
    found = [(d.kind, d.role, d.visibility) for d in source(file).drafts()]
    seen, shown, hidden = Visibility
    assert found == [
        (Kind.CONTEXT, Role.USER, seen),
        (Kind.COMPACTION, Role.USER, seen),
        (Kind.COMPACTION, Role.NONE, shown),
        (Kind.TOOL_DETAIL, Role.NONE, hidden),
        (Kind.CONTEXT, Role.NONE, seen),
        (Kind.ERROR, Role.ASSISTANT, shown),
    ]


def test_blocks_of_one_record_are_one_message_also_without_its_id():
    found = source(File().user("a").assistant(text("x"), call("c"), id=None))
    assert [len(items) for _, items in said(FakeTranscript(found))] == [1, 2]


@given(st.data())
def test_no_damage_raises_or_loses_a_byte(data):
    whole = story().data
    at = data.draw(st.integers(0, len(whole)))
    gone = data.draw(st.integers(0, 30))
    garbled = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + gone :]
    found = source(garbled)
    for reading in found.readings:
        for draft in reading.drafts:
            registry.get("claude-code").content(reading.raw, draft.part)
    # A damaged line costs its own events only; removed line ends may touch two lines.
    intact = [line for line in whole.splitlines() if line in garbled.splitlines()]
    expected = sum(len(source(line + b"\n").drafts()) for line in intact)
    assert len(found.drafts()) >= expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "content", "message", "text", "id", "data", "name", "input"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
KEYS = ["type", "subtype", "message", "content", "attachment", "data", "uuid", "parentUuid",
        "isSidechain", "toolUseResult", "timestamp", "cwd", "error", "durationMs", "agentId",
        "compactMetadata", "sessionId"]  # fmt: skip
TYPES = st.sampled_from(["user", "assistant", "system", "attachment", "progress", "summary"])
BLOCKS = st.fixed_dictionaries(
    {"type": st.sampled_from(["text", "thinking", "tool_use", "tool_result", "image", "document"])},
    optional=dict.fromkeys(
        ("text", "thinking", "signature", "id", "name", "input", "content", "source",
         "tool_use_id", "title"), VALUES
    ),
)  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {"type": TYPES},
    optional={
        **dict.fromkeys(KEYS[1:], VALUES),
        "message": VALUES | st.fixed_dictionaries({"content": VALUES | st.lists(BLOCKS)}),
        "subtype": VALUES | st.sampled_from(["turn_duration", "api_error", "compact_boundary"]),
    },
)


@given(st.lists(RECORDS | VALUES, max_size=4))
def test_records_of_any_shape_can_be_read(records):
    found = source(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    for reading in found.readings:
        for draft in reading.drafts:
            registry.get("claude-code").content(reading.raw, draft.part)
