from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.formats import json_stream
from scrubber.formats.json_stream import ValueReader
from tests.formats.shapes import VALUES


def split(data: bytes, in_array: bool = True):
    reader = ValueReader(in_array, lambda value: isinstance(value, dict) and "k" in value)
    lines = list(reader.read(BytesIO(data)))
    assert b"".join(line.raw for line in lines) + reader.pending == data
    return lines, reader.pending


def values(lines):
    return [line.value for line in lines if line.value is not None]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'[{"k": 1}, {"k": 2}]\n', [{"k": 1}, {"k": 2}]),
        (b'\xef\xbb\xbf [\r\n {"k": 1},\r\n {"k": 2}\r\n]\r\n', [{"k": 1}, {"k": 2}]),
        (b"[]", []),
        (b'[1, "a,]", [2], {}, 1.5e3, true]', [1, "a,]", [2], {}, 1500.0, True]),
        (b'[{"k": 1}{"k": 2}]', [{"k": 1}, {"k": 2}]),
        (b'[{"k": 1}]\n[{"k": 2}]', [{"k": 1}, {"k": 2}]),
        ('[{"k": "ä€😀"}]'.encode(), [{"k": "ä€😀"}]),
    ],
)
def test_elements(data, found):
    lines, pending = split(data)
    assert values(lines) == found
    assert not pending


def test_values_over_several_lines():
    lines, pending = split(b'\n{\n "k": 1\n}\n{"k":\n 2}\n', in_array=False)
    assert values(lines) == [{"k": 1}, {"k": 2}]
    assert [line.number for line in lines if line.value] == [2, 5]
    assert not pending


@pytest.mark.parametrize(
    "damage",
    [b'{"k": 1', b'{"k": 1]', b'{"k" 1}', b'{"k": "a}', b"{k: 1}", b'{"k": "\n"}', b'"x": 1}',
     b'{"k": "\xff"}', b'{"k": {"k2": [}', b"nonsense", b'{"k": 01}'],
)  # fmt: skip
def test_damage_costs_only_its_element(damage):
    lines, _ = split(b'[{"k": 0},\n' + damage + b',\n{"k": 2},\n{"k": 3}]')
    assert [v for v in values(lines) if v != "x"] == [{"k": 0}, {"k": 2}, {"k": 3}]
    bad = [line for line in lines if line.problem is not None]
    assert [line.number for line in bad] == [2]


def test_truncated_array_keeps_what_was_whole():
    lines, pending = split(b'[{"k": 0}, {"k": "cut')
    assert values(lines) == [{"k": 0}]
    assert pending == b'{"k": "cut'


def test_too_long_value_is_damage(monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_VALUE_BYTES", 2000)
    monkeypatch.setattr(json_stream, "CHUNK_BYTES", 100)
    lines, _ = split(b'[{"k": "' + b"x" * 5000 + b'"}, {"k": 2}]')
    assert {"k": 2} in values(lines)
    assert any(line.problem for line in lines)


@given(
    st.lists(st.builds(lambda value: {"k": value}, VALUES), max_size=6),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
    st.integers(1, 40),
)
def test_any_array(items, indent, ascii_only, chunk):
    data = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK_BYTES", chunk)
        lines, pending = split(data)
    assert values(lines) == items
    assert not pending
    assert not [line for line in lines if line.problem is not None]


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes(data, in_array):
    split(data, in_array)
