"""fluers: reading its envelopes, and writing them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scrubber.core.content import Image, Text, text_content
from scrubber.core.errors import FormatError
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import registry
from scrubber.formats.fluers.shapes import check_version, envelope
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.seeds.cutting import check_every_cut, corpus, whole, written
from tests.formats.shapes import DIALECTS, turns

FULL = corpus("fluers")[0]
FILES = pytest.mark.parametrize("path", corpus("fluers"), ids=lambda path: path.name)


def test_the_id_is_the_files_name_and_the_model_the_envelopes():
    info = read("fluers", FULL.read_bytes(), FULL.name).reader.infos[""]
    assert (info.native_id, info.model, info.created) == (FULL.stem, "claude-x", None)


def test_each_block_is_what_it_is():
    transcript = whole("fluers", FULL)
    told = [(e.kind.label, e.role.label, e.name, e.call_id) for e in transcript.events()]
    assert told == [
        ("state", "none", "fields", None),
        ("message", "system", None, None),
        ("message", "system", None, None),
        ("message", "user", None, None),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "read", "t1"),
        ("tool_call", "assistant", "list", "t2"),
        ("tool_result", "tool", "read", "t1"),
        ("tool_result", "tool", "list", "t2"),
        ("message", "assistant", None, None),
        ("context", "user", "signal", None),
        ("message", "user", None, None),
        ("tool_call", "assistant", "water", "t3"),
        ("tool_result", "tool", "water", "t3"),
        ("message", "user", None, None),
        ("tool_result", "tool", None, "t9"),
        ("unknown", "none", None, None),
        ("message", "assistant", None, None),
        ("unknown", "none", None, None),
        ("tool_call", "assistant", "wait", "t4"),
    ]
    contents = [transcript.content(event) for event in transcript.events()]
    assert contents[3].blocks[1] == Image("image/png", "iVBORw0KGgo=")
    assert contents[7].blocks == (Text("beans"),)
    assert contents[7].detail == {"lines": 1}


@FILES
def test_an_untouched_session_is_written_as_it_was(path):
    transcript = whole("fluers", path)
    assert written("fluers", transcript) == json.loads(path.read_bytes())


def test_the_layout_is_that_of_serde():
    assert write("fluers", whole("fluers", FULL)) == FULL.read_bytes() + b"\n"


@FILES
def test_every_cut_says_what_the_session_says_there(path):
    check_every_cut("fluers", path)


def test_a_cut_within_a_message_keeps_the_blocks_in_front_of_it():
    transcript = FakeTranscript(read("fluers", FULL.read_bytes(), FULL.name), index=6)
    cut = written("fluers", transcript)
    assert cut["metadata"] == {"k": "v", "nested": {"n": [1, 2]}}
    assert cut["messages"][-1] == {
        "role": "assistant",
        "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "beds.txt"}},
        ],
    }
    assert "1 call has no result" in registry.writer("fluers").losses(transcript)[0]


def test_an_edited_prompt_takes_the_place_of_the_envelopes():
    transcript = whole("fluers", FULL)
    edited = Draft(Kind.MESSAGE, "Be kind.", Role.SYSTEM, origin=Origin.EDITED)
    transcript.change(1, 2, [(edited, text_content("Be kind."))])
    value = written("fluers", transcript)
    assert value["system_message"] == "Be kind."
    assert value["messages"] == json.loads(FULL.read_bytes())["messages"]


@given(conversation=turns())
def test_sessions_of_others_say_the_same_but_for_reasoning(conversation: list[dict[str, Any]]):
    for turn in conversation:
        turn["thought"] = None
    data = json.dumps(DIALECTS["messages"](conversation)).encode()
    first = FakeTranscript(read("messages", data))
    value = written("fluers", first)
    assert list(value) == list(envelope([]))
    again = FakeTranscript(read("fluers", json.dumps(value).encode()))
    assert said(again) == said(first)


def test_what_fluers_refuses_is_told():
    check_version(envelope([]), "x")
    with pytest.raises(
        FormatError, match=r"unsupported session schema version 2 for `x` \(expected 1\)"
    ):
        check_version(envelope([]) | {"schema_version": 2}, "x")
    source = read("fluers", corpus("fluers")[2].read_bytes(), "newer.json")
    assert source.reader.warnings == [
        (1, "schema version 2, where 1 is expected: fluers itself refuses it; read all the same")
    ]


def test_a_picture_that_is_elsewhere_is_named():
    part = {"type": "image_url", "image_url": {"url": "https://example.org/bed.png"}}
    data = {"messages": [{"role": "user", "content": [part, {"type": "text", "text": "this?"}]}]}
    transcript = FakeTranscript(read("messages", json.dumps(data).encode()))
    assert written("fluers", transcript)["messages"][0]["content"] == [
        {"type": "text", "text": "[https://example.org/bed.png]"},
        {"type": "text", "text": "this?"},
    ]
    assert registry.writer("fluers").losses(transcript) == [
        "1 picture that is elsewhere is named, not shown"
    ]
