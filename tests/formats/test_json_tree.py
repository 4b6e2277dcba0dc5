from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.formats import json_stream
from scrubber.formats.json_tree import Part, TreePath, TreeReader, load_part
from tests.formats.shapes import TEXTS, VALUES

STEPS = st.builds(
    lambda values: [v if isinstance(v, str) else {"step": n, "x": v} for n, v in enumerate(values)],
    st.lists(VALUES),
)
DOCUMENTS = st.fixed_dictionaries(
    {"name": VALUES, "steps": STEPS, "below": st.lists(st.fixed_dictionaries({"steps": STEPS}))},
    optional={"more": VALUES},
)
INDENTS = st.sampled_from([None, 1])


def opens(path):
    return path[-1] in ("steps", "below") or (len(path) > 2 and path[-2] == "below")


def is_step(value):
    return isinstance(value, dict) and "step" in value


def parts_of(data: bytes) -> list[Part]:
    reader = TreeReader(opens, is_step)
    parts = list(reader.parts(io.BytesIO(data)))
    assert b"".join(part.raw for part in parts) + reader.pending == data
    return parts


def expected(document, number=0):
    found: list[tuple[TreePath, Any]] = []
    for key, value in document.items():
        if key == "steps":
            found += [((number, "steps", n), step) for n, step in enumerate(value)]
        elif key == "below":
            for n, below in enumerate(value):
                steps = enumerate(below["steps"])
                found += [((number, "below", n, "steps", at), step) for at, step in steps]
        else:
            found.append(((number, key), {key: value}))
    return found


@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=3), indent=INDENTS, data=st.data())
def test_each_part_has_its_place(documents, indent, data):
    as_list = data.draw(st.booleans())
    text = (
        json.dumps(documents, indent=indent)
        if as_list
        else "\n".join(json.dumps(d, indent=indent) for d in documents)
    )
    parts = [part for part in parts_of(text.encode()) if part.value is not None]
    told = [pair for n, document in enumerate(documents) for pair in expected(document, n)]
    assert [(part.path, part.value) for part in parts] == told
    assert all(load_part(part.raw) == (part.value, None) for part in parts)


@pytest.mark.parametrize("size", [1, 5, 64])
@given(document=DOCUMENTS, indent=INDENTS)
def test_the_size_of_what_is_read_at_once_changes_nothing(size, document, indent):
    text = json.dumps(document, indent=indent).encode()
    whole = parts_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK_BYTES", size)
        assert parts_of(text) == whole


@given(document=DOCUMENTS, data=st.data())
def test_cut_off_anywhere_it_keeps_what_was_whole(document, data):
    text = json.dumps(document).encode()
    whole = parts_of(text)
    cut = parts_of(text[: data.draw(st.integers(0, len(text)))])
    told = [(p.path, p.value) for p in cut if p.value is not None]
    assert told == [(p.path, p.value) for p in whole if p.value is not None][: len(told)]
    assert not [part for part in cut if part.problem is not None]


@given(document=DOCUMENTS, data=st.data())
def test_damage_loses_no_byte(document, data):
    text = json.dumps(document, indent=data.draw(INDENTS)).encode()
    at = data.draw(st.integers(0, len(text)))
    junk = data.draw(st.binary(max_size=4) | TEXTS.map(str.encode))
    parts_of(text[:at] + junk + text[at + data.draw(st.integers(0, 5)) :])


@given(data=st.binary(max_size=200))
def test_any_bytes(data):
    parts_of(data)


@pytest.mark.parametrize("gone", range(6))
def test_a_byte_gone_costs_one_element(gone):
    steps = [{"step": n, "x": "y"} for n in range(4)]
    text = json.dumps({"a": 1, "steps": steps, "b": 2}).encode()
    at = text.index(b'{"step": 2') + gone
    values = [part.value for part in parts_of(text[:at] + text[at + 1 :])]
    assert {"b": 2} in values
    assert [value for value in values if is_step(value) and value in steps][:2] == steps[:2]
    assert steps[3] in values


def test_keys_are_read_as_they_are_meant():
    (part,) = [p for p in parts_of(rb'{"st\u0065ps": [], "\u00e9\ud83d": 1}') if p.value]
    assert part.path == (0, "é�")
