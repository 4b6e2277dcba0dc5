"""a3s-code: reading its session files, and writing them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from scrubber.core.content import text_content
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Draft, Kind, Mark, Origin, Role, Usage
from scrubber.core.messages import messages
from scrubber.formats import registry
from scrubber.formats.a3s.shapes import check_id, cost_record, session_data
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.seeds.cutting import check_every_cut, corpus, whole, written
from tests.formats.shapes import DIALECTS, turns

FULL, SMALL = corpus("a3s")
FILES = pytest.mark.parametrize("path", [FULL, SMALL], ids=lambda path: path.name)


def test_the_object_tells_of_its_session():
    info = read("a3s", FULL.read_bytes(), FULL.name).reader.infos[""]
    assert (info.native_id, info.title, info.cwd) == ("garden-1", "The garden", "/home/me/garden")
    assert info.model == "claude-sonnet-4-20250514"
    assert (info.parent_native_id, info.relation) == ("garden-0", "subagent")
    assert (info.created, info.updated) == (1_771_000_000_000, 1_771_000_060_000)


def test_each_block_is_what_it_is():
    transcript = whole("a3s", FULL)
    told = [(e.kind.label, e.role.label, e.name, e.call_id) for e in transcript.events()]
    assert told == [
        ("state", "none", "fields", None),
        ("message", "system", None, None),
        ("compaction", "user", None, None),
        ("message", "user", None, None),
        ("reasoning", "assistant", None, None),
        ("message", "assistant", None, None),
        ("tool_call", "assistant", "bash", "t1"),
        ("tool_call", "assistant", "read", "t2"),
        ("tool_result", "tool", "bash", "t1"),
        ("tool_result", "tool", "read", "t2"),
        ("reasoning", "assistant", None, None),
        ("tool_result", "tool", None, "t9"),
        ("message", "user", None, None),
        ("unknown", "none", None, None),
        ("message", "assistant", None, None),
        ("message", "assistant", None, None),
        ("message", "assistant", None, None),
        ("message", "assistant", None, None),
        ("unknown", "none", None, None),
        ("plan", "none", None, None),
        ("usage", "none", "claude-sonnet-4-20250514", None),
        ("usage", "none", "nobody-knows", None),
        ("session_end", "none", None, None),
    ]
    events = list(transcript.events())
    assert events[9].marks & Mark.ERROR
    assert not events[8].marks & Mark.ERROR
    assert transcript.content(events[19]).text.splitlines() == [
        "[x] sow beans", "[>] water", "[ ] an older name", "[!] prune", "[-] paint",
    ]  # fmt: skip


def test_each_call_has_its_bill_and_an_unknown_cost_is_none():
    events = whole("a3s", FULL).events()
    bills = [event.usage for event in events if event.kind is Kind.USAGE]
    assert bills == [
        Usage(1000, output=40, context=1000, cost_micros=3600),
        Usage(900, output=20, context=900, cost_micros=None),
    ]
    small = [event.usage for event in whole("a3s", SMALL).events() if event.usage]
    assert small == [Usage(50, output=5, context=50, cost_micros=None)]


def test_a_summary_leaves_what_the_file_has_in_front_of_it():
    value = json.loads(FULL.read_bytes())
    value["messages"].insert(0, {"role": "user", "content": [{"type": "text", "text": "first"}]})
    transcript = FakeTranscript(read("a3s", json.dumps(value).encode()))
    seen = [m.items[0][1].text for m in messages(transcript, honour_compaction=True)]
    assert seen[:2] == ["You keep a garden.", "first"]


@FILES
def test_an_untouched_session_is_written_as_it_was(path):
    assert write("a3s", whole("a3s", path)) == path.read_bytes() + b"\n"


@FILES
def test_every_cut_says_what_the_session_says_there(path):
    check_every_cut("a3s", path)


def test_a_cut_is_a_session_of_its_own():
    transcript = FakeTranscript(read("a3s", FULL.read_bytes(), FULL.name), index=7)
    cut = written("a3s", transcript)
    assert cut["id"] == transcript.session.id
    assert cut["context_usage"]["turns"] == len(cut["messages"]) == 3
    assert cut["messages"][2] == {
        "role": "assistant",
        "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "bash", "input": {"command": "ls"}},
        ],
        "reasoning_content": "They ask what grows.",
    }
    losses = registry.writer("a3s").losses(transcript)
    assert losses[-1].startswith("tasks, tokens and costs are those of the whole session")
    assert "1 call has no result" in losses[0]


def test_an_edited_prompt_takes_the_place_of_the_configured_one():
    transcript = whole("a3s", FULL)
    edited = Draft(Kind.MESSAGE, "Be kind.", Role.SYSTEM, origin=Origin.EDITED)
    transcript.change(1, 2, [(edited, text_content("Be kind."))])
    value = written("a3s", transcript)
    assert value["config"]["system_prompt"] == "Be kind."
    assert value["config"]["permission_policy"]["default_decision"] == "ask"
    assert value["messages"] == json.loads(FULL.read_bytes())["messages"]


@given(conversation=turns())
def test_sessions_of_others_say_the_same(conversation: list[dict[str, Any]]):
    first = FakeTranscript(
        read("messages", json.dumps(DIALECTS["messages"](conversation)).encode())
    )
    value = written("a3s", first)
    assert set(session_data("x", [])) | {"llm_config"} == set(value)
    again = FakeTranscript(read("a3s", json.dumps(value).encode()))
    assert said(again) == said(first)


def test_ids_must_be_safe():
    for id in ("a", "A-b_c.d", "-x"):
        assert check_id(id) == id
    with pytest.raises(BadArgumentError, match="Session ID must not be empty"):
        check_id("")
    for id in (".x", "a..b", "a/b", "ä", "a b"):
        with pytest.raises(BadArgumentError, match=f'contains unsafe characters: "{id}"'):
            check_id(id)


def test_a_cost_that_nobody_knows_is_null():
    record = cost_record("s", "m", Usage(1, 2, 3, 4), 1_771_000_000_000)
    assert record == {
        "model": "m",
        "provider": "",
        "prompt_tokens": 6,
        "completion_tokens": 4,
        "total_tokens": 10,
        "cost_usd": None,
        "timestamp": "2026-02-13T16:26:40+00:00",
        "session_id": "s",
    }
