from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scrubber.core.session import SessionInfo, Spawn
from scrubber.store import Store
from tests.store.making import call, faults, message, messages, result

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a bit of everything, closed."""
    store = Store(tmp_path / "store.db")
    source, writer = store.writer(tmp_path / "file", "made-up", 1)
    for draft in [*messages(20), call("1"), result("1"), call("2"), message("end")]:
        writer.add(draft.text.encode() + b"\n", [draft])
    changes = writer.commit({"": SessionInfo(title="t", spawns={"a": Spawn(20, 21)})})
    store.finish(source, writer.read_upto, (1, 2, 3), b"", [])
    (session,) = changes.added
    child, _ = store.fork(session, 10, title="fork")
    store.append(child.id, [(b"own", message("own"))])
    assert faults(store) == []
    store.close()
    return store.path


def damage(path: Path, *statements: str) -> list[tuple[str, str]]:
    """What verify finds once somebody did this."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    store = Store(path)
    found = [(fault.where, fault.what) for fault in faults(store)]
    store.close()
    return found


EVENT_5 = f"{(1 << 32) + 5}"

DAMAGES = [
    ("UPDATE blocks SET data = x'00' WHERE id = 1", "source 1, records from 0", "unpacked"),
    ("UPDATE blocks SET digest = x'00' WHERE id = 1", "source 1, records from 0", "their hash"),
    ("UPDATE blocks SET ends = x'05000000' WHERE id = 1", "source 1, records from 0", "records"),
    (
        "UPDATE blocks SET ends = CAST(x'01' || substr(ends, 2) AS BLOB) WHERE id = 1",
        "source 1, records from 0",
        "their hash",
    ),
    ("UPDATE blocks SET offset = 7 WHERE id = 1", "source 1, records from 0", "does not begin"),
    ("UPDATE blocks SET lines = 7 WHERE id = 1", "source 1, records from 0", "does not begin"),
    ("UPDATE blocks SET size = 7 WHERE id = 1", "source 1, records from 0", "another size"),
    ("DELETE FROM blocks WHERE id = 1", "source 1", "0 records of 0 bytes, 24 of"),
    ("UPDATE sources SET records = 23 WHERE id = 1", "source 1", "24 records"),
    (f"DELETE FROM events WHERE id = {EVENT_5}", "log 1", "23 events are kept, 24 were written"),
    (f"UPDATE events SET record = 99 WHERE id = {EVENT_5}", "log 1, event 5", "record 99"),
    (f"UPDATE events SET marks = 1 WHERE id = {EVENT_5}", "log 1, event 5", "running totals"),
    (f"UPDATE events SET messages = 9 WHERE id = {EVENT_5}", "log 1, event 5", "running totals"),
    (f"UPDATE events SET kind = 5 WHERE id = {EVENT_5}", "log 1, event 5", "another event"),
    (f"UPDATE events SET ts = 1 WHERE id = {EVENT_5}", "log 1, event 5", "another event"),
    (f"UPDATE events SET ref = 99 WHERE id = {EVENT_5}", "log 1, event 5", "refers to event 99"),
    (f"UPDATE events SET role = 99 WHERE id = {EVENT_5}", "log 1", "not readable"),
    (f"UPDATE usage SET output = 99 WHERE id = {EVENT_5}", "log 1, event 5", "running totals"),
    (f"UPDATE usage SET sum_cost = 9 WHERE id = {EVENT_5}", "log 1, event 5", "running totals"),
    (f"UPDATE usage SET id = {EVENT_5} + 99 WHERE id = {EVENT_5}", "log 1", "1 rows of usage"),
    (f"UPDATE events SET id = id + {9 << 32} WHERE id = {EVENT_5}", "events", "belong to no log"),
    ("UPDATE columns SET data = x'00' WHERE log = 1", "log 1", "cannot be unpacked"),
    ("DELETE FROM columns WHERE log = 1", "log 1", "the timeline has 0 of 24"),
    ("UPDATE logs SET length = 25 WHERE id = 1", "log 1", "24 events are kept, 25"),
    ("UPDATE slices SET stop = 99 WHERE session = 1", "session 1", "slice 0…99"),
    ("UPDATE slices SET start = 3 WHERE session = 1", "session 1", "counts"),
    ("UPDATE slices SET output = 3 WHERE session = 2 AND first = 10", "session 2", "event 10"),
    ("UPDATE slices SET log = 9 WHERE session = 1", "slices row", "logs"),
    ("UPDATE sessions SET tokens = 3 WHERE pk = 1", "session 1", "counts"),
    ("UPDATE sessions SET parent = 2 WHERE pk = 1", "session 1", "below itself"),
    ("UPDATE sessions SET follows = 9 WHERE pk = 1", "sessions row", "logs"),
]


@pytest.mark.parametrize(("statement", "where", "what"), DAMAGES, ids=[d[0] for d in DAMAGES])
def test_each_kind_of_damage_is_found_and_named(path, statement, where, what):
    named = "UPDATE sessions SET id = pk"
    found = damage(path, named, statement)
    assert any(where in place and what in words for place, words in found), found


def test_a_flipped_bit_in_the_packed_bytes_is_found(path):
    with closing(sqlite3.connect(path)) as connection:
        (data,) = connection.execute("SELECT data FROM blocks WHERE id = 1").fetchone()
    spoilt = bytearray(data)
    spoilt[len(spoilt) // 2] ^= 1
    found = damage(path, f"UPDATE blocks SET data = x'{spoilt.hex()}' WHERE id = 1")
    assert found[0][0] == "source 1, records from 0"


def test_a_file_with_overwritten_pages_gives_faults_not_a_crash(path):
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 16384):
        data[page * 16384 + 8 : page * 16384 + 4000] = b"\xff" * 3992
    path.write_bytes(data)
    store = Store(path)
    found = faults(store)
    store.close()
    assert found
    assert found[0].where == "file"
