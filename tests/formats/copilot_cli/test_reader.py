from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, Read, read, said


def session(*events: tuple[str, dict[str, Any]], **more: Any) -> Read:
    """A session of these events; ``more`` are further keys of the event with that number."""
    records = []
    for number, (kind, data) in enumerate((("session.start", {"sessionId": "s"}), *events)):
        records.append(
            {
                "type": kind,
                "data": data,
                "id": f"e{number}",
                "timestamp": f"2026-06-01T09:00:{number:02d}.000Z",
                "parentId": f"e{number - 1}" if number else None,
                **more.get(f"e{number}", {}),
            }
        )
    lines = [json.dumps(record) + "\n" for record in records]
    return read("copilot-cli", "".join(lines).encode(), "s/events.jsonl")


def asks(*calls: str, **more: Any) -> tuple[str, dict[str, Any]]:
    requests = [{"toolCallId": c, "name": "bash", "arguments": '{"command":"ls"}'} for c in calls]
    return "assistant.message", {"messageId": "m", "content": "", "toolRequests": requests, **more}


def runs(call: str, **more: Any) -> tuple[str, dict[str, Any]]:
    told = {"toolCallId": call, "toolName": "bash", "arguments": {"command": "ls"}}
    return "tool.execution_start", told | more


def done(call: str, text: str = "a.py", **more: Any) -> tuple[str, dict[str, Any]]:
    result = {"content": text, "detailedContent": "more"}
    return "tool.execution_complete", {
        "toolCallId": call,
        "success": True,
        "result": result,
        **more,
    }


def events(source: Read, log: str = "") -> list[Any]:
    return list(FakeTranscript(source, log).events())


def test_a_call_is_told_once_and_a_second_time_as_a_mirror():
    told = events(session(asks("c1"), runs("c1"), done("c1")))[1:]
    assert [event.kind for event in told] == [Kind.TOOL_CALL, Kind.MIRROR, Kind.TOOL_RESULT]
    assert (told[1].ref, told[2].ref, told[1].visibility) == (1, 1, Visibility.HIDDEN)


def test_a_call_that_no_message_asked_for_is_told_when_it_is_run():
    told = events(session(runs("c1"), asks("c1"), done("c1")))[1:]
    assert [event.kind for event in told] == [Kind.TOOL_CALL, Kind.MIRROR, Kind.TOOL_RESULT]


def test_arguments_that_are_text_are_what_they_mean():
    told = FakeTranscript(session(asks("c1")))
    (call,) = [event for event in told.events() if event.kind is Kind.TOOL_CALL]
    assert told.content(call).arguments == {"command": "ls"}
    assert call.text == "ls"


def test_the_model_is_given_more_than_was_typed():
    data = {"content": "tidy", "transformedContent": "<now/>\n\ntidy", "attachments": []}
    source = session(("user.message", data))
    prompt = events(source)[1]
    assert (prompt.text, source.reader.infos[""].title) == ("tidy", "tidy")
    assert FakeTranscript(source).content(prompt).text == "<now/>\n\ntidy"


@pytest.mark.parametrize("more", [{"isAutopilotContinuation": True}, {"source": "skill-pdf"}])
def test_prompts_that_nobody_typed_are_context(more):
    told = events(session(("user.message", {"content": "go on", **more})))[1]
    assert (told.kind, told.role, told.visibility) == (
        Kind.CONTEXT, Role.USER, Visibility.IN_CONTEXT,
    )  # fmt: skip


def test_chunks_of_one_answer_are_one_message():
    chunk = {"apiCallId": "a", "chunkCount": 2}
    one = ("assistant.message", {"messageId": "m1", "content": "half", **chunk})
    two = ("assistant.message", {"messageId": "m2", "content": "half", **chunk})
    assert len(said(FakeTranscript(session(one, two)))) == 1


def test_sealed_reasoning_and_reasoning_told_twice():
    thought = ("assistant.reasoning", {"reasoningId": "r", "content": "hm"})
    told = events(session(thought, asks("c", reasoningText="hm", reasoningOpaque="x")))[1:]
    assert [event.kind for event in told] == [Kind.REASONING, Kind.MIRROR, Kind.TOOL_CALL]
    sealed = FakeTranscript(session(asks("c", reasoningOpaque="x")))
    reasoning = list(sealed.events())[1]
    assert reasoning.marks & Mark.SEALED
    assert sealed.content(reasoning).signature == "x"


def test_results_pictures_and_failures():
    picture = {"type": "image", "mimeType": "image/png", "data": "AAAA"}
    data = {"toolCallId": "c", "success": True, "result": {"binaryResultsForLlm": [picture]}}
    failed = {"toolCallId": "d", "success": False, "error": {"message": "no such file"}}
    told = FakeTranscript(
        session(
            asks("c", "d"), ("tool.execution_complete", data), ("tool.execution_complete", failed)
        )
    )
    seen, failure = list(told.events())[-2:]
    assert [image.data for image in told.content(seen).images] == ["AAAA"]
    assert seen.marks & Mark.IMAGE
    assert (failure.is_error, failure.text) == (True, "no such file")


def test_a_sub_agent_has_a_log_of_its_own():
    started = ("subagent.started", {"toolCallId": "c", "agentDisplayName": "Explore"})
    ended = ("subagent.completed", {"toolCallId": "c", "agentDisplayName": "Explore"})
    inner = asks("d", parentToolCallId="c")
    source = session(asks("c"), started, inner, done("d", parentToolCallId="c"), ended, done("c"))
    assert source.logs == ["", "side-c"]
    assert [event.kind.label for event in events(source, "side-c")] == ["tool_call", "tool_result"]
    spawn = source.reader.infos[""].spawns["side-c"]
    assert (spawn.start, spawn.stop, spawn.title) == (1, 3, "Explore")
    info = source.reader.infos["side-c"]
    assert (info.relation, info.parent_native_id, info.agent) == ("subagent", "s", "side-c")


def test_agents_are_known_by_the_call_that_started_them():
    started = ("subagent.started", {"toolCallId": "c", "agentDisplayName": "Explore"})
    agent = {"agentId": "agent-7"}
    source = session(asks("c"), started, asks("d"), e2=agent, e3=agent)
    assert source.logs == ["", "side-c"]


def test_a_rewind_drops_an_event_and_all_behind_it():
    prompts = [("user.message", {"content": word}) for word in ("one", "two", "three")]
    rewind = ("session.snapshot_rewind", {"upToEventId": "e2", "eventsRemoved": 2})
    told = FakeTranscript(session(*prompts, rewind, ("user.message", {"content": "four"})))
    assert [message[1][0][1][0].text for message in said(told)] == ["one", "four"]


def test_a_cleared_context_keeps_the_system_prompt():
    told = FakeTranscript(
        session(
            ("system.message", {"role": "system", "content": "be"}),
            ("user.message", {"content": "one"}),
            ("session.context_cleared", {"messagesCleared": 1}),
            ("user.message", {"content": "two"}),
        )
    )
    assert [message[1][0][1][0].text for message in said(told)] == ["be", "two"]


def test_a_compaction_is_its_summary_and_a_failed_one_is_none():
    data = {"success": True, "summaryContent": "we tidied"}
    told = events(session(("session.compaction_complete", data)))[1]
    assert (told.kind, told.role, told.text) == (Kind.COMPACTION, Role.USER, "we tidied")
    failed = events(session(("session.compaction_complete", {"success": False, "error": "x"})))[1]
    assert failed.is_error
    assert failed.visibility is Visibility.UI_ONLY


def test_tokens_of_a_run_are_what_its_messages_did_not_tell():
    def ends(*totals: int) -> tuple[str, dict[str, Any]]:
        keys = ("inputTokens", "cacheReadTokens", "outputTokens")
        usage = dict(zip(keys, totals, strict=True))
        return "session.shutdown", {"modelMetrics": {"m": {"usage": usage}}, "currentTokens": 70}

    source = session(asks("c", outputTokens=20), ends(100, 60, 30), ends(150, 80, 35))
    told = [event.usage for event in events(source) if event.usage]
    assert [(u.input, u.cache_read, u.output) for u in told] == [
        (0, 0, 20),
        (40, 60, 10),
        (30, 20, 5),
    ]
    assert told[1].context == 70


def test_what_is_odd_is_told():
    source = session(
        ("user.message", {"content": "x"}), ("session.hologram", {}), e1={"parentId": "gone"}
    )
    told = events(source)
    assert told[1].marks & Mark.ORPHAN
    assert "gone is not in the file" in source.reader.warnings[0][1]
    assert (told[2].kind, told[2].text) == (Kind.UNKNOWN, "session.hologram")


REAL = {
    "copilot-cli/EntityProcess_agentv/1afc31c8-d97f-4331-bae9-b6417f1b79a9.jsonl": (15, 15, 0, 0),
    "agent-sessions-fixtures/copilot/small.jsonl": (32, 39, 0, 1),
    "agent-sessions-fixtures/copilot/large.jsonl": (18, 18, 0, 0),
    "agent-sessions-fixtures/copilot/schema_drift.jsonl": (13, 13, 0, 0),
    "git-ai-fixtures/copilot_cli_session_events.jsonl": (6, 7, 0, 0),
    "git-ai-fixtures/copilot_cli_session_no_model.jsonl": (3, 3, 0, 0),
    "git-ai-fixtures/copilot_vscode_event_stream.jsonl": (13, 15, 0, 0),
    "git-ai-fixtures/copilot_session_event_stream.jsonl": (7, 9, 0, 0),
}
"""(records, events, of an unknown kind, warnings) of real files and fixtures."""


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data, name):
    path = shared_data / name
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    assert registry.recognise(path).name == "copilot-cli"
    source = read("copilot-cli", path.read_bytes(), str(path))
    assert source.raw == path.read_bytes()
    drafts = [draft for reading in source.readings for draft in reading.drafts]
    unknown = sum(draft.kind is Kind.UNKNOWN for draft in drafts)
    warned = len(source.reader.warnings)
    assert (len(source.readings), len(drafts), unknown, warned) == REAL[name]
