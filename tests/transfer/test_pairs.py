"""Preference pairs: read as a branch, written from two sessions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrubber.core.content import text_content
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Draft, Kind, Origin, Role
from scrubber.formats import own
from tests.transfer.comparing import import_one

ASKED = [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}]
TOOLS = [{"type": "function", "function": {"name": "ls"}}]
CALL = {"id": "c1", "type": "function", "function": {"name": "ls", "arguments": "{}"}}
BETTER = [
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "a"},
    {"role": "assistant", "content": "hello"},
]
WORSE = [{"role": "assistant", "content": "what?"}]
PAIR = {
    "input": {"messages": ASKED, "tools": TOOLS},
    "preferred_output": BETTER,
    "non_preferred_output": WORSE,
}


def imported(store, tmp_path, *values, name="pairs.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return [store.session(str(result.session)) for result in import_one(store, path)]


def texts(store, session):
    return [event.text for event in store.events(session.id)]


def exported(store, better, worse, **more) -> Any:
    data = b"".join(store.export(better.id, format="pairs", against=worse.id, **more))
    assert data.count(b"\n") == 1
    return json.loads(data)


def test_a_pair_is_two_sessions_that_share_what_both_begin_with(store, tmp_path):
    better, worse = imported(store, tmp_path, PAIR)
    assert (worse.relation, worse.parent, worse.forked_at) == ("fork", better.id, 3)
    assert texts(store, better) == ["1 tools: ls", "be kind", "hi", "", "a", "hello"]
    assert texts(store, worse) == ["1 tools: ls", "be kind", "hi", "what?"]
    assert [s.title for s in (better, worse)] == ["hi · preferred", "hi · rejected"]


@pytest.mark.parametrize(
    "value",
    [
        {"prompt": "hi", "chosen": WORSE, "rejected": BETTER},
        {"chosen": [*ASKED, *BETTER], "rejected": [*ASKED, *WORSE]},
        {"conversations": [{"from": "human", "value": "hi"}],
         "chosen": {"from": "gpt", "value": "a"}, "rejected": {"from": "gpt", "value": "b"}},
        {"chosen_messages": [{"role": "user", "content": "<image>hi"}, *WORSE],
         "rejected_messages": [{"role": "user", "content": "<image>hi"}, *BETTER],
         "images": ["a.png"]},
    ],
)  # fmt: skip
def test_pairs_of_every_kind_are_branches(store, tmp_path, value):
    better, worse = imported(store, tmp_path, value)
    assert worse.parent == better.id
    assert worse.forked_at == len(ASKED if "chosen" in value and "prompt" not in value
                                  and "conversations" not in value else ASKED[:1])  # fmt: skip
    shared = texts(store, better)[: worse.forked_at]
    assert texts(store, worse)[: worse.forked_at] == shared
    assert texts(store, better) != texts(store, worse)


def test_what_was_read_is_written_again(store, tmp_path):
    better, worse = imported(store, tmp_path, PAIR)
    value = exported(store, better, worse)
    assert {key: value[key] for key in PAIR} == PAIR
    assert value["metadata"]["preferred"]["session"] == better.id
    assert value["metadata"]["shared_messages"] == 2


def test_two_siblings(store, tmp_path):
    (root,) = imported(store, tmp_path, {"messages": [*ASKED, *BETTER]})
    fork = store.fork(root.id, 2).session
    with pytest.raises(BadArgumentError, match="says nothing that"):
        exported(store, root, fork)
    said = Draft(Kind.MESSAGE, "what?", Role.ASSISTANT, origin=Origin.TYPED)
    store.store.append(fork.id, [(own.encode(said, text_content("what?")), said)])
    value = exported(store, root, fork)
    assert value["input"]["messages"] == ASKED
    assert value["preferred_output"] == BETTER
    assert value["non_preferred_output"] == WORSE
    told = value["metadata"]["non_preferred"]
    assert told["provenance"] == [{"message": 2, "origin": "typed"}]
    assert told["parent"] == root.id


def test_siblings_are_those_that_begin_with_the_same_events(store, tmp_path):
    (root,) = imported(store, tmp_path, {"messages": [*ASKED, *BETTER]})
    imported(store, tmp_path, {"messages": ASKED}, name="other.jsonl")
    near, far = store.fork(root.id, 4).session, store.fork(root.id, 2).session
    store.fork(root.id, 0)
    shared = [(one.id, number) for one, number in store.siblings(far.id)]
    assert shared == [(root.id, 2), (near.id, 2)]
    assert [(one.id, n) for one, n in store.siblings(near.id)] == [(root.id, 4), (far.id, 2)]
    store.delete(near.id)
    assert [one.id for one, _ in store.siblings(root.id)] == [far.id]


def test_what_a_pair_loses_is_told_of_both(store, tmp_path):
    better, worse = imported(store, tmp_path, PAIR)
    assert store.export_losses(better.id, None, "pairs", worse.id) == []
    seen = Draft(Kind.NOTICE, "shown", Role.NONE, ts=1)
    store.store.append(worse.id, [(own.encode(seen, text_content("shown")), seen)])
    told = store.export_losses(better.id, None, "pairs", worse.id)
    assert told
    assert all(loss.startswith("the other: ") for loss in told)
    with pytest.raises(BadArgumentError, match="says nothing that"):
        store.export_losses(better.id, None, "pairs", better.id)


def test_two_files_that_begin_alike(store, tmp_path):
    (better,) = imported(store, tmp_path, {"messages": [*ASKED, *BETTER]}, name="a.jsonl")
    (worse,) = imported(store, tmp_path, {"messages": [*ASKED, *WORSE]}, name="b.jsonl")
    value = exported(store, better, worse)
    assert value["input"] == {"messages": ASKED}
    assert value["non_preferred_output"] == WORSE
    assert exported(store, better, worse, at=5)["preferred_output"] == BETTER


def test_what_is_no_pair_is_refused_in_words(store, tmp_path):
    (better,) = imported(store, tmp_path, {"messages": [*ASKED, *BETTER]}, name="a.jsonl")
    (other,) = imported(store, tmp_path, {"messages": [{"role": "user", "content": "?"}, *WORSE]},
                        name="b.jsonl")  # fmt: skip
    again = {"role": "user", "content": "again"}
    (typed,) = imported(store, tmp_path, {"messages": [*ASKED, again, *WORSE]}, name="c.jsonl")
    with pytest.raises(BadArgumentError, match="share no message"):
        store.export(better.id, format="pairs", against=other.id)
    with pytest.raises(BadArgumentError, match="part at a message of the user"):
        store.export(better.id, format="pairs", against=typed.id)
    with pytest.raises(BadArgumentError, match="says nothing that"):
        store.export(better.id, format="pairs", against=better.id)
    with pytest.raises(BadArgumentError, match="the format pairs"):
        store.export(better.id, format="pairs")
    with pytest.raises(BadArgumentError, match="the format pairs"):
        store.export(better.id, format="messages", against=other.id)
