"""Sessions as OpenCode's own import takes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from scrubber.core.content import Content, Text
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.core.lint import INTERRUPTED
from scrubber.formats import registry
from scrubber.formats.opencode.writer import OpenCodeWriter, derived_id
from tests.formats.corpus import CORPUS
from tests.formats.opencode import rules
from tests.formats.reading import FakeTranscript, Read, read, said
from tests.formats.shapes import DIALECTS, turns

EXPORT = CORPUS / "opencode" / "export.json"
NOW = 1_800_000_000_000
WRITER = OpenCodeWriter(derived_id, lambda: NOW)


@pytest.fixture(scope="module")
def source() -> Read:
    return read("opencode", EXPORT.read_bytes(), "export.json")


def old_ids() -> set[str]:
    value = json.loads(EXPORT.read_bytes())
    names = {value["info"]["id"]}
    for message in value["messages"]:
        names |= {message["info"]["id"], *(part["id"] for part in message["parts"])}
    return names


def written(transcript: FakeTranscript) -> dict[str, Any]:
    return rules.check(b"".join(WRITER.write(transcript)), old_ids())


def again(value: dict[str, Any]) -> FakeTranscript:
    found = read("opencode", json.dumps(value).encode(), "again.json")
    return FakeTranscript(found, found.logs[0] if found.logs else "")


def test_every_cut_keeps_the_rules_and_is_read_back_as_it_was(source):
    whole = FakeTranscript(source, source.logs[0])
    for at in range(1, whole.index + 1):
        cut = FakeTranscript(source, source.logs[0], at)
        value = written(cut)
        assert closed(said(again(value))) == closed(said(cut)), at


def closed(messages: list[Any]) -> list[Any]:
    """What is said, without results that answer calls left open, and thoughts that end nowhere."""
    return [
        (role, items) for role, items in messages
        if not (role is Role.TOOL and items[0][2] == (Text(INTERRUPTED),))
        and any(item[0] is not Kind.REASONING for item in items)
    ]  # fmt: skip


def test_a_call_without_a_result_is_answered_as_interrupted(source):
    transcript = FakeTranscript(source, source.logs[0], 8)
    value = written(transcript)
    state = value["messages"][-1]["parts"][-1]["state"]
    assert (state["status"], state["error"]) == ("error", INTERRUPTED)
    assert any("call is answered" in loss for loss in WRITER.losses(transcript))


def test_untouched_parts_are_copied_as_they_are(source):
    before = json.loads(EXPORT.read_bytes())["messages"]
    after = written(FakeTranscript(source, source.logs[0], 21))["messages"]
    ids = ("id", "sessionID", "messageID", "parentID")
    for old, new in zip(before, after, strict=False):
        for mine, theirs in zip(old["parts"], new["parts"], strict=True):
            assert {k: v for k, v in theirs.items() if k not in ids} == {
                k: v for k, v in mine.items() if k not in ids
            }


def test_an_edited_message_keeps_its_place_and_loses_its_sealed_reasoning(source):
    transcript = FakeTranscript(source, source.logs[0], 10)
    events = list(transcript.events())
    made = Draft(
        Kind.MESSAGE, "I do not look.", Role.ASSISTANT, origin=Origin.EDITED,
        group_id=events[4].group_id, ts=events[4].ts,
    )  # fmt: skip
    transcript.change(4, 5, [(made, Content((Text("I do not look."),)))])
    parts = written(transcript)["messages"][1]["parts"]
    assert [part["type"] for part in parts] == ["step-start", "text", "tool", "tool", "step-finish"]
    assert parts[1]["text"] == "I do not look."
    assert any("piece of reasoning" in loss for loss in WRITER.losses(transcript))


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=25)
@given(conversation=turns())
def test_sessions_of_other_agents(dialect, conversation):
    data = json.dumps(DIALECTS[dialect](conversation)).encode()
    other = FakeTranscript(read(dialect, data))
    value = rules.check(b"".join(WRITER.write(other)), set())
    kept = [
        (role, items)
        for role, parts in said(other)
        if role is not Role.SYSTEM
        and (items := [item for item in parts if item[0] is not Kind.REASONING])
    ]
    texts = [item[1] for _, items in kept for item in items if item[0] is Kind.MESSAGE]
    written_again = [
        item[1] for _, items in said(again(value)) for item in items if item[0] is Kind.MESSAGE
    ]
    assert written_again == texts


def test_it_is_registered():
    assert registry.writer("opencode").suffix == ".json"
    assert "opencode" in registry.agents()
