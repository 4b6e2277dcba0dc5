"""Every real Claude Code file imports, keeps its bytes, and stands up to every check."""

from __future__ import annotations

from tests.transfer.comparing import import_one, source_bytes


def test_every_file_imports_and_exports_to_its_bytes(store, shared_data):
    folder = shared_data / "claude-code"
    results = import_one(store, folder)
    files = {path for path in folder.rglob("*.jsonl") if path.stat().st_size}
    assert {result.source for result in results} == {str(path) for path in files}
    assert all(result.events for result in results)
    for source in store.store.sources():
        kept = b"".join(store.store.records(source.id)) + source.pending
        assert source.path is not None
        assert kept == (folder / source.path).read_bytes(), source.path
    for session in store.sessions():
        if session.relation != "subagent":
            assert source_bytes(store, session.id) == (folder / str(session.source)).read_bytes()


def test_a_second_time_nothing_happens(store, shared_data):
    folder = shared_data / "claude-code" / "claude-code-viewer"
    import_one(store, folder)
    before = store.sessions()
    assert {result.status for result in import_one(store, folder)} == {"unchanged"}
    assert store.sessions() == before


def test_the_sample_that_comes_with_the_program(store, bundled_sample):
    results = import_one(store, bundled_sample)
    assert len(results) == 2
    assert results[0].warnings == ()
    (main,) = store.roots()
    (agent,) = store.children(main.id)
    assert agent.forked_at is not None
    assert store.events(main.id)[agent.forked_at].name in ("Task", "Agent")
