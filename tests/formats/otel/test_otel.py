"""Spans of models, agents and tools, and the conversations that are put together from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from scrubber.core.content import Data, Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.formats import containers, registry
from scrubber.formats.otel.attributes import attributes_of, number_of, numbered
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import Read

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.content import Content
    from scrubber.core.events import Draft

SAMPLES = CORPUS / "otel"


def read(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "otel"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read("otel", reader, list(reader.read(stream)))


@pytest.fixture(scope="module")
def spans():
    return read(SAMPLES / "spans.json")


@pytest.fixture(scope="module")
def batches():
    return read(SAMPLES / "batches.jsonl")


def contents(found: Read, log: str = "") -> list[tuple[Draft, Content]]:
    format = registry.get("otel")
    return [
        (draft, format.content(reading.raw, draft.part))
        for reading in found.readings
        for draft in reading.drafts
        if draft.log == log
    ]


def kinds(found: Read, log: str = "") -> list[Kind]:
    return [draft.kind for draft in found.drafts(log)]


def said(found: Read, log: str = "") -> list[tuple[Role, str]]:
    return [(d.role, d.text) for d in found.drafts(log) if d.kind is Kind.MESSAGE]


def test_each_message_is_shown_once(spans):
    assert said(spans) == [
        (Role.SYSTEM, "You care for a garden."),
        (Role.USER, "Should I water the roses today?"),
        (Role.ASSISTANT, "No, rain comes at noon."),
        (Role.USER, "And tomorrow?"),
        (Role.ASSISTANT, "Tomorrow, yes."),
        (Role.USER, "And this bed?"),
        (Role.ASSISTANT, "That bed is fine."),
    ]
    assert next(d.call_id for d in spans.drafts() if d.kind is Kind.TOOL_RESULT) == "call_1"
    assert kinds(spans).count(Kind.CONTEXT) == 1


def test_a_call_that_holds_less_is_a_rewind_to_the_first_event_that_it_drops(spans):
    drafts = spans.drafts()
    rewind = next(draft for draft in drafts if draft.kind is Kind.REWIND)
    assert drafts[rewind.ref].text == "And tomorrow?"


def test_a_call_that_shares_nothing_is_a_conversation_of_its_own(spans):
    assert said(spans, "conv-1/1")[1:] == [
        (Role.USER, "Which roses are thirsty?"),
        (Role.ASSISTANT, "The red ones."),
    ]
    info = spans.reader.infos["conv-1/1"]
    assert (info.relation, info.parent_native_id) == ("subagent", "conv-1")
    assert spans.reader.infos[""].spawns["conv-1/1"].title == "rose expert"
    assert (spans.reader.infos[""].native_id, spans.reader.infos[""].model) == (
        "conv-1",
        "gpt-5-2025",
    )


def test_a_call_has_its_bill_its_time_and_all_that_no_message_tells(spans):
    draft, content = next(c for c in contents(spans) if c[0].kind is Kind.MODEL_CALL)
    assert draft.usage == Usage(input=40, cache_read=60, output=20, context=100)
    assert draft.ts == 1_750_000_001_000
    assert content.detail["duration_ms"] == 1500
    assert content.detail["attributes"]["gen_ai.provider.name"] == "openai"
    assert "gen_ai.input.messages" not in content.detail["attributes"]


def test_parts_other_than_text_are_kept(spans):
    _, content = next(c for c in contents(spans) if c[0].text == "And this bed?")
    assert content.blocks == (
        Text("And this bed?"),
        Image("image/png", "iVBORw0KGgo="),
        Image("image/jpeg", "", "https://example.org/bed.jpg"),
        Document("file-1", "application/pdf", "", "file-1"),
        Data({"type": "hologram", "x": 1}),
    )


def test_a_tool_that_no_message_calls_is_a_call_and_its_result(spans):
    found = [d for d in spans.drafts() if d.name == "rake"]
    assert [d.kind for d in found] == [Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_DETAIL]
    assert found[1].marks & Mark.ERROR
    assert [d.kind for d in spans.drafts() if d.name == "weather"] == [
        Kind.TOOL_CALL,
        Kind.TOOL_DETAIL,
    ]


def test_what_is_no_span_of_a_model_stays_visible(spans):
    draft, content = next(c for c in contents(spans) if c[0].kind is Kind.UNKNOWN)
    assert draft.name == "GET /weather"
    assert content.detail["attributes"] == {
        "http.request.method": "GET",
        "retries": 2,
        "ok": True,
        "share": 0.5,
        "tags": ["x", "y"],
    }
    assert {Kind.ERROR, Kind.HOOK, Kind.NOTICE, Kind.SPAN_END} <= set(kinds(spans))


def test_messages_spelled_out_key_by_key(batches):
    assert said(batches) == [
        (Role.SYSTEM, "You count plants."),
        (Role.USER, "Count the tulips."),
        (Role.ASSISTANT, "There are twelve."),
    ]
    calls = [(d.kind, d.call_id) for d in batches.drafts() if d.call_id]
    assert calls == [(Kind.TOOL_CALL, "call_7"), (Kind.TOOL_RESULT, "call_7")]


def test_openinference(batches):
    found = contents(batches, "sess-9")
    assert found[0][0].usage == Usage(input=7, cache_read=4, output=5, context=11)
    assert found[1][1].blocks == (Text("What grows here?"), Image("image/png", "iVBORw0KGgo="))
    assert [d.kind for d, _ in found[2:4]] == [Kind.MESSAGE, Kind.TOOL_CALL]


def test_messages_told_as_events_of_a_span(batches):
    assert said(batches, "d" * 32) == [
        (Role.SYSTEM, "Be short."),
        (Role.USER, "Is it dry?"),
        (Role.ASSISTANT, "Yes."),
    ]
    assert said(batches, "e" * 32) == [(Role.USER, "Still dry?"), (Role.ASSISTANT, "Less so.")]


def test_the_database_of_copilot_chat(tmp_path):
    found = read(database(SAMPLES / "traces.db.sql", tmp_path))
    assert said(found) == [(Role.USER, "<env/> Prune the hedge"), (Role.ASSISTANT, "Pruned.")]
    info = found.reader.infos[""]
    assert (info.title, info.native_id, info.model) == ("Prune the hedge", "chat-1", "m")
    usage = next(d.usage for d in found.drafts() if d.usage)
    assert (usage.input, usage.output) == (12, 3)


def test_a_shorter_repeat_of_an_answer_is_still_the_same(tmp_path):
    """Blanks at the ends, and thoughts that are not given back, do not make another message."""
    path = tmp_path / "x.json"
    asked = {"role": "user", "parts": [{"type": "text", "content": "Hi"}]}
    thought = {"type": "reasoning", "content": "A greeting."}
    answer = {"role": "assistant", "parts": [thought, {"type": "text", "content": "Hello.\n"}]}
    repeat = {"role": "assistant", "parts": [{"type": "text", "content": "Hello."}]}
    calls = [span("1", [asked], [answer]), span("2", [asked, repeat, asked], [repeat])]
    path.write_bytes(orjson.dumps({"resourceSpans": [{"scopeSpans": [{"spans": calls}]}]}))
    found = read(path)
    assert [text for _, text in said(found)] == ["Hi", "Hello.", "Hi", "Hello."]
    assert Kind.REWIND not in kinds(found)


def span(name: str, sent: list[object], answered: list[object]) -> dict[str, object]:
    told = {"gen_ai.input.messages": sent, "gen_ai.output.messages": answered}
    attributes = [
        {"key": key, "value": {"stringValue": orjson.dumps(value).decode()}}
        for key, value in told.items()
    ]
    return {"traceId": "t", "spanId": name, "name": "chat", "attributes": attributes}


def test_values_of_attributes():
    given = [
        {
            "key": "map",
            "value": {"kvlistValue": {"values": [{"key": "n", "value": {"intValue": "7"}}]}},
        },
        {"key": "list", "value": {"arrayValue": {"values": [{"boolValue": False}]}}},
        {"key": "none", "value": {}},
        "odd",
    ]
    assert attributes_of(given) == {"map": {"n": 7}, "list": [False], "none": None}
    assert number_of("9" * 30) == "9" * 30
    assert numbered({"p.10.a": 1, "p.2.b.c": 2, "p": 3}, "p") == [{"b": {"c": 2}}, {"a": 1}]


def test_the_real_database(shared_data):
    path = shared_data / "git-ai-fixtures/copilot-otel/traces.db"
    if not path.exists():
        pytest.skip("not there")
    found = read(path)
    events = [draft for reading in found.readings for draft in reading.drafts]
    assert found.reader.warnings == []
    assert [d for d in events if d.kind in (Kind.UNKNOWN, Kind.REWIND)] == []
    assert sum(d.kind is Kind.MODEL_CALL for d in events) == 9
