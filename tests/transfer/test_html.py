"""A whole tree as one page, from a store."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.formats.html.checking import check
from tests.transfer.comparing import import_one


@pytest.fixture
def root(store, bundled_sample):
    import_one(store, bundled_sample)
    (main,) = store.roots()
    return main


def page(store, session, **more):
    return check(b"".join(store.export(session, format="html", **more)))


def test_a_session_as_a_page(store, root):
    found = page(store, root.id)
    assert root.title in found.text
    assert f"e{root.events}" in found.ids
    assert found.all("section") == [{"id": "s1"}]


def test_a_tree_as_a_page(store, root):
    fork = store.fork(root.id, 12, title="another way").session
    deeper = store.fork(fork.id, 5, title="deeper").session
    found = page(store, root.id, tree=True)
    sections = {attrs["id"] for attrs in found.all("section")}
    assert sections == {"s1", "s2", "s3", "s4"}
    links = [str(attrs["href"]) for attrs in found.all("a")]
    assert links.count("#e12") >= 2  # its own number, and where the fork leaves
    assert "#e5" in links
    assert {"another way", "deeper"} <= set(found.text)
    assert store.session(deeper.id).parent == fork.id
    agents = [s for s in store.children(root.id) if s.relation == "subagent"]
    assert agents
    assert {agent.title for agent in agents} <= set(found.text)


def test_a_cut_tree_links_what_leaves_behind_the_cut(store, root):
    store.fork(root.id, 20, title="late")
    found = page(store, root.id, at=10, tree=True)
    assert "late" in found.text


def test_only_some_formats_hold_a_tree(store, root):
    with pytest.raises(ValueError, match="native or html"):
        store.export(root.id, format="markdown", tree=True)


def test_every_real_session_gives_a_sound_page(store, shared_data):
    folder = shared_data / "claude-code" / "claude-code-viewer"
    if not folder.is_dir():
        pytest.skip("no sessions there")
    import_one(store, folder)
    for session in store.roots():
        page(store, session.id, tree=True)


def test_a_page_is_written_in_bounded_memory(store, tmp_path):
    from tests.bench import corpus

    path = corpus.write(tmp_path / "large.jsonl", 6_000_000)
    (result,) = import_one(store, path)
    assert result.session is not None
    tracemalloc.start()
    try:
        size = sum(map(len, store.export(result.session, format="html")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 2_000_000
    assert peak < 12_000_000
