"""The corpus of Claude.ai's export: blocks, calls without ids, trees, and lists of old."""

from __future__ import annotations

import pytest

from scrubber.core.content import Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Visibility
from tests.formats.corpus import CORPUS
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

FILE = CORPUS / "claude-ai" / "conversations.json"


@pytest.fixture
def sessions(store):
    results = import_one(store, FILE)
    return {s.title: s for s in (store.session(str(result.session)) for result in results)}


def of_kind(store, session, kind):
    return [event for event in store.events(session.id) if event.kind is kind]


def test_a_tree_and_what_leaves_it(store, sessions):
    hives = sessions["Hives"]
    assert (hives.relation, hives.model) == ("root", "claude-opus-4")
    prompts = [e.text for e in of_kind(store, hives, Kind.MESSAGE) if e.role is Role.USER]
    assert prompts == ["How many hives?", "And wasps?", "and then?"]
    bees = sessions["And bees?"]
    assert (bees.relation, bees.parent) == ("fork", hives.id)
    texts = [e.text for e in of_kind(store, bees, Kind.MESSAGE)]
    assert texts == ["How many hives?", "Three ✓", "And bees?", "Many."]
    lost = sessions["lost"]
    assert (lost.parent, lost.forked_at) == (hives.id, 0)


def test_blocks_of_an_answer(store, sessions):
    hives = sessions["Hives"]
    events = store.events(hives.id)
    answer = [e for e in events if e.marks & Mark.TRUNCATED]
    assert [e.kind for e in answer] == [
        Kind.REASONING, Kind.TOOL_CALL, Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_RESULT,
        Kind.STATE, Kind.STATE, Kind.MESSAGE, Kind.UNKNOWN,
    ]  # fmt: skip
    first, second, result, failed = answer[1:5]
    assert (
        (result.call_id, failed.call_id) == (first.call_id, second.call_id) == ("m2:1", "toolu_b")
    )
    assert (result.name, failed.name, failed.is_error) == ("repl", "web_search", True)
    assert store.totals(hives.id).open_calls == 0
    assert answer[0].group_id == answer[7].group_id == "m2"
    assert answer[0].ts == 1_772_359_203_000
    assert store.content(failed).blocks[0] == Text("Hives\nmany")
    assert {e.visibility for e in answer[5:7]} == {Visibility.HIDDEN}


def test_files_that_were_handed_over(store, sessions):
    prompt = of_kind(store, sessions["Hives"], Kind.MESSAGE)[0]
    assert store.content(prompt).blocks == (
        Text("How many hives?"),
        Document("hives.txt", "text/plain", "three"),
        Image("image/png", reference="f1"),
        Document("plan.pdf", reference="plan.pdf"),
    )


def test_a_list_of_old_is_a_line(store, sessions):
    old = sessions["old question"]
    assert [e.text for e in of_kind(store, old, Kind.MESSAGE)] == ["old question", "old answer"]
    assert (old.created, old.updated) == (1_704_067_200_000, 1_704_067_205_000)


def test_an_archive_gives_the_same(store, sessions):
    archived = import_one(store, CORPUS / "claude-ai" / "data.zip")
    assert {r.title for r in archived} == set(sessions) - {"Nothing"}


def test_nothing_of_a_conversation_is_invisible(store, sessions):
    begin = of_kind(store, sessions["Hives"], Kind.SESSION_START)[0]
    (facts,) = store.content(begin).blocks
    assert facts.value["summary"] == "About hives."
    assert facts.value["project"] == {"uuid": "pr", "name": "bees"}
    assert [e.text for e in of_kind(store, sessions["Hives"], Kind.UNKNOWN)]
