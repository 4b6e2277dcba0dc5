"""What a text holds when it is folded is found in the bytes of its JSON, however it is written."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.query.folding import fold, words
from scrubber.store.search import in_bytes
from scrubber.store.search.in_bytes import holds_all

LETTERS = st.sampled_from(
    'abkKsSiI019 _-\\"\n<\x1bßéÅ\u212b\u212aﬁŉİıǆ\u0301\u0327\u1e9e世Яя가\u1100→€😀'
)


def written(text: str) -> list[bytes]:
    """A text as agents write it: as UTF-8, and with everything that is no ASCII escaped; and the
    same in JSON that is a string of JSON, as the arguments of calls are."""
    once = [json.dumps(text, ensure_ascii=False), json.dumps(text)]
    twice = [json.dumps(json.dumps(json.dumps(text)))]
    return [data.encode() for data in once + [json.dumps(one) for one in once] + twice]


@given(st.text(LETTERS) | st.text(), st.integers(0, 40))
def test_every_word_is_found(text, far):
    for data in written("x" * far + " " + text + " " + "y" * far):
        for word in words(text):
            assert holds_all(data, [word]), (word, data)
            assert holds_all(data, [word[:3], word[1:] or word])


@given(st.text(LETTERS), st.text("abks01", min_size=1, max_size=3))
def test_what_is_not_there_is_not_found(text, word):
    data = json.dumps(text, ensure_ascii=False).encode()
    assert holds_all(data, [word]) == (word in fold(data.decode()))


def test_letters_may_be_escaped_in_either_case():
    assert holds_all(rb'{"a": "NA\u00CFve caf\u00e9"}', ["naive", "cafe"])
    assert holds_all(rb'{"a": "\u0072edirect"}', ["redirect"])
    assert holds_all(rb'{"a": "\ud840\udc00"}', [chr(0x20000)])
    assert not holds_all(rb'{"a": "NA\u00CFve caf\u00e9"}', ["naive", "cafes"])


def test_all_characters_that_fold_to_ascii_are_known():
    """A new version of Unicode may bring others."""
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x110000)):
        folded = fold(chr(code))
        if folded == "" or re.search("[a-z0-9]", folded):
            places = in_bytes._hiding_places(chr(code).encode().translate(in_bytes._MARKING))
            assert places, hex(code)
            assert in_bytes._hiding_places(rf"\u{code:04x}".encode()), hex(code)


@pytest.mark.parametrize("data", [b"", b"\xff\xc3", b"\\u00", b"\xc3" * 9, b"\\u00zz\xcc"])
def test_damaged_bytes_hold_nothing(data):
    assert not holds_all(data, ["redirect"])
    assert not holds_all(data, ["世"])
