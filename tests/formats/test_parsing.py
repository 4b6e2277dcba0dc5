from __future__ import annotations

import json

import orjson
import pytest

from scrubber.formats.base import parse_time
from scrubber.formats.parsing import loads


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'["a\ud83d"]', ["a\ufffd"]),
        (r'["\uDE00b"]', ["\ufffdb"]),
        (r'["\ud83d\ud83d\ude00"]', ["\ufffd😀"]),
        (r'["\ud83d\\ude00"]', ["\ufffd\\ude00"]),
        (r'["\\ud83d\n"]', ["\\ud83d\n"]),
    ],
)
def test_half_a_pair_of_surrogates_is_a_replacement_character(text, value):
    assert loads(text.encode()) == value


@pytest.mark.parametrize("text", [r'["\ud83d"', '["\ud83d"]', "[NaN]", ""])
def test_other_faults_stay_faults(text):
    with pytest.raises(orjson.JSONDecodeError):
        loads(text.encode(errors="surrogatepass"))


def test_what_can_be_read_can_be_written():
    assert orjson.dumps(loads(b"[" * 150 + b"]" * 150)) == b"[" * 150 + b"]" * 150
    assert len(loads(json.dumps([[]] * 5000).encode())) == 5000
    for depth in (201, 230, 1000, 100_000):
        with pytest.raises(orjson.JSONDecodeError):
            loads(b"[" * depth + b"]" * depth)


@pytest.mark.parametrize(("opening", "closing"), [(b"[1,", b",2]"), (b'{"a":1,"b":', b"}")])
def test_what_is_nested_up_to_the_limit_can_be_read(opening, closing):
    loads(opening * 198 + b"[[],{}]" + closing * 198)
    with pytest.raises(orjson.JSONDecodeError, match="deeper than 200"):
        loads(opening * 198 + b"[[],{},[[]]]" + closing * 198)


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_time_at_the_end_of_the_calendar_is_none(time):
    assert parse_time(time) is None
