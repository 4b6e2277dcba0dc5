"""Forks that an agent wrote to files of their own hang below their parents."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.transfer.comparing import import_one
from tests.transfer.test_subagents import record, write

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore

PARENT, FORK, DEEPER = (f"5e551000-0000-4000-8000-00000000000{n}" for n in range(1, 4))


def told() -> list[dict[str, Any]]:
    """A conversation with a record that copies leave out, and a text that is said three times."""
    said = [record(0, "user", "go on"), record(1, "assistant", [{"type": "text", "text": "one"}])]
    said.append({"type": "queue-operation", "operation": "enqueue", "content": "go on"})
    said += [record(2, "user", "go on"), record(3, "assistant", [{"type": "text", "text": "two"}])]
    return [*said, record(4, "user", "go on")]


def copied(records: list[dict[str, Any]], parent: str) -> list[dict[str, Any]]:
    return [
        {**one, "forkedFrom": {"sessionId": parent, "messageUuid": one["uuid"]}}
        for one in records
        if "uuid" in one
    ]


def files(folder: Path) -> list[Path]:
    """A session, a fork of its first four events, and a fork of all of that fork."""
    own = [record(50, "user", "another way")]
    first = [*copied(told()[:4], PARENT), *own]
    second = [*copied(first, FORK), record(60, "user", "and another")]
    for one in (told(), first, second):
        assert all(isinstance(line, dict) for line in one)
    names = {PARENT: told(), FORK: first, DEEPER: second}
    return [write(folder / f"{name}.jsonl", lines) for name, lines in names.items()]


def check(store: OpenStore) -> None:
    (parent,) = store.roots()
    (fork,) = store.children(parent.id)
    (deeper,) = store.children(fork.id)
    assert [s.native_id for s in (parent, fork, deeper)] == [PARENT, FORK, DEEPER]
    assert (fork.relation, fork.forked_at, fork.events) == ("fork", 4, 4)
    assert (deeper.relation, deeper.forked_at, deeper.events) == ("fork", 4, 5)
    assert [mark.index for mark in store.track(parent.id).forks] == [4]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_any_order(store, tmp_path, order):
    paths = files(tmp_path / "project")
    for number in order:
        import_one(store, paths[number])
    check(store)


def test_a_fork_whose_parent_is_missing_stands_by_itself(store, tmp_path):
    _, fork, deeper = files(tmp_path / "project")
    import_one(store, fork, deeper)
    (root,) = store.roots()
    assert (root.relation, root.native_id, root.parent, root.forked_at) == ("fork", FORK, None, 3)
    assert root.children == 1


def test_a_fork_of_what_its_parent_does_not_say_has_no_place_in_it(store, tmp_path):
    parent, fork, _ = files(tmp_path / "project")
    write(parent, [record(0, "user", "something else")])
    import_one(store, parent, fork)
    (root,) = store.roots()
    (child,) = store.children(root.id)
    assert (child.relation, child.forked_at) == ("fork", None)
    assert store.track(root.id).forks == ()
    assert list(store.verify()) == []


def test_forks_that_name_each_other_do_not_vanish(store, tmp_path):
    one = write(tmp_path / f"{PARENT}.jsonl", copied(told(), FORK))
    two = write(tmp_path / f"{FORK}.jsonl", copied(told(), PARENT))
    import_one(store, one, two)
    assert len(store.roots()) == 1
    assert len(store.dependents(store.roots()[0].id)) == 1


def test_a_fork_that_grows_while_its_parent_is_missing(store, tmp_path):
    parent, fork, _ = files(tmp_path / "project")
    whole = fork.read_bytes()
    fork.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    import_one(store, fork)
    assert store.roots()[0].forked_at == 2
    fork.write_bytes(whole)
    import_one(store, fork)
    assert store.roots()[0].forked_at == 3
    import_one(store, parent)
    assert store.children(store.roots()[0].id)[0].forked_at == 4
