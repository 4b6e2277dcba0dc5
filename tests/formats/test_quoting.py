from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.content import text_content
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.core.messages import messages
from scrubber.formats.anthropic_turns import turns
from scrubber.formats.quoting import quoted_blocks, quoted_message
from tests.formats.reading import FakeTranscript, read

THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "sig"}
SAID = {"type": "text", "text": "x", "citations": None}
CALL = {
    "type": "tool_use", "id": "toolu_1", "name": "ls", "input": {"b": 1, "a": [1.0]},
    "caller": {"type": "direct"},
}  # fmt: skip
RESULT = {
    "type": "tool_result", "tool_use_id": "toolu_1", "is_error": False,
    "content": [{"type": "text", "text": "r"}, {"type": "tool_reference", "tool_name": "x"}],
}  # fmt: skip


def record(kind: str, content: Any, number: int, **message: Any) -> bytes:
    value = {
        "type": kind,
        "uuid": f"u{number}",
        "parentUuid": f"u{number - 1}" if number else None,
        "sessionId": "s",
        "timestamp": f"2026-01-01T00:00:0{number}.000Z",
        "message": {"role": kind, "content": content, **message},
    }
    return json.dumps(value).encode() + b"\n"


def session(*told: tuple[str, Any]) -> FakeTranscript:
    raw = [
        record(kind, content, number, **({"id": "msg_1"} if kind == "assistant" else {}))
        for number, (kind, content) in enumerate(told)
    ]
    return FakeTranscript(read("claude-code", b"".join(raw)))


def contents(told: FakeTranscript) -> list[tuple[str, Any]]:
    return [(turn.role, turn.content) for turn in turns(told, messages(told))]


def whole() -> FakeTranscript:
    return session(
        ("user", "hi"),
        ("assistant", [THOUGHT]),
        ("assistant", [SAID]),
        ("assistant", [CALL]),
        ("user", [RESULT, {"type": "text", "text": "go on"}]),
    )


def test_blocks_of_claude_code_go_out_with_every_key_they_have():
    assert contents(whole()) == [
        ("user", "hi"),
        ("assistant", [THOUGHT, SAID, CALL]),
        ("user", [RESULT, {"type": "text", "text": "go on"}]),
    ]


def test_a_content_keeps_its_shape():
    told = session(("user", [{"type": "text", "text": "hi"}]), ("assistant", [SAID]))
    assert contents(told) == [
        ("user", [{"type": "text", "text": "hi"}]),
        ("assistant", [SAID]),
    ]


def test_an_edited_message_keeps_the_other_blocks_but_not_its_seal():
    told = whole()
    (group,) = {event.group_id for event in told.events() if event.kind is Kind.REASONING}
    edited = Draft(Kind.MESSAGE, "y", Role.ASSISTANT, origin=Origin.EDITED, group_id=group)
    told.change(2, 3, [(edited, text_content("y"))])
    assert contents(told)[1] == ("assistant", [{"type": "text", "text": "y"}, CALL])


def test_ids_that_the_api_refuses_are_spelled_so_that_it_takes_them():
    told = session(
        ("assistant", [CALL | {"id": "functions.ls:0"}]),
        ("user", [RESULT | {"tool_use_id": "functions.ls:0"}]),
    )
    call, result = (content[0] for _, content in contents(told))
    assert call["id"] == result["tool_use_id"] == "functions_ls_0"


def test_a_call_whose_input_is_no_object_becomes_one():
    told = session(("assistant", [CALL | {"input": "ls -l"}]))
    assert contents(told)[0][1][0]["input"] == {"input": "ls -l"}


@pytest.mark.parametrize("blank", [{"type": "text", "text": " \n"}, {"type": "text", "text": ""}])
def test_blank_texts_are_left_out(blank):
    told = session(("assistant", [blank, SAID]), ("user", "hi"))
    assert contents(told) == [("assistant", [SAID]), ("user", "hi")]


def test_what_is_no_message_is_not_quoted():
    told = whole()
    told.change(0, 1, [(Draft(Kind.MESSAGE, "typed", Role.USER), text_content("typed"))])
    first = next(told.events())
    assert quoted_blocks(told, first) is None
    assert [quoted_message(told, message) for message in messages(told)] == [None] * 4
