from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.core.errors import StoreError
from scrubber.store import blocks
from scrubber.store.block_writer import BLOCK_BYTES
from tests.store.making import add_session, faults, message, messages, read_log

if TYPE_CHECKING:
    from scrubber.store import Store

several = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
sizes = st.sampled_from([1, 2, 100, BLOCK_BYTES // 2 - 1, BLOCK_BYTES // 2, BLOCK_BYTES, 300_000])


def raw_record(size: int, number: int) -> bytes:
    """A record of this size, with line ends in it."""
    return (b"%d\n" % number * size)[:size]


def write(store: Store, records: list[bytes], commits: int = 1) -> int:
    """One source with these records, written in several batches."""
    source, writer = store.writer(None, "made-up", 1)
    step = max(len(records) // commits, 1)
    for number, raw in enumerate(records, 1):
        writer.add(raw, [message(str(number))])
        if number % step == 0:
            writer.commit({})
            writer = store.writer_of(store.source(source)) if number % 2 else writer
            known = [] if number % 2 == 0 else [message(str(n + 1)) for n in range(number)]
            writer.replay(known, {})
    writer.commit({})
    return source


@several
@given(st.lists(sizes, min_size=1, max_size=8), st.integers(1, 8))
def test_the_records_one_after_the_other_are_the_source(store, lengths, commits):
    records = [raw_record(size, number) for number, size in enumerate(lengths)]
    source = write(store, records, commits)
    assert list(store.records(source)) == records
    assert store.source(source).read_upto == sum(lengths)
    assert faults(store) == []


def test_the_first_records_only(store):
    source = write(store, [b"a", b"b", b"c"])
    assert list(store.records(source, 2)) == [b"a", b"b"]


@several
@given(st.lists(sizes, min_size=1, max_size=8))
def test_place_is_line_offset_and_size(store, lengths):
    records = [raw_record(size, number) for number, size in enumerate(lengths)]
    source = write(store, records)
    (log, _, length) = store.logs_of(source)[0]
    offsets = [0, *accumulate(lengths)]
    for event in read_log(store, log, length):
        place = store.place(event)
        start = offsets[event.record]
        assert (place.offset, place.size) == (start, lengths[event.record])
        assert place.line == b"".join(records)[:start].count(b"\n") + 1
        assert store.raw(event) == records[event.record]


def test_small_additions_go_on_with_the_last_block(store):
    source = write(store, [b"line %d\n" % n for n in range(40)], commits=40)
    assert len(list(store.pieces(source))) == 1


def test_a_full_block_is_left_alone(store):
    source = write(store, [b"x" * BLOCK_BYTES, b"y\n", b"z\n"], commits=3)
    assert [len(piece) for piece in store.pieces(source)] == [BLOCK_BYTES, 4]


def test_a_missing_record_is_named(store):
    source = write(store, [b"a", b"b"])
    event = read_log(store, store.logs_of(source)[0][0], 2)[1]
    with store.connections.write() as connection:
        connection.execute("DELETE FROM blocks")
    with pytest.raises(StoreError, match=f"record 1 of source {source}"):
        store.raw(event)


def test_a_block_number_that_is_used_again_does_not_give_the_former_block(store):
    """After a purge an id may stand for another block; what was cached must not show through."""
    session_source = write(store, [b"former\n"])
    (event,) = read_log(store, store.logs_of(session_source)[0][0], 1)
    assert store.raw(event) == b"former\n"
    store.purge()
    source = write(store, [b"later\n"])
    assert source == session_source
    (event,) = read_log(store, store.logs_of(source)[0][0], 1)
    assert store.raw(event) == b"later\n"


def test_a_block_that_is_packed_anew_while_it_is_looked_for_is_found(store, monkeypatch):
    """Between looking a block up and unpacking it, another program may add to its source."""
    session = add_session(store, messages(1))
    store.append(session, [(b"own 0", message("own 0"))])
    (_, event) = store.events(session)
    load = blocks.load
    calls: list[int] = []

    def meanwhile(connection, block, digest=None):
        if not calls:
            calls.append(block)
            store.append(session, [(b"own 1", message("own 1"))])
        return load(connection, block, digest)

    monkeypatch.setattr(blocks, "load", meanwhile)
    assert store.raw(event) == b"own 0"
    assert calls
