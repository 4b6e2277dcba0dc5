from __future__ import annotations

import shutil

import pytest

from scrubber.models.cursor import Cursor
from scrubber.models.live_tail import LiveTail
from scrubber.models.open_session import OpenSession
from tests.bench import corpus

LINES = corpus.lines("live tail", 40, scale=0.01)


@pytest.fixture
def path(store_path, tmp_path):
    from scrubber.api import open_store

    path = tmp_path / "growing" / "7c7bab45-16b2-4d3e-b3fc-f2e12538bf0c.jsonl"
    path.parent.mkdir()
    path.write_bytes(b"".join(LINES[:20]))
    with open_store(store_path) as store:
        store.import_paths([path])
    return path


@pytest.fixture
def tail(qtbot, path, library):
    cursor = Cursor()
    opened = OpenSession(library, cursor)
    tail = LiveTail(library, opened)
    tail._on_opened(library.store)
    qtbot.waitUntil(lambda: str(path) in tail._watcher.files())
    yield tail
    tail.close()
    for one in (tail, opened, cursor):
        one.deleteLater()


def append(path, lines):
    with path.open("ab") as stream:
        stream.write(b"".join(lines))


def test_a_session_grows_with_its_file(qtbot, library, store, path, tail):
    session = next(s for s in store.sessions() if s.source == str(path))
    for number in range(20, 40, 5):
        with qtbot.waitSignal(library.changed) as changed:
            append(path, LINES[number : number + 5])
        assert changed.args[0].changed == {session.id}
    assert store.session(session.id).events > session.events
    assert list(store.verify()) == []


def test_a_sub_agent_that_comes_beside_it_is_read(qtbot, library, store, path, tail):
    folder = path.with_suffix("") / "subagents"
    folder.mkdir(parents=True)
    (folder / "agent-abc.jsonl").write_bytes(
        b"".join(
            line.replace(b'"isSidechain":false', b'"isSidechain":true,"agentId":"abc"')
            for line in LINES[:5]
        )
    )
    tail._looks = 0
    with qtbot.waitSignal(tail.grew) as grew:
        tail._look()
    assert len(grew.args[0].added) == 1


def test_it_can_be_turned_off(qtbot, library, path, tail):
    tail.set_on(False)
    assert not tail.is_on
    with qtbot.assertNotEmitted(library.changed, wait=200):
        append(path, LINES[20:25])
    with qtbot.waitSignal(library.changed):
        tail.set_on(True)


def test_a_file_put_in_its_place_is_followed(qtbot, library, store, path, tail, tmp_path):
    fresh = tmp_path / "fresh.jsonl"
    fresh.write_bytes(b"".join(LINES[:30]))
    with qtbot.waitSignal(library.changed):
        shutil.move(fresh, path)
    qtbot.waitUntil(lambda: str(path) in tail._watcher.files())
    with qtbot.waitSignal(library.changed):
        append(path, LINES[30:])
    assert list(store.verify()) == []
