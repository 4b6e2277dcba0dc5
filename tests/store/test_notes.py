"""Notes stand on events: forks share them, and a rewritten source never moves them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.core.session import SessionInfo
from scrubber.store import Store
from tests.store.making import add_session, faults, message, messages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write(store: Store, words: Sequence[str], path: Path, replaces: int | None = None) -> int:
    """A file of records, each of them an event; read to its end. Gives its source."""
    source, writer = store.writer(path, "made-up", 1, replaces)
    for word in words:
        writer.add(word.encode() + b"\n", [message(word)])
    writer.commit({"": SessionInfo(title="made up")})
    store.finish(source, writer.read_upto, (1, 1, 1), b"", [])
    return source


def event(store: Store, session: str, index: int) -> Any:
    return store.events(session, index, index + 1)[0]


def seen(store: Store, session: str) -> list[tuple[str, int | None]]:
    return [(note.text, note.index) for note in store.notebook.of_session(session)]


def test_a_fork_shares_the_notes_of_its_prefix_and_no_others(store):
    root = add_session(store, messages(6))
    for index in (1, 4):
        store.notebook.mark(root, event(store, root, index), "note", f"n{index}")
    fork, _ = store.fork(root, 3, title="fork")
    assert seen(store, fork.id) == [("n1", 1)]
    store.append(fork.id, [(b"x", message("own"))])
    store.notebook.mark(fork.id, event(store, fork.id, 3), "bookmark")
    store.notebook.mark(fork.id, event(store, fork.id, 0), "label", "early")
    assert seen(store, fork.id) == [("early", 0), ("n1", 1), ("", 3)]
    assert seen(store, root) == [("early", 0), ("n1", 1), ("n4", 4)]
    store.notebook.unmark(fork.id, event(store, fork.id, 1), "note")
    assert seen(store, root) == [("early", 0), ("n4", 4)]


def test_an_event_has_one_note_one_bookmark_and_any_labels(store):
    root = add_session(store, messages(2))
    here = event(store, root, 1)
    for text in ("first", "second"):
        store.notebook.mark(root, here, "note", text)
        store.notebook.mark(root, here, "label", text)
        store.notebook.mark(root, here, "bookmark")
    found = [(note.kind, note.text) for note in store.notebook.of_session(root)]
    assert sorted(found) == [
        ("bookmark", ""), ("label", "first"), ("label", "second"), ("note", "second"),
    ]  # fmt: skip
    assert [event.seq for event in store.events(root)] == [0, 1]
    assert store.notebook.marked(root, "label", "first") == [here.log << 32 | 1]
    assert store.notebook.marked(root, "label", "third") == []
    assert list(store.notebook.texts()) == [(here.log << 32 | 1, "second")]


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ("abcde", 2),  # grown anew, the beginning is what it was
        ("abc", 2),
        ("ab", None),
        ("xabcd", 3),  # unique in both: the same record, further down
        ("abxc", 3),
        ("abcc", 2),  # the beginning is the same: it is the first of the two
        ("xabcc", None),  # which of the two would it be?
        ("abC", None),
        ("", None),
    ],
)
def test_a_rewritten_source_keeps_or_loses_a_note_but_never_moves_it(store, tmp_path, new, found):
    path = tmp_path / "file"
    source = write(store, "abcd", path)
    (session,) = store.followers(source)
    store.notebook.mark(session.id, event(store, session.id, 2), "note", "on c")
    fork, _ = store.fork(session.id, 3, title="fork")
    write(store, new, path, source)
    if new:
        assert seen(store, session.id) == [("on c", found)]
    assert seen(store, fork.id) == [("on c", 2)]
    assert faults(store) == []


def test_a_lookalike_in_the_former_version_is_none(store, tmp_path):
    path = tmp_path / "file"
    source = write(store, "abcb", path)
    (session,) = store.followers(source)
    store.notebook.mark(session.id, event(store, session.id, 3), "note", "on the second b")
    write(store, "abc", path, source)
    (note,) = store.notebook.of_session(session.id)
    assert (note.index, note.was_at, note.excerpt) == (None, 3, "b")
    store.notebook.remove(session.id, note.id)
    assert seen(store, session.id) == []


def test_what_came_back_is_found_again(store, tmp_path):
    path = tmp_path / "file"
    first = write(store, "abcd", path)
    (session,) = store.followers(first)
    store.notebook.mark(session.id, event(store, session.id, 2), "label", "here")
    second = write(store, "ab", path, first)
    assert seen(store, session.id) == [("here", None)]
    write(store, "abcd", path, second)
    assert seen(store, session.id) == [("here", 2)]


def test_a_purge_takes_no_note_that_somebody_sees(store, tmp_path):
    path = tmp_path / "file"
    source = write(store, "abcd", path)
    (session,) = store.followers(source)
    fork, _ = store.fork(session.id, 2, title="fork")
    for index in (1, 2, 3):
        store.notebook.mark(session.id, event(store, session.id, index), "note", f"n{index}")
    write(store, "axcd", path, source)
    assert seen(store, session.id) == [("n2", 2), ("n3", 3), ("n1", None)]
    store.trash(fork.id)
    store.purge()
    assert seen(store, session.id) == [("n2", 2), ("n3", 3), ("n1", None)]
    # Ids of logs may be used again: a note of a log that is gone must not stand on its events.
    other = add_session(store, messages(4))
    assert seen(store, other) == []
    store.trash(session.id)
    store.purge()
    left = store.connections.get().execute("SELECT count(*) FROM notes").fetchone()
    assert left == (0,)
    assert faults(store) == []


def test_labels_know_their_colours_and_their_uses(store):
    root = add_session(store, messages(2))
    store.set_labels(root, ["kept", "odd"])
    store.notebook.mark(root, event(store, root, 0), "label", "odd")
    store.notebook.set_colour("odd", "red")
    store.notebook.set_colour("unused", "blue")
    found = {label.name: (label.uses, label.colour) for label in store.notebook.labels()}
    assert found["odd"] == (2, "red")
    assert found["unused"] == (0, "blue")
    assert found["kept"][0] == 1
    assert store.session(root).labels == ("kept", "odd")


def test_a_note_on_an_event_that_is_missing_is_a_fault(store):
    root = add_session(store, messages(2))
    store.notebook.mark(root, event(store, root, 1), "bookmark")
    with store.connections.write() as connection:
        connection.execute("UPDATE anchors SET event = event + 7")
    (fault,) = faults(store)
    assert (fault.where, "is missing" in fault.what) == ("log 1, event 8", True)


# Against a naive model


@dataclass(eq=False)
class Remark:
    """A note of the model; ``places``: the versions and positions on which it stands."""

    text: str
    places: list[tuple[str, int]] = field(default_factory=list)


@dataclass(eq=False)
class Cell:
    """An event of the model."""

    version: str
    at: int
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class Branch:
    """A session of the model."""

    id: str
    cells: list[Cell]
    lost: list[Remark] = field(default_factory=list)

    def seen(self) -> list[tuple[str, int | None]]:
        here = [(r.text, i) for i, cell in enumerate(self.cells) for r in cell.remarks]
        return sorted(here) + sorted((r.text, None) for r in self.lost)


def same_place(old: str, at: int, new: str) -> int | None:
    if new[: at + 1] == old[: at + 1] and len(new) > at:
        return at
    if old.count(old[at]) == new.count(old[at]) == 1:
        return new.index(old[at])
    return None


def rewritten(root: Branch, new: str) -> None:
    former = [remark for cell in root.cells for remark in cell.remarks]
    wanted = list(dict.fromkeys([*former, *root.lost]))
    root.cells = [Cell(new, at) for at in range(len(new))]
    root.lost = []
    for remark in wanted:
        for version, at in reversed(remark.places):
            place = same_place(version, at, new)
            if place is not None:
                root.cells[place].remarks.append(remark)
                remark.places.append((new, place))
                break
        else:
            root.lost.append(remark)


words = st.text("abc", min_size=1, max_size=6)
numbers = st.integers(0, 99)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("note"), numbers, numbers),
        st.tuples(st.just("fork"), numbers, numbers),
        st.tuples(st.just("rewrite"), words, numbers),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None)
@given(first=words, steps=steps)
def test_notes_are_where_a_naive_model_has_them(tmp_path_factory, first, steps):
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    path = store.path.with_name("file")
    source = write(store, first, path)
    root = Branch(store.followers(source)[0].id, [Cell(first, at) for at in range(len(first))])
    branches = [root]
    for number, (step, one, other) in enumerate(steps):
        if step == "rewrite":
            source = write(store, one, path, source)
            rewritten(root, one)
            continue
        branch = branches[one % len(branches)]
        at = other % len(branch.cells)
        if step == "note":
            store.notebook.mark(branch.id, event(store, branch.id, at), "label", f"l{number}")
            cell = branch.cells[at]
            cell.remarks.append(Remark(f"l{number}", [(cell.version, cell.at)]))
        else:
            fork, _ = store.fork(branch.id, at + 1, title="fork")
            branches.append(Branch(fork.id, branch.cells[: at + 1]))
    for branch in branches:
        told = seen(store, branch.id)
        assert (
            sorted(t for t in told if t[1] is not None)
            + sorted((text, index) for text, index in told if index is None)
            == branch.seen()
        )
    assert faults(store) == []
    store.close()
