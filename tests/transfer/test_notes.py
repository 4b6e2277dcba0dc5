"""Notes and real files: read again, rewritten, cut, cleared away."""

from __future__ import annotations

import shutil

import pytest

from tests.transfer.comparing import import_one

REAL = (
    "git-ai-fixtures/example-claude-code.jsonl",
    "pi/pi-mono/*.jsonl",
    "codex/EntityProcess_agentv/*.jsonl",
    "copilot-cli/EntityProcess_agentv/*.jsonl",
)


@pytest.fixture(params=REAL)
def real_file(request, shared_data, tmp_path):
    found = sorted(shared_data.glob(request.param), key=lambda path: path.stat().st_size)
    path = tmp_path / "real.jsonl"
    shutil.copy(found[0], path)
    return path


def noted(store, session):
    return {note.text: note.index for note in store.notes.of(session)}


def test_a_real_file_that_lost_a_line_keeps_all_other_notes(store, real_file):
    session = str(import_one(store, real_file)[0].session)
    lines = real_file.read_bytes().splitlines(keepends=True)
    events = store.events(session)
    by_record = {event.record: event for event in events if event.part >= 0}
    for record, event in by_record.items():
        store.notes.write(session, event.index, f"r{record}")
    fork = store.fork(session, len(events)).session
    gone = sorted(by_record)[len(by_record) * 2 // 3]
    real_file.write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    statuses = {result.status for result in import_one(store, real_file)}
    assert statuses & {"rewritten", "new"}
    after = noted(store, session)
    assert after[f"r{gone}"] is None
    for text, index in after.items():
        if index is None:
            continue
        event = store.events(session, index, index + 1)[0]
        assert store.raw(event) == lines[int(text[1:])]
    in_front = [record for record in by_record if record < gone]
    assert in_front
    assert all(after[f"r{record}"] is not None for record in in_front)
    assert noted(store, fork.id) == {f"r{r}": e.index for r, e in by_record.items()}
    assert list(store.verify()) == []


def test_a_file_that_grows_or_is_read_by_a_newer_reader_keeps_them(
    store, shared_data, tmp_path, monkeypatch
):
    from scrubber.formats import registry

    whole = (shared_data / "git-ai-fixtures" / "example-claude-code.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines[: len(lines) // 2]))
    session = str(import_one(store, path)[0].session)
    for event in store.events(session):
        store.notes.label(session, event.index, f"#{event.index}")
    before = noted(store, session)
    path.write_bytes(whole)
    import_one(store, path)
    assert noted(store, session) == before
    reader = registry.get("claude-code")
    monkeypatch.setattr(type(reader), "version", reader.version + 1)
    (result,) = import_one(store, path)
    assert result.status == "rewritten"
    assert noted(store, session) == before
