from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.errors import FormatError
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.core.session import Branch
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, read

if TYPE_CHECKING:
    from pathlib import Path

USER, MODEL, TOOL, SYSTEM = Role.USER, Role.ASSISTANT, Role.TOOL, Role.SYSTEM
HI = {"role": "user", "content": "hi"}
OK = {"role": "assistant", "content": "ok"}
PNG = "data:image/png;base64,AAAA"
SAID = [(Kind.MESSAGE, USER, Content((Text("hi"),))), (Kind.MESSAGE, MODEL, Content((Text("ok"),)))]


def told(format, value, log=""):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    transcript = FakeTranscript(read(format, data), log)
    return [(e.kind, e.role, transcript.content(e)) for e in transcript.events()]


def recognised(tmp_path: Path, value) -> str:
    path = tmp_path / "file.json"
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return registry.recognise(path).name


FILES = {
    "object": json.dumps({"messages": [HI, OK]}),
    "pretty object": json.dumps({"messages": [HI, OK]}, indent=2),
    "bare list": json.dumps([HI, OK]),
    "pretty bare list": json.dumps([HI, OK], indent=2),
    "list over lines": "[" + ",\n".join(map(json.dumps, [HI, OK])) + "]",
    "a list a line": json.dumps([HI, OK]) + "\n" + json.dumps([HI]) + "\n",
    "a message a line": json.dumps(HI) + "\n" + json.dumps(OK) + "\n",
    "array": json.dumps([{"messages": [HI, OK]}, {"messages": [HI]}]),
    "array of lists": json.dumps([[HI, OK], [HI]]),
    "byte order mark": "\ufeff" + json.dumps({"messages": [HI, OK]}),
    "DOS": json.dumps(HI) + "\r\n" + json.dumps(OK) + "\r\n",
}


@pytest.mark.parametrize("name", FILES)
def test_layouts_of_messages(tmp_path, name):
    data = FILES[name].encode()
    assert recognised(tmp_path, data) == "messages"
    assert told("messages", data) == SAID
    source = read("messages", data)
    assert source.raw == data
    assert not source.reader.warnings
    assert source.reader.infos[""].title == "hi"
    second = "line" not in name or "a list a line" in name
    assert source.logs == (["", "1"] if "array" in name or (second and "a line" in name) else [""])


CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": '{"a": 1}'}}
OPENAI = [
    ({"role": "developer", "content": "x"},
     [(Kind.MESSAGE, Role.DEVELOPER, Content((Text("x"),)))]),
    (
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        [(Kind.TOOL_CALL, MODEL, Content(arguments={"a": 1}))],
    ),
    (
        {"role": "assistant", "content": "t", "function_call": {"name": "f", "arguments": "no"}},
        [(Kind.MESSAGE, MODEL, Content((Text("t"),))),
         (Kind.TOOL_CALL, MODEL, Content(arguments="no"))],
    ),
    (
        {"role": "assistant", "reasoning_content": "think", "content": "t"},
        [(Kind.REASONING, MODEL, Content((Text("think"),))),
         (Kind.MESSAGE, MODEL, Content((Text("t"),)))],
    ),
    (
        {"role": "assistant", "content": None, "refusal": "no"},
        [(Kind.MESSAGE, MODEL, Content((Text("no"),)))],
    ),
    ({"role": "assistant", "content": None}, [(Kind.MESSAGE, MODEL, Content())]),
    (
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "r"}]},
        [(Kind.TOOL_RESULT, TOOL, Content((Text("r"),)))],
    ),
    ({"role": "function", "name": "f", "content": "r"},
     [(Kind.TOOL_RESULT, TOOL, Content((Text("r"),)))]),
    (
        {"role": "user", "content": [
            {"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": PNG}},
            {"type": "image_url", "image_url": {"url": "https://example.org/x.png"}},
            {"type": "input_audio", "input_audio": {"data": "A", "format": "wav"}},
            {"type": "file", "file": {"filename": "x.txt",
                                      "file_data": "data:text/plain;base64,aGk="}},
        ]},
        [(Kind.MESSAGE, USER, Content((
            Text("a"), Image("image/png", "AAAA"), Image("", "", "https://example.org/x.png"),
            Data({"type": "input_audio", "input_audio": {"data": "A", "format": "wav"}}),
            Document("x.txt", "text/plain", "hi"),
        )))],
    ),
    ({"role": "moderator", "content": "x"},
     [(Kind.UNKNOWN, Role.NONE, Content((Data({"role": "moderator", "content": "x"}),)))]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "found"), OPENAI)
def test_openai_messages(message, found):
    assert told("messages", {"messages": [HI, message]})[1:] == found
    assert told("messages", [HI, message])[1:] == found


def test_legacy_functions_answer_their_calls():
    called = {"role": "assistant", "content": None, "function_call": {"name": "f"}}
    answer = {"role": "function", "name": "f", "content": "r"}
    transcript = FakeTranscript(read("messages", json.dumps([HI, called, answer, called]).encode()))
    calls = [(e.kind, e.call_id, e.ref) for e in transcript.events()][1:]
    assert calls == [
        (Kind.TOOL_CALL, "call-1", None),
        (Kind.TOOL_RESULT, "call-1", 1),
        (Kind.TOOL_CALL, "call-2", None),
    ]


def test_tools_and_other_fields_are_events_that_are_no_messages():
    tools = [{"type": "function", "function": {"name": "ls"}}]
    value = {"id": "x", "messages": [HI], "tools": tools, "model": "m", "score": 3}
    source = read("messages", json.dumps(value).encode())
    fields, given, _ = FakeTranscript(source).events()
    assert (fields.kind, fields.name, fields.visibility) == (
        Kind.STATE,
        "fields",
        Visibility.HIDDEN,
    )
    assert (given.kind, given.role, given.name) == (Kind.CONTEXT, Role.NONE, "tools")
    assert given.text == "1 tools: ls"
    assert FakeTranscript(source).content(given).blocks == (Data(tools),)
    assert (source.reader.infos[""].model, source.reader.infos[""].native_id) == ("m", "x")


PAIRS = [
    ("messages", {"input": {"messages": [HI]}, "preferred_output": [OK],
                  "non_preferred_output": [OK]}, "preferred"),
    ("messages", {"prompt": "hi", "chosen": [OK], "rejected": [OK]}, "preferred"),
    ("messages", {"chosen": [HI, OK], "rejected": [HI, OK]}, "preferred"),
    ("sharegpt", {"conversations": [{"from": "human", "value": "hi"}],
                  "chosen": {"from": "gpt", "value": "ok"},
                  "rejected": {"from": "gpt", "value": "ok"}}, "chosen"),
    ("sharegpt", {"chosen_messages": [HI, OK], "rejected_messages": [HI, OK]}, "chosen"),
]  # fmt: skip


@pytest.mark.parametrize(("format", "value", "name"), PAIRS)
def test_preference_pairs_are_two_sessions(tmp_path, format, value, name):
    assert recognised(tmp_path, value) == format
    source = read(format, json.dumps(value).encode())
    assert source.logs == ["", "0-rejected"]
    assert told(format, value) == SAID
    assert told(format, value, "0-rejected") == SAID[1:]
    assert source.reader.infos["0-rejected"].branch == Branch("", 1)
    titles = [source.reader.infos[log].title for log in source.logs]
    assert titles == [f"hi · {name}", "hi · rejected"]


ANTHROPIC = [
    ("user", "hi", [(Kind.MESSAGE, USER, Content((Text("hi"),)))]),
    ("assistant", [
        {"type": "thinking", "thinking": "t", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {"type": "text", "text": "x"},
        {"type": "tool_use", "id": "c", "name": "ls", "input": {"a": 1}},
    ], [
        (Kind.REASONING, MODEL, Content((Text("t"),), signature="s")),
        (Kind.REASONING, MODEL, Content((), signature="d")),
        (Kind.MESSAGE, MODEL, Content((Text("x"),))),
        (Kind.TOOL_CALL, MODEL, Content(arguments={"a": 1})),
    ]),
    ("user", [
        {"type": "tool_result", "tool_use_id": "c", "content": "r", "is_error": True},
        {"type": "text", "text": "x"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA"}},
    ], [
        (Kind.TOOL_RESULT, TOOL, Content((Text("r"),))),
        (Kind.MESSAGE, USER, Content((Text("x"), Image("image/png", "AA")))),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("role", "content", "found"), ANTHROPIC)
def test_anthropic_messages(tmp_path, role, content, found):
    value = {"system": "be kind", "messages": [{"role": role, "content": content}]}
    assert recognised(tmp_path, value) == "anthropic"
    system = (Kind.MESSAGE, SYSTEM, Content((Text("be kind"),)))
    assert told("anthropic", value) == [system, *found]


def test_marks_of_anthropic_messages():
    blocks = [ANTHROPIC[1][1], ANTHROPIC[2][1]]
    roles = ["assistant", "user"]
    said = [{"role": r, "content": c} for r, c in zip(roles, blocks, strict=True)]
    events = list(FakeTranscript(read("anthropic", json.dumps(said).encode())).events())
    marks = [e.marks & (Mark.SEALED | Mark.ERROR | Mark.IMAGE) for e in events]
    assert marks == [Mark.SEALED, Mark.SEALED, 0, 0, Mark.ERROR, Mark.IMAGE]
    assert len({e.group_id for e in events[:4]}) == 1


SHAREGPT = [
    ("human", "hi", [(Kind.MESSAGE, USER, Content((Text("hi"),)))]),
    ("gpt", "<think>\nt\n</think>\n\nx",
     [(Kind.REASONING, MODEL, Content((Text("t"),))),
      (Kind.MESSAGE, MODEL, Content((Text("x"),)))]),
    ("function_call", '{"name": "ls", "arguments": {"a": 1}}',
     [(Kind.TOOL_CALL, MODEL, Content(arguments={"a": 1}))]),
    ("function_call", "not JSON", [(Kind.TOOL_CALL, MODEL, Content(arguments="not JSON"))]),
    ("observation", "r", [(Kind.TOOL_RESULT, TOOL, Content((Text("r"),)))]),
    ("human", "see <image>!",
     [(Kind.MESSAGE, USER, Content((Text("see "), Image("", "", "1.png"), Text("!"))))]),
    ("critic", "x",
     [(Kind.UNKNOWN, Role.NONE, Content((Data({"from": "critic", "value": "x"}),)))]),
]  # fmt: skip


@pytest.mark.parametrize(("who", "value", "found"), SHAREGPT)
def test_sharegpt_turns(tmp_path, who, value, found):
    data = {"conversations": [{"from": who, "value": value}], "images": ["1.png"], "system": "s"}
    assert recognised(tmp_path, data) == "sharegpt"
    system = (Kind.MESSAGE, SYSTEM, Content((Text("s"),)))
    assert told("sharegpt", data) == [system, *found]


def test_typed_parts_with_values():
    parts = [
        {"type": "reasoning", "value": "t"},
        {"type": "text", "value": "x"},
        {"type": "tool_call", "value": '{"name": "ls", "arguments": {}}'},
        {"type": "tool_call", "value": '{"name": "pwd", "arguments": {}}'},
    ]
    data = {"messages": [HI, {"role": "assistant", "content": parts}], "tools": '[{"name": "ls"}]'}
    assert [kind for kind, _, _ in told("sharegpt", data)] == [
        Kind.CONTEXT, Kind.MESSAGE, Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_CALL,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [b"hello", b"{}", b"[]", b"[1, 2]", {"a": {"b": 1}}, {"messages": "x"}, {"messages": [1]},
     {"messages": [{"id": 1, "type": "user", "content": "x"}]}],
)  # fmt: skip
def test_other_files_are_not_recognised(tmp_path, value):
    with pytest.raises(FormatError):
        recognised(tmp_path, value)


def test_a_huge_first_record_is_recognised_by_its_beginning(tmp_path):
    long = [{"role": "system", "content": "x" * 400_000}, HI]
    assert recognised(tmp_path, {"messages": long}) == "messages"
    turns = [{"from": "human", "value": "x" * 400_000}]
    assert recognised(tmp_path, [{"conversations": turns}]) == "sharegpt"
    assert recognised(tmp_path, {"system": "s", "messages": long[1:] * 20_000}) == "anthropic"


def test_damage_between_conversations_is_a_session_of_its_own():
    data = b'{"messages": [{"role": "user", "content": "a"}]}\n{"mess\n' + json.dumps([HI]).encode()
    source = read("messages", data + b"\n[]\n")
    assert source.logs == ["", "1", "2", "3"]
    (damaged,) = source.drafts("1")
    assert damaged.marks & Mark.DAMAGED
    assert FakeTranscript(source, "1").content(next(FakeTranscript(source, "1").events())).text
    assert [line for line, _ in source.reader.warnings] == [2, 4]
