"""Going on with a file: its bytes are compared with those that the store has."""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.api import open_store
from scrubber.core.errors import CancelledError, StoreError
from scrubber.store import packing, press, writer
from scrubber.transfer.feeding import OutOfStepError, Prefix
from scrubber.transfer.progress import Progress
from tests.bench import corpus
from tests.transfer.comparing import import_one, source_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore

cuts = st.lists(st.integers(0, 40), max_size=6)
LINES = corpus.lines("feeding", 200)


def pieces(data: bytes, at: list[int]) -> list[bytes]:
    """The data cut at these places."""
    places = [0, *sorted(at), len(data)]
    return [data[start:stop] for start, stop in pairwise(places) if start < stop]


@given(cuts, cuts, st.integers(0, 40))
def test_the_same_bytes_pass_however_they_are_cut_and_others_do_not(kept, read, spoilt):
    data = bytes(range(40))
    prefix = Prefix(iter(pieces(data, kept)))
    for piece in pieces(data[:spoilt], read):
        prefix.check(piece)
    with pytest.raises(OutOfStepError):
        prefix.check(b"\xff")


def test_a_store_that_cannot_be_read_is_no_prefix():
    def damaged() -> Iterator[bytes]:
        yield b"good"
        raise StoreError("the store is damaged")

    prefix = Prefix(damaged())
    prefix.check(b"go")
    with pytest.raises(OutOfStepError):
        prefix.check(b"od, bad")


@pytest.fixture
def begun(store: OpenStore, tmp_path: Path) -> Path:
    """A file of several blocks that was imported before its last lines were written."""
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:-5]))
    import_one(store, path)
    return path


def grow(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"".join(LINES[-5:]))


def test_a_store_of_before_with_other_hashes_is_gone_on_with(store, begun):
    with store.store.connections.write() as connection:
        rows = connection.execute("SELECT id, data FROM blocks").fetchall()
        assert len(rows) > 3
        for block, data in rows:
            former = blake2b(packing.decompress(data), digest_size=16).digest()
            connection.execute("UPDATE blocks SET digest = ? WHERE id = ?", (former, block))
    assert list(store.verify()) == []
    grow(begun)
    assert [result.status for result in import_one(store, begun)] == ["extended"]
    assert list(store.verify()) == []
    assert source_bytes(store, store.sessions()[0].id) == begun.read_bytes()


def test_what_is_damaged_in_the_store_is_read_anew_when_the_file_grows(store, begun):
    with store.store.connections.write() as connection:
        connection.execute("UPDATE blocks SET data = zeroblob(100) WHERE id = 2")
    assert [fault.where[:9] for fault in store.verify()][:1] == ["source 1,"]
    grow(begun)
    assert [result.status for result in store.import_paths([begun])] == ["rewritten"]
    (session,) = store.sessions()
    assert source_bytes(store, session.id) == begun.read_bytes()


@pytest.mark.parametrize("at", [0, 200_000, -1])
def test_a_byte_that_is_another_makes_it_another_file(store, begun, at):
    data = bytearray(begun.read_bytes())
    data[at] ^= 1
    begun.write_bytes(data)
    grow(begun)
    assert [result.status for result in import_one(store, begun)] == ["rewritten"]


def test_a_session_can_be_read_while_the_rest_of_its_file_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_BATCH_BYTES", 100_000)
    path = corpus.write(tmp_path / "session.jsonl", 1_000_000)
    seen: list[tuple[int, str]] = []
    with open_store(tmp_path / "store.db") as store, open_store(tmp_path / "store.db") as other:

        def look(_now: Progress) -> None:
            for session in other.sessions():
                (last,) = other.events(session.id, session.events - 1)
                seen.append((session.events, other.content(last).text))

        store.import_paths([path], progress=Progress(report=look))
        (whole,) = store.sessions()
        texts = [store.content(event).text for event in store.events(whole.id)]
    assert seen == [(length, texts[length - 1]) for length, _ in seen]
    lengths = sorted({length for length, _ in seen})
    assert len(lengths) > 5
    assert lengths[0] < whole.events / 5
    assert lengths[-1] == whole.events


def test_a_cancelled_import_leaves_no_thread_and_is_taken_up(store, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_BATCH_BYTES", 1_000_000)
    monkeypatch.setattr(press, "_TOGETHER", 300_000)
    path = corpus.write(tmp_path / "session.jsonl", 3_000_000)
    seen: list[int] = []
    progress = Progress(
        report=lambda now: seen.append(now.bytes), cancelled=lambda: sum(seen) > 1_000_000
    )
    with pytest.raises(CancelledError):
        store.import_paths([path], progress=progress)
    assert 0 < store.sessions()[0].events < len(path.read_bytes().splitlines())
    import_one(store, path)
    assert source_bytes(store, store.sessions()[0].id) == path.read_bytes()
