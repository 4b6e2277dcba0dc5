"""Messages of any shape come back as they were given, one for one."""

from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError
from tests.sessions.talking import faults, say

CALL = {"type": "tool_use", "id": "t1", "name": "read", "input": {"path": "a"}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "ok", "is_error": True}

SHAPES = {
    "plain": {"role": "user", "content": "hi"},
    "empty": {"role": "user", "content": ""},
    "nil content": {"role": "assistant", "content": None},
    "no content": {"role": "assistant"},
    "harn's tool result": {"role": "tool_result", "tool_use_id": "t1", "content": "ok"},
    "a role that nobody knows": {"role": "gremlin", "content": "boo"},
    "chat completions": {
        "role": "assistant",
        "content": "let me see",
        "reasoning": "hm",
        "tool_calls": [
            {"id": "t1", "type": "function", "function": {"name": "read", "arguments": "{}"}},
            {"id": "t2", "type": "function", "function": {"name": "read", "arguments": "{"}},
        ],
    },
    "a result in chat completions": {"role": "tool", "tool_call_id": "t1", "content": "ok"},
    "blocks": {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}, CALL],
    },
    "two results and a word": {
        "role": "user",
        "content": [RESULT, {**RESULT, "tool_use_id": "t2"}, {"type": "text", "text": "go on"}],
    },
    "fluers' tool message": {"role": "tool", "content": [{**RESULT, "content": {"content": []}}]},
    "a block of no known type": {"role": "user", "content": [{"type": "hologram", "data": [1]}]},
    "odd keys": {"role": "user", "content": "x", "name": "n", "": None, "visibility": "internal"},
    "content that is a dict": {"role": "user", "content": {"type": "text", "text": "hi"}},
    "content that is a number": {"role": "user", "content": 5},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_message_comes_back_as_it_was_given(store, runtime, shape):
    around = [{"role": "user", "content": "before"}, {"role": "user", "content": "after"}]
    wanted = [around[0], SHAPES[shape], around[1]]
    session = say(runtime, *wanted)
    assert runtime.messages(session) == wanted
    assert runtime.length(session) == 3
    assert store.session(session).messages == 3
    assert faults(store) == []


def test_each_message_can_be_forked_at(store, runtime):
    session = say(runtime, *SHAPES.values())
    for count in range(len(SHAPES) + 1):
        fork = runtime.fork_at(session, count)
        assert runtime.messages(fork) == list(SHAPES.values())[:count]
        assert runtime.fork_at(session, count, "again") == "again"
        assert runtime.messages("again") == list(SHAPES.values())[:count]
    assert runtime.messages(session) == list(SHAPES.values())
    assert faults(store) == []


def test_what_is_given_out_is_a_copy(runtime):
    session = say(runtime, {"role": "user", "content": [{"type": "text", "text": "hi"}]})
    runtime.messages(session)[0]["content"][0]["text"] = "changed"
    assert runtime.messages(session)[0]["content"][0]["text"] == "hi"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (None, "`message` required"),
        ("hi", "message must be a dict"),
        ({"content": "hi"}, r"message must have a string `role` \(user\|assistant\|tool_result"),
        ({"role": 5}, "message must have a string `role`"),
        ({"role": "user", "content": {1, 2}}, "message must be JSON"),
        ({"role": "user", "content": "\ud800"}, "message must be JSON"),
        ({"role": "user", 5: "x"}, "message must be JSON"),
        ({"role": "user", "content": 2**70}, "message must be JSON"),
    ],
)
def test_what_is_no_message_is_refused_and_changes_nothing(runtime, message, words):
    session = say(runtime, "hi")
    with pytest.raises(BadArgumentError, match=words):
        runtime.inject(session, message)
    assert runtime.length(session) == 1


def test_an_edited_message_is_told_as_it_is_now(store, runtime):
    from scrubber.transfer.editing import Edit

    session = say(runtime, {"role": "user", "content": "hi", "name": "n"}, SHAPES["blocks"])
    fork = store.fork_edited(session, 0, Edit("hello"), keep_following=True).session
    assert runtime.messages(fork.id) == [{"role": "user", "content": "hello"}, SHAPES["blocks"]]


def test_part_of_a_message_is_told_without_the_rest(store, runtime):
    session = say(runtime, SHAPES["two results and a word"])
    cut = store.fork(session, 2).session
    (told,) = runtime.messages(cut.id)
    assert [block["tool_use_id"] for block in told["content"]] == ["t1", "t2"]


def test_messages_that_come_later_are_read_alone(store, runtime, monkeypatch):
    """A session that grows is not read from its beginning each time, unless it must be."""
    from scrubber.sessions.sliced import SlicedTranscript

    read: list[int] = []
    events = SlicedTranscript.events

    def watched(self, start=0):
        read.append(start)
        return events(self, start)

    session = say(runtime, *(str(n) for n in range(5)))
    assert runtime.length(session) == 5
    monkeypatch.setattr(SlicedTranscript, "events", watched)
    runtime.inject(session, SHAPES["chat completions"])
    assert runtime.length(session) == 6
    assert read
    assert set(read) == {5}
    runtime.compact(session, keep_last=1)
    read.clear()
    assert runtime.length(session) == 4
    runtime.inject(session, SHAPES["plain"])
    assert runtime.messages(session)[-2:] == [SHAPES["chat completions"], SHAPES["plain"]]
    assert 0 not in read


def test_a_result_that_is_an_error_is_marked(store, runtime):
    session = say(runtime, {"role": "tool_result", "content": "no", "is_error": True})
    (event,) = store.events(session)
    assert event.is_error
    runtime.inject(session, {"role": "user", "content": "no", "is_error": True})
    assert not store.events(session)[-1].is_error
