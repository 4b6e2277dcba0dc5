"""The graph of lash (seed-systems, 4a and 4g); each test names the rule that it holds."""

from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError, ConflictError
from scrubber.core.slices import Slice, SliceList
from scrubber.sessions.graph import Residency, family
from scrubber.sessions.nodes import ROOT, Tree
from scrubber.store.verify import verify
from tests.sessions.made import add, said, texts


@pytest.fixture
def session(store, runtime):
    opened = runtime.open("s")
    add(store, opened, "a", "b", "c", "d")
    return opened


def named(graph, *words):
    """The ids of the nodes with these texts, wherever they are."""
    found = {node.event.text: node.id for _, node in graph.message_tree()}
    return [found[word] for word in words]


def test_the_active_path_is_the_leaf_and_what_is_above_it(store, runtime, session):
    graph = runtime.graph(session)
    assert [graph.node(id).event.text for id in graph.path_ids()] == ["a", "b", "c", "d"]
    assert graph.leaf == graph.path_ids()[-1]
    assert [graph.node(id).parent for id in graph.path_ids()] == [None, *graph.path_ids()[:-1]]
    assert graph.node(graph.leaf).depth == len(graph) == 4


def test_branch_to_moves_the_leaf_only_and_nothing_is_known_of_it_until_a_commit(
    store, runtime, session
):
    graph = runtime.graph(session)
    graph.branch_to(named(graph, "b")[0])
    assert len(graph.active_path()) == 2
    assert texts(store, session) == ["a", "b", "c", "d"]
    assert runtime.graph(session).leaf != graph.leaf
    assert graph.commit_leaf().events == 2
    assert texts(store, session) == ["a", "b"]


def test_branch_to_none_is_an_empty_conversation(store, runtime, session):
    graph = runtime.graph(session)
    graph.branch_to(None)
    assert (graph.leaf, graph.path_ids()) == (None, [])
    graph.commit_leaf()
    assert texts(store, session) == []
    assert len(runtime.graph(session)) == 4


def test_a_leaf_that_there_is_not_is_refused_where_lash_takes_any(runtime, session):
    graph = runtime.graph(session)
    for id in ("m1", "1:99", "99:0", "1:0:2", "1:0:0", ""):
        with pytest.raises(BadArgumentError, match="no node has the id"):
            graph.branch_to(id)


def test_nodes_off_the_path_are_kept_and_can_be_gone_back_to(store, runtime, session):
    graph = runtime.graph(session)
    (b,) = named(graph, "b")
    graph.branch_to(b)
    graph.commit_leaf()
    add(store, session, "x", "y")
    graph = runtime.graph(session)
    assert len(graph) == 6
    assert [graph.node(child).event.text for child in graph.children(b)] == ["c", "x"]
    assert graph.forks() == [b]
    assert sorted(leaf.event.text for leaf in graph.leaves()) == ["d", "y"]
    graph.branch_to(named(graph, "d")[0])
    graph.commit_leaf()
    assert texts(store, session) == ["a", "b", "c", "d"]
    assert len(runtime.graph(session)) == 6
    assert list(verify(store.store.connections.get())) == []


def test_ids_stay_what_they_are_when_the_session_goes_on(store, runtime, session):
    before = runtime.graph(session)
    ids = dict(zip("abcd", before.path_ids(), strict=True))
    before.branch_to(ids["a"])
    before.commit_leaf()
    add(store, session, "x")
    graph = runtime.graph(session)
    assert {node.event.text: node.id for _, node in graph.message_tree()}.items() >= ids.items()


def test_an_event_that_stands_in_two_places_is_two_nodes_numbered_as_lash_does(
    store, runtime, session
):
    draft, content = said("B")
    from scrubber.formats import own

    store.store.replace(session, 1, 2, [(own.encode(draft, content), draft)])
    graph = runtime.graph(session)
    assert texts(store, session) == ["a", "B", "c", "d"]
    assert len(graph) == 4 + 3
    first, _, c, d = graph.path_ids()
    assert (c.count(":"), c[-2:], d[-2:]) == (2, ":2", ":2")
    assert graph.node(c.removesuffix(":2")).event == graph.node(c).event
    assert graph.node(c.removesuffix(":2")).parent != graph.node(c).parent
    assert len(graph.children(first)) == 2


def test_a_leaf_is_not_committed_over_what_somebody_else_did(store, runtime, session):
    graph = runtime.graph(session)
    graph.branch_to(named(graph, "a")[0])
    add(store, session, "e")
    assert not graph.is_current
    with pytest.raises(ConflictError, match="expected revision"):
        graph.commit_leaf()
    assert texts(store, session)[-1] == "e"
    graph.refresh()
    assert graph.is_current
    assert graph.node(graph.leaf).event.text == "e"


def test_a_session_that_grows_with_its_file_is_not_moved(store, runtime, bundled_sample):
    imported = store.import_paths(bundled_sample)[0].session
    graph = runtime.graph(imported)
    graph.branch_to(graph.path_ids()[3])
    with pytest.raises(BadArgumentError, match="is what its file says: fork it"):
        graph.commit_leaf()
    assert graph.fork_current_path().events == 4


def test_replacing_what_is_read_keeps_the_longest_beginning_and_adds_a_branch(
    store, runtime, session
):
    graph = runtime.graph(session)
    old = graph.path_ids()
    graph.replace_read_state([said("a"), said("b"), said("C"), said("D")])
    assert texts(store, session) == ["a", "b", "C", "D"]
    assert runtime.graph(session).path_ids()[:2] == old[:2]
    assert len(runtime.graph(session)) == 6
    assert [graph.node(id).event.text for id in graph.children(old[1])] == ["c", "C"]
    graph.replace_read_state([said("a"), said("b")])
    assert texts(store, session) == ["a", "b"]


def test_forking_takes_the_active_path_only_and_copies_no_event(store, runtime, session):
    graph = runtime.graph(session)
    (b,) = named(graph, "b")
    graph.branch_to(b)
    graph.commit_leaf()
    add(store, session, "x")
    graph = runtime.graph(session)
    before = store.store.connections.get().execute("SELECT count(*) FROM events").fetchone()
    here = graph.fork_current_path()
    graph.branch_to(named(graph, "d")[0])
    there = graph.fork_current_path("off the path")
    assert store.store.connections.get().execute("SELECT count(*) FROM events").fetchone() == before
    assert texts(store, here.id) == ["a", "b", "x"]
    assert texts(store, there.id) == ["a", "b", "c", "d"]
    assert (there.parent, there.forked_at, there.title) == (session, 2, "off the path")
    assert len(runtime.graph(here.id)) == 3
    add(store, there.id, "mine")
    assert texts(store, session) == ["a", "b", "x"]
    assert list(verify(store.store.connections.get())) == []


def test_the_message_tree_has_siblings_by_time(store, runtime):
    session = runtime.open()
    add(store, session, said("root", ts=1), said("late", ts=9))
    graph = runtime.graph(session)
    graph.branch_to(graph.path_ids()[0])
    graph.commit_leaf()
    add(store, session, said("early", ts=5), said("below", ts=6))
    told = [(level, node.event.text) for level, node in runtime.graph(session).message_tree()]
    assert told == [(0, "root"), (1, "early"), (1, "below"), (1, "late")]


def test_residency_keeps_all_paths_or_the_active_one(store, runtime, session):
    graph = runtime.graph(session)
    (b, d) = named(graph, "b", "d")
    graph.branch_to(b)
    graph.commit_leaf()
    slim = runtime.graph(session, "active_path_only")
    assert (len(slim), len(runtime.graph(session))) == (2, 4)
    with pytest.raises(BadArgumentError):
        slim.branch_to(d)
    assert runtime.graph(session).residency is Residency.KEEP_ALL


def test_a_read_view_stays_what_it_is(store, runtime, session):
    view = runtime.read_view(session)
    graph = runtime.graph(session)
    graph.branch_to(None)
    graph.commit_leaf()
    add(store, session, "other")
    assert [event.text for event in view.events()] == ["a", "b", "c", "d"]
    assert [message.items[0][1].text for message in view.messages()] == ["a", "b", "c", "d"]
    assert (view.revision < store.session(session).revision, len(view)) == (True, 4)


def test_a_tree_of_sessions_is_a_graph_as_it_stands(store, runtime, session):
    one = store.fork(session, 2).session.id
    add(store, one, "x")
    two = store.fork(one, 3).session.id
    add(store, two, "y")
    add(store, session, "e")
    tree, ends = family(store.store, session)
    assert len(tree) == 7
    paths = {name: tree.path(tree.place(end)) for name, end in ends.items()}
    assert paths == {name: store.store.slices(name) for name in (session, one, two)}


def test_lash_loads_a_graph_with_a_missing_leaf_here_none_can_be_missing(store, runtime, session):
    # lash heals a leaf that is gone on loading. Here the leaf is the end of the session's slices,
    # which refer to rows that exist: `verify` tells of a slice that does not.
    rows = store.store.connections.get()
    log = store.store.slices(session).slices[0].log
    rows.execute("UPDATE slices SET stop = 99 WHERE log = ?", (log,))
    assert any("slice" in fault.what or "log" in fault.what for fault in verify(rows))


def test_a_tree_of_nothing_is_empty():
    tree = Tree()
    assert (len(tree), tree.add(SliceList()), list(tree.leaves()), list(tree.forks())) == (
        0, ROOT, [], [],
    )  # fmt: skip
    assert tree.children(ROOT) == []
    assert tree.path(ROOT) == SliceList()
    tree.add(SliceList([Slice(1, 0, 2)]))
    tree.add(SliceList([Slice(2, 0, 1)]))
    assert list(tree.forks()) == [ROOT]
