from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scrubber.core.errors import StoreError
from scrubber.store import Store
from tests.store.making import add_session, faults, message, messages, texts

REPOSITORY = Path(__file__).parents[2]


def test_read_only_reads_and_refuses_to_write(store):
    session = add_session(store, messages(3))
    reading = Store(store.path, read_only=True)
    assert texts(reading, session) == ["message 0", "message 1", "message 2"]
    assert reading.totals(session).events == 3
    assert faults(reading) == []
    with pytest.raises(StoreError, match="for reading only"):
        reading.fork(session, 1, title="")
    reading.close()


def test_read_only_creates_no_file(tmp_path):
    with pytest.raises(StoreError, match="there is no store here"):
        Store(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_store_where_nothing_can_be_written_is_read(store, monkeypatch):
    session = add_session(store, messages(3))
    assert store.index.state() == (0, 3)
    store.close()
    beside = sorted(store.path.parent.iterdir())
    monkeypatch.setattr("scrubber.store.connection.os.access", lambda *_: False)
    reading = Store(store.path, read_only=True)
    assert texts(reading, session) == ["message 0", "message 1", "message 2"]
    assert reading.index.state() == (0, 3)
    assert sorted(store.path.parent.iterdir()) == beside
    reading.close()


def test_a_closed_store_says_so(store):
    store.sessions()
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.sessions()


def test_an_error_undoes_the_whole_transaction(store):
    session = add_session(store, messages(1))

    def fail_half_way() -> None:
        with store.connections.write():
            store.update(session, title="changed")
            store.fork(session, 1, title="")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert store.session(session).title == "made up"
    assert store.session(session).children == 0


def test_a_full_disk_is_a_store_error_and_leaves_the_store_whole(store):
    session = add_session(store, messages(1))
    connection = store.connections.get()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"):
        add_session(store, messages(5000))
    connection.execute("PRAGMA max_page_count = 4294967294")
    assert texts(store, session) == ["message 0"]
    assert faults(store) == []


def test_any_thread_may_read_and_write(store):
    session = add_session(store, messages(50))

    def work(number: int) -> list[str]:
        child, _ = store.fork(session, number, title=f"fork {number}")
        store.append(child.id, [(b"x", message(f"own {number}"))])
        return texts(store, child.id)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(40)))
    assert found == [
        [*(f"message {n}" for n in range(number)), f"own {number}"] for number in range(40)
    ]
    assert faults(store) == []


def test_a_reader_sees_a_whole_state_while_another_thread_writes(store):
    session = add_session(store, messages(1))

    def write() -> None:
        for number in range(60):
            store.append(session, [(b"x", message(str(number)))] * 3)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        seen = set()
        while not writing.done():
            seen.add((store.session(session).events - 1) % 3)
        writing.result()
    assert seen == {0}


def test_what_another_program_wrote_is_noticed(store):
    add_session(store, messages(1))
    before = store.data_version()
    other = Store(store.path)
    add_session(other, messages(1))
    other.close()
    assert store.data_version() != before
    assert len(store.sessions()) == 2


WRITE = """
import sys
from pathlib import Path
from scrubber.store import Store
from tests.store.making import message
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    store.append(sys.argv[2], [(b"x", message(f"{sys.argv[3]} {number}"))])
store.close()
"""


def test_two_programs_write_at_the_same_time(store):
    session = add_session(store, messages(1))
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(store.path), session, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
        )
        for name in "ab"
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        assert program.stdin is not None
        program.stdin.write(b"go\n")
        program.stdin.flush()
    for program in programs:
        program.communicate(timeout=60)
        assert program.returncode == 0
    words = texts(store, session)[1:]
    for name in "ab":
        mine = [word for word in words if word.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(40)]
    assert store.session(session).revision == 80
    assert faults(store) == []
