"""The tree in one file becomes a tree of sessions, however the file came to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.api import OpenStore, open_store
from scrubber.core.events import Kind, Mark
from scrubber.core.tally import Tally
from scrubber.formats import registry
from scrubber.formats.branching import MAX_BRANCHES, MAX_DEPTH, TreeLogs
from tests.transfer import test_snapshots
from tests.transfer.comparing import import_one
from tests.transfer.tree_format import Tree, draft_of

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.core.session import Session

Entry = dict[str, Any]


@pytest.fixture(autouse=True, scope="module")
def tree_format():
    """A format that another package could bring."""
    known = registry.formats() | {"tree": Tree()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "formats", lambda: known)
        yield


def made(number: int, parent: int | None, entries: list[Entry], choice: int) -> Entry:
    """An entry behind another: now and then a call, or the answer to one that is open there."""
    entry: Entry = {"id": f"e{number}", "parent": None if parent is None else f"e{parent}"}
    entry |= {"kind": "message", "tokens": number}
    path = path_to(entries, entry["parent"])
    answered = {one.get("call") for one in path if one["kind"] == "tool_result"}
    waiting = [one for one in path if one["kind"] == "tool_call" and one["call"] not in answered]
    if choice == 1:
        entry |= {"kind": "tool_call", "call": f"c{number}"}
    elif choice == 2 and waiting:
        entry |= {"kind": "tool_result", "call": waiting[0]["call"]}
    elif choice == 3:
        entry |= {"group": path[-1].get("group") if path else f"g{number}"}
    return entry


def path_to(entries: list[Entry], last: str | None) -> list[Entry]:
    """The entries from the root to one of them, as a plain list."""
    by_id = {entry["id"]: entry for entry in entries}
    path: list[Entry] = []
    while last is not None:
        path.insert(0, by_id[last])
        last = path[0]["parent"]
    return path


@st.composite
def trees(draw: st.DrawFn) -> list[Entry]:
    """Entries in the order of a file; most go on from the one before, some from any other."""
    entries: list[Entry] = []
    for number in range(draw(st.integers(1, 25))):
        goes_on = draw(st.integers(0, 3)) > 0 or number == 0
        before = number - 1 if goes_on else draw(st.integers(-1, number - 1))
        parent = None if before < 0 else before
        entries.append(made(number, parent, entries, draw(st.integers(0, 3))))
    return entries


def write(path: Path, entries: list[Entry]) -> None:
    path.write_bytes(b"".join(orjson.dumps(entry) + b"\n" for entry in entries))


def ends(entries: list[Entry]) -> set[str]:
    """The ids of the entries that nothing goes on from: the sessions that there must be."""
    return {entry["id"] for entry in entries} - {entry["parent"] for entry in entries}


def check(store: OpenStore, entries: list[Entry]) -> None:
    """Every end of the tree is a session with just the events of its path."""
    sessions = {store.events(one.id)[-1].text: one for one in store.sessions()}
    assert set(sessions) == ends(entries)
    assert len(store.sessions()) == len(sessions)
    for end, session in sessions.items():
        path = path_to(entries, end)
        events = store.events(session.id)
        assert [event.text for event in events] == [entry["id"] for entry in path]
        tally = Tally()
        for index, (event, entry) in enumerate(zip(events, path, strict=True)):
            assert store.totals(session.id, index) == tally.totals
            assert event.marks == tally.enter(draft_of(entry)).marks
        assert store.totals(session.id) == tally.totals
        assert len(store.track(session.id)) == len(path)
        check_lineage(store, session, entries)


def check_lineage(store: OpenStore, session: Session, entries: list[Entry]) -> None:
    """A branch hangs below the session it leaves, at the number of events that they share."""
    if session.parent is None:
        return
    ours, theirs = (
        [event.text for event in store.events(one)] for one in (session.id, session.parent)
    )
    shared = next(
        (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(theirs)
    )
    assert (session.relation, session.forked_at) == ("fork", shared)


@settings(max_examples=60)
@given(trees(), st.data())
def test_every_end_of_a_tree_is_a_session(tmp_path_factory, entries, data):
    folder = tmp_path_factory.mktemp("tree")
    path = folder / "tree.jsonl"
    with open_store(folder / "store.db") as store:
        for length in sorted({*data.draw(st.lists(st.integers(1, len(entries)))), len(entries)}):
            write(path, entries[:length])
            import_one(store, path)
        check(store, entries)
        assert len(store.roots()) == 1


@settings(max_examples=15)
@given(trees(), trees())
def test_a_rewritten_tree(tmp_path_factory, former, entries):
    """Sessions of keys that are there again are carried on, the others keep what they had."""
    folder = tmp_path_factory.mktemp("tree")
    path = folder / "tree.jsonl"
    with open_store(folder / "store.db") as store:
        write(path, former)
        import_one(store, path)
        write(path, [{**entry, "tokens": 100} for entry in entries])
        import_one(store, path)
        source = store.store.source_of(path)
        assert source is not None
        found = [store.events(one.id) for one in store.store.followers(source.id)]
        assert {events[-1].text for events in found} == ends(entries)
        for events in found:
            wanted = [entry["id"] for entry in path_to(entries, events[-1].text)]
            assert [event.text for event in events] == wanted


@settings(max_examples=10)
@given(trees())
def test_a_tree_in_a_snapshot(tmp_path_factory, entries):
    folder = tmp_path_factory.mktemp("tree")
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        write(folder / "tree.jsonl", entries)
        import_one(store, folder / "tree.jsonl")
        import_one(other, *test_snapshots.snapshot(store, folder / "snap"))
        assert test_snapshots.everything(other) == test_snapshots.everything(store)
        check(other, entries)
        more = [*entries, made(99, 0, entries, 1)]
        write(folder / "tree.jsonl", more)
        assert {r.status for r in import_one(other, folder / "tree.jsonl")} <= {
            "new", "extended", "unchanged",
        }  # fmt: skip
        check(other, more)


def test_a_call_that_is_open_where_a_branch_leaves_is_answered_on_both(store, tmp_path):
    entries: list[Entry] = [
        {"id": "a", "parent": None, "kind": "message", "tokens": 0},
        {"id": "b", "parent": "a", "kind": "tool_call", "call": "c", "tokens": 0},
        {"id": "c", "parent": "b", "kind": "tool_result", "call": "c", "tokens": 0},
        {"id": "d", "parent": "b", "kind": "tool_result", "call": "c", "tokens": 0},
    ]
    write(tmp_path / "tree.jsonl", entries)
    results = import_one(store, tmp_path / "tree.jsonl")
    assert [(r.events, store.totals(r.session).open_calls) for r in results] == [(3, 0), (3, 0)]
    for result in results:
        assert store.events(result.session)[2].marks & Mark.CLOSES_CALL
        assert store.events(result.session)[2].kind is Kind.TOOL_RESULT


def test_a_file_of_malice_is_bounded():
    tree, parent = TreeLogs(), "root"
    tree.add("", 1, "root")
    tree.add("", 1)
    for number in range(2 * MAX_BRANCHES):
        log, _ = tree.place(f"e{number}", "root")
        tree.add(log, 1, f"e{number}")
    assert tree.overflow >= MAX_BRANCHES - 1
    tree, depth = TreeLogs(), 0
    tree.add("", 1, parent)
    for number in range(2 * MAX_DEPTH):
        for side in ("left", "right"):
            log, branch = tree.place(f"{side}{number}", parent)
            tree.add(log, 1, f"{side}{number}")
        depth += branch is not None
        parent = f"right{number}"
    assert depth == MAX_DEPTH


def test_exporting_one_of_several_says_that_the_others_are_left_out(store, tmp_path):
    talk = {"messages": [{"role": "user", "content": "hello"}]}
    (tmp_path / "talks.jsonl").write_bytes((orjson.dumps(talk) + b"\n") * 3)
    results = import_one(store, tmp_path / "talks.jsonl")
    assert len(results) == 3
    (loss,) = store.export_losses(results[0].session, None, "source")
    assert loss == "2 other sessions are left out that the file holds"
