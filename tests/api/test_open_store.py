from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import scrubber
from scrubber.api import default_store_path
from scrubber.core.errors import ConflictError, StoreError
from scrubber.core.events import Kind, Origin
from scrubber.core.lint import INTERRUPTED

REPOSITORY = Path(__file__).parents[2]


def first(store, session, kind) -> int:
    """The index of the first event of a kind."""
    return int(next(event.index for event in store.events(session) if event.kind is kind))


def test_the_default_place_is_that_of_the_environment(home, monkeypatch):
    assert default_store_path() == home / "scrubber" / "store.db"
    with scrubber.open_store() as store:
        assert store.path == default_store_path()
    monkeypatch.delenv("SCRUBBER_STORE")
    assert default_store_path().is_relative_to(home)
    assert default_store_path().name == "scrubber.db"


def test_importing_the_package_imports_neither_qt_nor_a_database():
    code = (
        "import sys, scrubber\n"
        "assert not {'sqlite3', 'orjson', 'PySide6'} & set(sys.modules)\n"
        "scrubber.open_store\n"
        "assert not {'PySide6', 'sqlite_utils'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True)


def test_the_store_is_closed_at_the_end_of_the_block(tmp_path):
    with scrubber.open_store(os.fspath(tmp_path / "store.db")) as store:
        assert store.sessions() == []
    with pytest.raises(StoreError, match="closed"):
        store.sessions()


def test_contents_and_records_belong_together(store, session):
    for event in store.events(session, 0, 60):
        content = store.content(event)
        if event.kind is Kind.MESSAGE:
            assert content.text[:20].split()[:2] == event.text.split()[:2]
        path, place = store.place(event)
        assert path is not None
        with Path(path).open("rb") as stream:
            stream.seek(place.offset)
            assert stream.read(place.size) == store.raw(event)


def test_a_fork_is_named_by_its_place_unless_it_has_a_title(store, session):
    assert store.fork(session, 0).session.title == "0 · from the start"
    assert store.fork(session, 5).session.title.startswith("5 · after ")
    assert store.fork(session, 5, title="mine", note="why").session.title == "mine"


def test_an_open_call_is_told_and_can_be_snapped_or_answered(store, session):
    at = first(store, session, Kind.TOOL_CALL) + 1
    verdict = store.lint(session, at)
    assert [problem.code for problem in verdict.problems][:1] == ["open_call"]

    kept = store.fork(session, at, repair="none").session
    assert kept.events == at
    snapped = store.fork(session, at, repair="snap").session
    assert snapped.events == verdict.snap_to < at
    assert store.lint(snapped.id, snapped.events).problems == ()

    closed = store.fork(session, at, repair="interrupt").session
    assert (closed.events, closed.forked_at) == (at + len(verdict.open_calls), at)
    answer = store.events(closed.id)[-1]
    assert (answer.kind, answer.origin) == (Kind.TOOL_RESULT, Origin.SYNTHETIC)
    assert store.content(answer).text == INTERRUPTED
    assert store.totals(closed.id).open_calls == 0
    assert list(store.verify()) == []


def test_snapping_always_ends_at_a_closed_cut(store, session):
    for at in range(store.session(session).events + 1):
        to = store.lint(session, at).snap_to
        assert to <= at
        assert store.lint(session, to).snap_to == to
        assert store.totals(session, to).open_calls == 0


def test_a_repeat_answers_open_calls_once(store, session):
    at = first(store, session, Kind.TOOL_CALL) + 1
    once = store.fork(session, at, repair="interrupt", key="k").session
    again = store.fork(session, at, repair="interrupt", key="k").session
    assert again == once
    with pytest.raises(ConflictError, match="'k'"):
        store.fork(session, at, repair="none", key="k")
    assert store.session(once.id) == once


@pytest.mark.parametrize(
    ("call", "culprit"),
    [
        (lambda store, one: store.fork(one, 5, repair="glue"), "'glue'"),
        (lambda store, one: store.fork(one, 201), "201"),
        (lambda store, one: store.lint(one, -1), "-1"),
        (lambda store, one: store.rename(one, "  "), "title"),
        (lambda store, one: store.export(one, format="cobol"), "'cobol'"),
        (lambda store, one: store.export(one, 999), "999"),
        (lambda store, one: store.export(one, format="source", tree=True), "--tree"),
    ],
)
def test_a_bad_argument_is_a_value_error_that_names_it(store, session, call, culprit):
    with pytest.raises(ValueError, match=culprit):
        call(store, session)
    assert len(store.sessions()) == 1


def test_export_writes_a_whole_private_file_or_none(store, session, tmp_path):
    target = tmp_path / "deep" / "copy.jsonl"
    size = store.export_to(target, session, format="source")
    assert target.stat().st_size == size
    assert target.read_bytes() == (tmp_path / "session.jsonl").read_bytes()
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError, match=r"copy\.jsonl"):
        store.export_to(target, session)
    with store.store.connections.write() as connection:
        connection.execute("UPDATE blocks SET data = x'00'")
    with pytest.raises(StoreError, match="damaged"):
        store.export_to(tmp_path / "broken", session, format="source")
    assert {path.name for path in target.parent.iterdir()} == {"copy.jsonl"}
    assert not (tmp_path / "broken").exists()


def test_formats_are_told_with_what_they_can_do(store):
    known = {name: (reads, writes) for name, _, reads, writes in store.formats()}
    assert known["claude-code"] == (True, True)
    assert known["markdown"] == (False, True)
    assert "scrubber" not in known


def test_sessions_of_agents_are_found_where_they_keep_them(store, home):
    assert store.found() == []
    project = home / ".claude" / "projects" / "-x"
    project.mkdir(parents=True)
    (project / "s.jsonl").write_bytes(b"12345")
    (found,) = store.found()
    assert (found.format, found.bytes, len(found.files)) == ("claude-code", 5, 1)


def test_deleting_restoring_purging(store, session):
    child = store.fork(session, 5).session
    assert [one.id for one in store.dependents(session)] == [child.id]
    assert store.delete(session).removed == {session, child.id}
    assert store.sessions() == []
    store.restore(session)
    assert {one.id for one in store.sessions()} == {session, child.id}
    store.delete(session)
    assert store.purge() > 0
    assert list(store.verify()) == []
