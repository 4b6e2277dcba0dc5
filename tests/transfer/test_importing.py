from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import CancelledError
from scrubber.transfer.progress import Progress
from tests.bench import corpus
from tests.transfer.comparing import events, everything, import_one, source_bytes

if TYPE_CHECKING:
    from pathlib import Path

LINES = corpus.lines("importing", 120, scale=0.05)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A session's file."""
    file = tmp_path / "session.jsonl"
    file.write_bytes(b"".join(LINES))
    return file


def test_a_new_file(store, path):
    (result,) = import_one(store, path)
    assert (result.status, result.format, result.source) == ("new", "claude-code", str(path))
    assert result.events == len(LINES) == len(store.events(result.session))
    assert result.messages == store.totals(result.session).messages > 0
    assert source_bytes(store, result.session) == path.read_bytes()
    assert [store.raw(event) for event in store.events(result.session)] == LINES


def test_each_event_leads_to_its_line(store, path):
    (result,) = import_one(store, path)
    for number, event in enumerate(store.events(result.session), 1):
        source, place = store.place(event)
        assert (source, place.line) == (str(path), number)


def test_an_unchanged_file_is_not_opened(store, path, monkeypatch):
    (first,) = import_one(store, path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    (again,) = store.import_paths([path])
    assert (again.session, again.status) == (first.session, "unchanged")
    assert again.events == first.events


def test_a_touched_file_is_unchanged(store, path):
    (first,) = import_one(store, path)
    path.touch()
    (again,) = import_one(store, path)
    assert (again.session, again.status) == (first.session, "unchanged")
    assert len(store.store.sources()) == 1


def test_an_extended_file(store, other, path):
    path.write_bytes(b"".join(LINES[:70]))
    (first,) = import_one(store, path)
    fork = store.fork(first.session, 50).session
    path.write_bytes(b"".join(LINES))
    (again,) = import_one(store, path)
    assert (again.session, again.status, again.events) == (first.session, "extended", 120)
    assert len(store.events(fork.id)) == 50
    import_one(other, path)
    assert events(store, again.session) == events(other, other.sessions()[0].id)
    assert len(store.store.sources()) == 1


def test_a_rewritten_file_is_a_new_version_of_its_session(store, other, path):
    (first,) = import_one(store, path)
    fork = store.fork(first.session, 100).session
    before = events(store, fork.id)
    path.write_bytes(b"".join(LINES[:10] + LINES[30:80]))
    (again,) = import_one(store, path)
    assert (again.session, again.status, again.events) == (first.session, "rewritten", 60)
    assert events(store, fork.id) == before
    assert store.session(fork.id).parent == first.session
    import_one(other, path)
    assert events(store, again.session) == events(other, other.sessions()[0].id)
    assert source_bytes(store, again.session) == path.read_bytes()
    assert len(store.sessions()) == 2


def test_a_rewritten_version_is_gone_on_with(store, path):
    (first,) = import_one(store, path)
    path.write_bytes(b"".join(LINES[5:80]))
    import_one(store, path)
    path.write_bytes(b"".join(LINES[5:]))
    (again,) = import_one(store, path)
    assert (again.session, again.status, again.events) == (first.session, "extended", 115)
    assert len(store.sessions()) == 1


def test_a_shortened_file_is_rewritten(store, path):
    (first,) = import_one(store, path)
    path.write_bytes(b"".join(LINES[:30]))
    (again,) = import_one(store, path)
    assert (again.session, again.status, again.events) == (first.session, "rewritten", 30)


def test_a_title_given_by_hand_stays(store, path):
    path.write_bytes(b"".join(LINES[:70]))
    (first,) = import_one(store, path)
    store.rename(first.session, "mine")
    path.write_bytes(b"".join(LINES) + b'{"type":"custom-title","customTitle":"theirs"}\n')
    import_one(store, path)
    assert store.session(first.session).title == "mine"


def test_a_deleted_session_comes_back_when_its_file_is_imported(store, path):
    (first,) = import_one(store, path)
    store.delete(first.session)
    (again,) = import_one(store, path)
    assert again.session == first.session
    assert [s.id for s in store.sessions()] == [first.session]


def test_one_bad_file_does_not_cost_the_others(store, path, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    path.rename(folder / "good.jsonl")
    (folder / "prose.json").write_text("no transcript")
    (folder / "notes.txt").write_text("not looked at")
    bad = tmp_path / "empty.jsonl"
    bad.touch()
    results = {r.source: r.status for r in store.import_paths([bad, folder])}
    assert results == {str(bad): "failed", str(folder / "good.jsonl"): "new"}


def test_a_reader_with_a_bug_costs_its_own_file_only(
    store, path, tmp_path, monkeypatch, expect_log
):
    expect_log("session.jsonl cannot be read")
    second = tmp_path / "second.jsonl"
    second.write_bytes(b"".join(corpus.lines("second", 5)))

    def stumble(path: Path, *_: object) -> None:
        raise KeyError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("scrubber.transfer.importing._read_all", stumble)
        (failed,) = store.import_paths([path])
    assert "a bug" in failed.warnings[0].reason
    assert store.store.sources() == []
    assert [r.status for r in store.import_paths([path, second])] == ["new", "new"]


def test_a_missing_path_is_an_error_before_anything_is_read(store, path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(store.import_paths([path, path.with_name("nowhere")]))
    assert store.sessions() == []


def test_a_wrong_format_can_be_taken_back(store, path):
    (first,) = import_one(store, path)
    before = events(store, first.session)
    list(store.import_paths([path], format="sharegpt"))
    (again,) = store.import_paths([path], format="claude-code")
    assert (again.session, again.status) == (first.session, "rewritten")
    assert events(store, again.session) == before


def test_an_unknown_format_names_those_there_are(store, path):
    (result,) = store.import_paths([path], format="cobol")
    assert result.status == "failed"
    assert "claude-code" in result.warnings[0].reason


def test_cancelling_keeps_what_was_done_and_is_taken_up(store, other, tmp_path):
    path = corpus.write(tmp_path / "large.jsonl", 30_000_000)
    import_one(other, path)

    progress = Progress(cancelled=lambda: bool(store.sessions()))
    with pytest.raises(CancelledError):
        list(store.import_paths([path], progress=progress))
    assert list(store.verify()) == []
    (half,) = store.sessions()
    assert 0 < half.events < other.sessions()[0].events
    (whole,) = import_one(store, path)
    assert (whole.session, whole.status) == (half.id, "extended")
    assert everything(store) == everything(other)


def test_progress_tells_bytes_files_and_sessions(store, path, tmp_path):
    second = tmp_path / "second.jsonl"
    second.write_bytes(b"".join(corpus.lines("second", 50)))
    told: list[tuple[int, int, str]] = []
    progress = Progress(report=lambda p: told.append((p.files, p.bytes, p.what)))
    list(store.import_paths([path, second], progress=progress))
    size = path.stat().st_size + second.stat().st_size
    assert (progress.bytes, progress.bytes_total) == (size, size)
    assert (progress.files, progress.files_total, progress.sessions) == (2, 2, 2)
    assert told[-1] == (2, size, "second.jsonl")
    assert progress.rate > 0


ODD = [
    {"type": "system", "subtype": "turn_duration", "durationMs": "long"},
    {"type": "user", "message": {"role": "user", "content": 7}},
    {"type": "assistant", "message": {"content": [None, 5, {"type": "tool_use", "input": [1]}]}},
    {
        "type": "assistant",
        "message": {"id": 1, "content": [], "usage": {"input_tokens": 2**64 - 1}},
    },
    {"type": ["list"], "uuid": {}, "parentUuid": 3, "timestamp": "yesterday"},
    {"type": "user", "timestamp": "0001-01-01T00:00:00+23:59", "message": {"content": [{}]}},
    {"type": "attachment", "attachment": [1]},
    {"type": "progress", "data": "x", "toolUseID": 4},
]


def test_odd_records_are_kept_and_cost_nothing_else(store, path):
    odd = b"".join(json.dumps(record).encode() + b"\n" for record in ODD)
    path.write_bytes(b"".join(LINES[:60]) + odd + b"".join(LINES[60:]))
    (result,) = import_one(store, path)
    assert result.events >= len(LINES) + len(ODD)
    assert source_bytes(store, result.session) == path.read_bytes()
    for event in store.events(result.session):
        store.content(event)


def test_native_can_be_asked_for_by_name(store, tmp_path, bundled_sample):
    (main, *_) = [r.session for r in store.import_paths([bundled_sample])]
    store.export_to(tmp_path / "snapshot.jsonl", main)
    assert [r.status for r in store.import_paths([tmp_path / "snapshot.jsonl"], "native")] == [
        "unchanged"
    ]
    transcript = next(bundled_sample.glob("*/*.jsonl"))
    (failed,) = store.import_paths([transcript], "native")
    assert failed.status == "failed"
    assert "1: not the header of a Scrubber snapshot" in failed.warnings[0].reason
