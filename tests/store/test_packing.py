from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from threading import Thread

import pytest

from scrubber.core.errors import StoreError
from scrubber.store import packing

FRAME_HEADER = 9
DATA = b"one line\nand another\n" * 1000
ENDS = packing.pack_numbers([9, len(DATA)])


def test_what_was_packed_is_unpacked_in_any_thread():
    packed = packing.compress(DATA)
    assert len(packed) < len(DATA) / 10
    found = []
    threads = [Thread(target=lambda: found.append(packing.decompress(packed))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DATA] * 3
    assert packing.compress(DATA) == packed


def test_a_flipped_bit_never_shows_as_other_bytes():
    packed = packing.compress(DATA)
    for bit in range(FRAME_HEADER * 8, len(packed) * 8):
        spoilt = bytearray(packed)
        spoilt[bit // 8] ^= 1 << bit % 8
        with suppress(StoreError):
            assert packing.decompress(bytes(spoilt)) == DATA
        assert not packing.is_intact(packing.digest(packed, ENDS), bytes(spoilt), ENDS, DATA)
    assert packing.decompress(packed) == DATA


def test_the_hash_is_of_the_packed_bytes_and_of_where_records_end():
    packed = packing.compress(DATA)
    kept = packing.digest(packed, ENDS)
    assert packing.is_intact(kept, packed, ENDS, DATA)
    assert not packing.is_intact(kept, packed + b"x", ENDS, DATA)
    assert not packing.is_intact(kept, packed, packing.pack_numbers([8, len(DATA)]), DATA)
    assert not packing.is_intact(b"", packed, ENDS, DATA)


def test_hashes_of_before_are_of_the_bytes_themselves():
    former = blake2b(DATA, digest_size=16).digest()
    assert packing.is_intact(former, packing.compress(DATA), ENDS, DATA)
    assert not packing.is_intact(former, packing.compress(DATA), ENDS, DATA[:-1])


@pytest.mark.parametrize("numbers", [[], [0], [1, 2**32 - 1], list(range(5000))])
def test_numbers(numbers):
    packed = packing.pack_numbers(iter(numbers))
    assert len(packed) == 4 * len(numbers)
    assert list(packing.unpack_numbers(packed)) == numbers
