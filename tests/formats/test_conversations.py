from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from scrubber.formats import messages, record_cache
from scrubber.formats.conversations import parse_record, pieces_of
from scrubber.formats.messages import OpenAIDialect
from scrubber.formats.record_cache import RecordCache

SAID = [{"role": "user", "content": str(n)} for n in range(2000)]


class Counting(OpenAIDialect):
    def __init__(self) -> None:
        self.parsed = 0

    def pieces(self, value):
        self.parsed += 1
        return super().pieces(value)


def raw(n: int) -> bytes:
    return json.dumps({"messages": SAID, "n": n}).encode() + b",\n"


def test_a_record_is_read_once_for_all_its_events():
    dialect = Counting()
    cache = RecordCache(lambda raw: pieces_of(dialect, parse_record(raw)))
    for _ in range(100):
        assert len(cache.of(raw(1))) == 2001
    assert dialect.parsed == 1


@pytest.mark.parametrize("limit", ["_RECORDS", "_BYTES"])
def test_only_the_last_records_are_kept(monkeypatch, limit):
    monkeypatch.setattr(record_cache, limit, 2 if limit == "_RECORDS" else len(raw(1)) * 2)
    dialect = Counting()
    cache = RecordCache(lambda raw: pieces_of(dialect, parse_record(raw)))
    for n in (1, 2, 1, 3, 1, 2):
        cache.of(raw(n))
    assert dialect.parsed == 4


def test_many_threads_may_ask():
    records = [raw(n) for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: messages.FORMAT.content(records[n % 40], n), range(400)))
    texts = [content.text for content in found]
    assert texts[1:] == [str(n - 1) for n in range(1, 400)]
