from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.content import Content, Image, Text, text_content
from scrubber.core.events import Draft, Kind, Mark, Origin, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats.gemini_cli.writer import WRITER, GeminiWriter, derived_id
from tests.formats.claude_code import records as claude
from tests.formats.gemini_cli.records import (
    SESSION,
    File,
    call,
    context,
    made,
    response,
    story,
    thought,
    tokens,
    words,
)
from tests.formats.gemini_cli.validator import check, load
from tests.formats.reading import FakeTranscript, read, said

SAME = GeminiWriter(derived_id, lambda: 1_800_000_000_000)
SUMMARY = "<state_snapshot>what was</state_snapshot>"


def write(told: FakeTranscript) -> bytes:
    return b"".join(SAME.write(told))


def lines(told: FakeTranscript) -> list[dict[str, Any]]:
    return [json.loads(line) for line in write(told).splitlines()]


def again(told: FakeTranscript) -> FakeTranscript:
    check(write(told))
    found = read("gemini-cli", write(told), "session-x.jsonl")
    assert not found.reader.warnings
    return FakeTranscript(found)


def typed(text: str, role: Role = Role.USER, kind: Kind = Kind.MESSAGE, **more: Any) -> Any:
    more.setdefault("origin", Origin.TYPED)
    return Draft(kind, text, role, **more), text_content(text)


def test_a_session_says_the_same_when_it_is_read_again():
    assert context(again(story().transcript())) == context(story().transcript())


def test_messages_are_copied_byte_for_byte_and_repeated_ones_left_out():
    file = story()
    data = write(file.transcript())
    copied = [line for line in file.lines if line in data.splitlines(keepends=True)]
    assert [json.loads(line)["id"] for line in copied] == ["m2", "a", "b"]
    assert copied[1] == file.lines[5]  # the one with the calls
    assert b"session_context" not in data


def test_the_session_has_an_id_of_its_own_everywhere():
    told = story().transcript()
    assert SESSION.encode() not in write(told)
    assert write(told) == write(told)
    assert b"".join(WRITER.write(told)) != b"".join(WRITER.write(told))
    (header, *_, last) = lines(told)
    assert header["startTime"] == last["$set"]["lastUpdated"] == "2027-01-15T08:00:00.000Z"
    assert header["projectHash"] == "ab" * 32
    assert last["$set"]["summary"] == "fix it"


@pytest.mark.parametrize("index", range(13))
def test_every_cut_is_what_the_client_would_send(index):
    told = story().transcript(index)
    sent = check(write(told))
    open_calls = {5: ["c1"], 6: ["c1", "c2"], 7: ["c2"]}.get(index - 1, [])
    closed = [p for p in sent if INTERRUPTED in str(p.get("functionResponse"))]
    assert [part["functionResponse"]["id"] for part in closed] == open_calls
    assert any(INTERRUPTED in loss for loss in SAME.losses(told)) == bool(open_calls)
    said_again = [pair for pair in context(again(told)) if pair[1] != INTERRUPTED]
    assert said_again == context(told)


def test_a_rewound_branch_is_left_out():
    told = story().rewind("a").user("another way").transcript()
    assert context(again(told)) == [("message", "fix it"), ("message", "another way")]
    assert b"$rewindTo" not in write(told)
    assert "rewound past" in "\n".join(SAME.losses(told))


def test_a_compaction_stands_in_front_of_what_it_kept():
    file = File().user("one", "u1").model("first", "a1").user("two", "u2").model("second", "a2")
    new = [
        file.message("user", words(SUMMARY), "s"),
        file.message("gemini", words("Got it."), "k"),
        file.message("user", words("two"), "n1"),
        file.message("gemini", words("second"), "n2"),
    ]
    told = file.set(messages=new).user("three", "u3").transcript()
    assert [text for _, text in context(told)] == [SUMMARY, "Got it.", "two", "second", "three"]
    assert context(again(told)) == context(told)
    assert context(again(told))[0] == ("compaction", SUMMARY)
    (checkpoint,) = [r["$set"]["messages"] for r in lines(told) if "messages" in r.get("$set", {})]
    assert [message["id"] for message in checkpoint] == ["s"]
    ids = [record["id"] for record in lines(told) if "id" in record]
    assert ids == ["u1", "a1", "k", "n1", "n2", "u3"]


def test_a_result_that_only_its_own_record_holds_goes_to_its_call():
    file = File().user("x").model([*words("look"), made("c")], "a").user([response("c", "yes")])
    told = file.model("so", "b").transcript()
    (_, reply, *_) = [record for record in lines(told) if "id" in record]
    assert reply["toolCalls"][0]["result"] == [response("c", "yes")]
    assert context(again(told)) == context(told)


def test_results_of_all_calls_are_taken_apart():
    both = [response("c1"), response("c2", "no")]
    calls = [call("c1") | {"result": both}, call("c2", "no") | {"result": both}]
    told = File().user("x").model("", "a", toolCalls=calls).transcript()
    (reply,) = [record for record in lines(told) if record.get("id") == "a"]
    assert [one["result"] for one in reply["toolCalls"]] == [both[:1], both[1:]]
    assert reply["toolCalls"][0]["status"] == "success"


def test_an_edited_result_takes_the_place_of_the_recorded_one():
    told = story().transcript()
    draft, content = typed("typed", Role.TOOL, Kind.TOOL_RESULT, call_id="c2")
    told.change(8, 9, [(draft, content)])
    assert context(again(told)) == context(told)
    (reply,) = [record for record in lines(told) if record.get("id") == "a"]
    assert reply["toolCalls"][0] == call("c1", command="ls")
    assert reply["toolCalls"][1]["result"] == [response("c2", "typed")]
    assert reply["tokens"] == tokens(100, 5, 40, 3)


def test_an_edited_text_leaves_the_rest_of_its_message_as_it_was():
    told = story().transcript()
    told.change(4, 5, [typed("I shall", Role.ASSISTANT, group_id="a", origin=Origin.EDITED)])
    assert context(again(told)) == context(told)
    (reply,) = [record for record in lines(told) if record.get("id") == "a"]
    assert (reply["content"], reply["thoughts"]) == ("I shall", [thought("Plan", "hm")])


def test_what_an_edit_splits_has_ids_of_its_own():
    told = story().transcript()
    told.change(4, 5, [typed("I shall", Role.ASSISTANT, origin=Origin.EDITED)])
    assert sorted(context(again(told))) == sorted(context(told))


def test_an_edited_message_loses_its_seals():
    parts = [{"text": "hm", "thought": True, "thoughtSignature": "s"}, *words("so"), made("c")]
    parts[-1]["thoughtSignature"] = "t"
    file = File().user("x").model(parts, "a", toolCalls=[call("c")])
    assert b'"thoughtSignature":"t"' in write(file.transcript())
    assert b'"thoughtSignature":"t"' in write(file.transcript(5))
    told = file.transcript()
    told.change(3, 4, [typed("no", Role.ASSISTANT, group_id="a", origin=Origin.EDITED)])
    assert b"thoughtSignature" not in write(told)
    assert context(again(told)) == context(told)


def test_notices_and_commands_are_kept_for_the_screen():
    file = File().user("/help").bare(**File().message("info", "cancelled", "i")).user("real")
    told = file.transcript()
    assert [r["type"] for r in lines(told) if "id" in r] == ["user", "info", "user"]
    assert [part["text"] for part in check(write(told))] == ["real"]
    assert SAME.losses(told) == []


def test_files_that_a_tool_brought_are_not_lost_on_a_resume():
    parts = [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]
    told = File().user("x").bare(**File().message("info", parts, "i")).transcript()
    assert [r["type"] for r in lines(told) if "id" in r] == ["user", "user"]
    assert check(write(told))[1]["inlineData"]["data"] == "AAAA"


def test_a_prompt_that_the_client_would_skip_is_not_lost():
    told = FakeTranscript(read("claude-code", claude.File().user("/etc/hosts is wrong").data))
    (part,) = check(write(told))
    assert part["text"] == "\u200b/etc/hosts is wrong"
    assert "1 prompt begins with / or ?" in "\n".join(SAME.losses(told))


def test_a_session_of_another_agent():
    told = FakeTranscript(read("claude-code", claude.story().data))
    sent = check(write(told))
    assert [part.get("text") or next(iter(part.keys() - {"role"})) for part in sent] == [
        "fix it", "functionCall", "functionCall", "functionResponse", "functionResponse",
        "all done",
    ]  # fmt: skip
    assert [message[0] for message in said(again(told))] == [message[0] for message in said(told)]
    assert context(again(told)) == context(told)
    header = lines(told)[0]
    assert header["projectHash"] != "ab" * 32
    assert len(header["projectHash"]) == 64


def test_pictures_and_failures_are_written_in_the_clients_own_shape():
    file = story().transcript()
    picture = Content((Text("see"), Image("image/png", "AAAA")))
    draft = Draft(Kind.MESSAGE, "see", Role.USER, origin=Origin.TYPED)
    failed = typed("no", Role.TOOL, Kind.TOOL_RESULT, call_id="c2", marks=Mark.ERROR)
    file.change(8, 12, [failed, (draft, picture)])
    shown = lines(file)
    (prompt,) = [r for r in shown if r.get("content") and "inlineData" in str(r["content"])]
    assert prompt["content"][1] == {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    (reply,) = [record for record in shown if record.get("id") == "a"]
    result = reply["toolCalls"][1]
    assert result["result"][0]["functionResponse"]["response"] == {"error": "no"}
    assert result["status"] == "error"
    assert context(again(file)) == context(file)


def test_folders_of_the_workspace_are_kept():
    told = story().set(directories=["/a", "/b"]).transcript()
    assert load(write(told))[0]["directories"] == ["/a", "/b"]


def test_the_old_form_is_written_as_the_new_one():
    messages = [r for r in story().records if "id" in r]
    document = {"sessionId": SESSION, "projectHash": "cd", "messages": messages}
    source = read("gemini-cli", json.dumps(document, indent=2).encode(), "session-x.json")
    assert context(again(FakeTranscript(source))) == context(story().transcript())
