"""The corpus file of pi, entry by entry; what trees, copies and compactions become."""

from __future__ import annotations

import orjson

from scrubber.core.events import Kind, Mark, Usage, Visibility
from scrubber.core.messages import messages
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.corpus import CORPUS
from tests.formats.reading import read
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

TREE = CORPUS / "pi" / "2026-04-01T09-00-00-000Z_019d0000-0000-7000-8000-000000000001.jsonl"
FORK = CORPUS / "pi" / "2026-04-02T09-00-00-000Z_019d0000-0000-7000-8000-000000000002.jsonl"
V1 = CORPUS / "pi" / "2025-12-01T00-00-00-000Z_old-1.jsonl"


def tree():
    return read("pi", TREE.read_bytes(), TREE.name)


def drafts_of(source, entry: str):
    for reading in source.readings:
        if orjson.loads(reading.raw).get("id") == entry:
            return list(reading.drafts)
    raise LookupError(entry)


def test_an_answer_is_a_message_of_blocks_with_its_cost():
    source = tree()
    thinking, text, *calls = drafts_of(source, "a0000005")
    assert [d.kind for d in (thinking, text, *calls)] == [
        Kind.REASONING, Kind.MESSAGE, Kind.TOOL_CALL, Kind.TOOL_CALL,
    ]  # fmt: skip
    assert thinking.marks & Mark.SEALED
    assert thinking.usage == Usage(20, 100, 10, 9, context=130, cost_micros=10_000)
    assert {d.group_id for d in (thinking, text, *calls)} == {"a0000005"}
    (failed,) = drafts_of(source, "a0000007")
    assert (failed.name, bool(failed.marks & Mark.ERROR)) == ("bash", True)
    assert failed.usage is not None
    assert failed.usage.context == 0
    (unseen, error) = drafts_of(source, "a000000f")
    assert {d.visibility for d in (unseen, error)} == {Visibility.UI_ONLY}
    assert error.text == "overloaded"


def test_what_is_told_beside_the_conversation():
    source = tree()
    kinds = {
        "a0000002": Kind.CONFIG_CHANGE, "a0000009": Kind.LABEL, "a000000a": Kind.TITLE,
        "a000000d": Kind.STATE, "a000000e": Kind.CONTEXT, "a0000010": Kind.CONTEXT_EDIT,
        "b0000001": Kind.BRANCH_SUMMARY, "b0000008": Kind.USAGE, "c0000003": Kind.UI_STATE,
        "d0000002": Kind.UNKNOWN, "d0000004": Kind.UNKNOWN,
    }  # fmt: skip
    assert {entry: drafts_of(source, entry)[0].kind for entry in kinds} == kinds
    (label,) = drafts_of(source, "a0000009")
    (labelled,) = drafts_of(source, "a0000004")
    assert label.text == "the question"
    assert source.drafts()[label.ref] is labelled
    run, secret = (drafts_of(source, entry)[0] for entry in ("a000000b", "a000000c"))
    assert (run.visibility, secret.visibility) == (Visibility.IN_CONTEXT, Visibility.UI_ONLY)


def test_a_tree_becomes_sessions_and_branches_share_what_they_leave(store):
    results = import_one(store, TREE)
    sessions = [store.session(str(result.session)) for result in results]
    assert [(s.title, s.relation, s.forked_at) for s in sessions] == [
        ("Bees", "root", None),
        ("Only the queens, please.", "fork", 15),
        ("again", "fork", 20),
        ("from the start", "fork", 0),
    ]
    assert [s.parent for s in sessions] == [None, sessions[0].id, sessions[1].id, sessions[0].id]
    assert {s.native_id for s in sessions[1:]} == {None}
    first = store.events(sessions[3].id)
    assert [e.text for e in first if e.kind is Kind.MESSAGE][:1] == ["from the start"]


def context(store, result) -> list[str]:
    session = store.session(str(result.session))
    transcript = StoredTranscript(store.store, session, session.events)
    found = messages(transcript, honour_compaction=True)
    return ["|".join(content.text for _, content in message.items) for message in found]


def test_what_a_model_sees_is_what_pi_gives_it(store):
    """As pi 0.87's own buildSessionContext does it; see test_pi_itself."""
    results = import_one(store, TREE)
    bees, queens, again, _ = (context(store, result) for result in results)
    assert bees[0].startswith("You keep bees.")
    assert bees[1] == "How many hives? 🐝"
    assert "half an ans" not in bees
    assert [line.split("\n")[0] for line in bees[-4:-1]] == [
        "Ran `wc -l hives.txt`", "It rains.", "and the honey?",
    ]  # fmt: skip
    assert queens[0] == "You keep bees. Be short."
    assert "<summary>\nThree hives, two queens.\n</summary>" in queens[1]
    assert queens[2:] == ["Only the queens, please.", "Two queens.", "Their names?", "Ada and Eva."]
    assert "In other words." in again[0]
    assert again[1] == "no such file"
    assert again[-1] == "again"


def test_a_fork_in_a_file_of_its_own_hangs_below_its_parent(store):
    results = import_one(store, FORK, TREE)
    fork = store.session(str(results[0].session))
    assert fork.relation == "fork"
    parent = store.session(str(fork.parent))
    assert (parent.native_id, parent.relation) == ("019d0000-0000-7000-8000-000000000001", "root")
    shared = store.events(parent.id)[fork.forked_at - 1]
    assert (shared.kind, shared.call_id) == (Kind.TOOL_CALL, "call_2")


def test_the_first_version_is_a_line_and_keeps_by_number(store):
    (result,) = import_one(store, V1)
    session = store.session(str(result.session))
    assert (session.relation, session.forked_at) == ("fork", None)
    compaction = next(e for e in store.events(session.id) if e.kind is Kind.COMPACTION)
    kept = store.events(session.id)[compaction.ref]
    assert (kept.kind, kept.text) == (Kind.TOOL_RESULT, "y")
    assert [line.split("\n")[0] for line in context(store, result)] == [
        "The conversation history before this point was compacted into the following summary:",
        "y", "hooked", "second",
    ]  # fmt: skip
