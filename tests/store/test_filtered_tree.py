from __future__ import annotations

from random import Random

import pytest

from tests.store.making import add_session, messages

Forest = dict[str, tuple[str | None, bool]]


def forest(store, seed: int, count: int = 24) -> Forest:
    """Sessions at random places in trees: (parent, whether its title fits) of each."""
    random = Random(seed)
    known: Forest = {}
    with store.connections.write() as connection:
        for number in range(count):
            fits = random.random() < 0.5
            name = add_session(store, messages(1), title=f"{'red' if fits else 'blue'} {number}")
            parent = random.choice([None, *known]) if random.random() < 0.8 else None
            connection.execute(
                "UPDATE sessions SET parent = (SELECT pk FROM sessions WHERE id = ?) WHERE id = ?",
                (parent, name),
            )
            known[name] = (parent, fits)
    return known


def nearest(known: Forest, name: str) -> str | None:
    """The next ancestor that fits."""
    above = known[name][0]
    while above is not None and not known[above][1]:
        above = known[above][0]
    return above


@pytest.mark.parametrize("seed", range(6))
def test_children_hang_below_the_nearest_ancestor_that_is_shown(store, seed):
    known = forest(store, seed)
    shown = [name for name, (_, fits) in known.items() if fits]
    below: dict[str | None, set[str]] = {name: set() for name in (None, *shown)}
    for name in shown:
        below[nearest(known, name)].add(name)
    top = store.filtered_page("RED", "updated", 0, 99)
    assert {session.id for session in top} == below[None]
    for name in shown:
        found = store.filtered_children(name, "RED")
        assert {session.id for session in found} == below[name]
        for session in (*top, *found):
            assert session.children == len(below[session.id])


def test_pages_follow_each_other(store):
    forest(store, 1)
    whole = store.filtered_page("red", "title", 0, 99)
    pages = [store.filtered_page("red", "title", start, 3) for start in range(0, len(whole), 3)]
    assert [session for page in pages for session in page] == whole


def test_what_was_put_away_is_left_out(store):
    session = add_session(store, messages(3), title="red")
    fork, _ = store.fork(session, 2, title="red fork")
    store.trash(fork.id)
    (found,) = store.filtered_page("red", "updated", 0, 9)
    assert (found.id, found.children) == (session, 0)
    assert store.filtered_children(session, "red") == []
