from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scrubber.core.events import Kind, Mark
from scrubber.formats import registry
from tests.formats.reading import FakeTranscript, read, said, write
from tests.formats.shapes import DIALECTS, turns

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = sorted(DIALECTS)
DUMPS: dict[str, Callable[[list[Any]], str]] = {
    "lines": lambda values: "".join(json.dumps(v) + "\n" for v in values),
    "array": json.dumps,
    "pretty": lambda values: json.dumps(values, indent=2, ensure_ascii=False),
    "values": lambda values: "\n".join(json.dumps(v, indent=1) for v in values),
}


def file_of(format, conversations, layout):
    values = [DIALECTS[format](conversation) for conversation in conversations]
    return DUMPS[layout](values).encode()


def expected_kinds(conversation, format):
    kinds = []
    for turn in conversation:
        if turn["who"] == "tool":
            kinds.append(Kind.TOOL_RESULT)
            continue
        if turn.get("thought"):
            kinds.append(Kind.REASONING)
        kinds.append(Kind.MESSAGE)
        kinds += [Kind.TOOL_CALL] * len(turn.get("calls", ()))
    return kinds


@pytest.mark.parametrize("format", FORMATS)
@given(
    conversations=st.lists(turns(), min_size=1, max_size=3), layout=st.sampled_from(sorted(DUMPS))
)
def test_every_layout_gives_the_same_events(format, conversations, layout):
    data = file_of(format, conversations, layout)
    source = read(format, data)
    assert source.raw == data
    assert not source.reader.warnings
    assert len(source.logs) == len(conversations)
    for log, conversation in zip(source.logs, conversations, strict=True):
        drafts = source.drafts(log)
        assert [draft.kind for draft in drafts] == expected_kinds(conversation, format)
        assert not any(event.marks & Mark.ORPHAN for event in FakeTranscript(source, log).events())
        told = FakeTranscript(source, log)
        texts = [told.content(e).text for e in told.events() if e.kind is Kind.MESSAGE]
        assert texts == [turn["text"] for turn in conversation if turn["who"] != "tool"]


@pytest.mark.parametrize("format", FORMATS)
@given(conversation=turns())
def test_written_and_read_again_it_says_the_same(format, conversation):
    first = FakeTranscript(read(format, file_of(format, [conversation], "lines")))
    data = write(format, first)
    assert json.loads(data)
    assert said(FakeTranscript(read(format, data))) == said(first)


@pytest.mark.parametrize("format", ["messages", "anthropic"])
@pytest.mark.parametrize("source", ["messages", "anthropic"])
@given(conversation=turns())
def test_formats_say_the_same(source, format, conversation):
    for turn in conversation:
        turn["thought"] = None
        # The API refuses blank texts, so that writer leaves them out (test_writers.py).
        assume(format != "anthropic" or turn.get("text", "x").strip())
    first = FakeTranscript(read(source, file_of(source, [conversation], "lines")))
    again = FakeTranscript(read(format, write(format, first)))
    assert said(again) == said(first)


@pytest.mark.parametrize("format", FORMATS)
@given(
    data=st.data(),
    conversations=st.lists(turns(), min_size=2, max_size=4),
    layout=st.sampled_from(sorted(DUMPS)),
)
def test_damage_loses_nothing_but_itself(format, data, conversations, layout):
    whole = file_of(format, conversations, layout)
    at = data.draw(st.integers(0, len(whole) - 1))
    junk = data.draw(st.binary(max_size=6))
    gone = data.draw(st.integers(0, 4))
    garbled = whole[:at] + junk + whole[at + gone :]
    source = read(format, garbled)
    assert source.raw == garbled
    for reading in source.readings:
        for draft in reading.drafts:
            registry.get(format).content(reading.raw, draft.part)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("layout", ["lines", "array", "pretty"])
@given(data=st.data(), conversations=st.lists(turns(), min_size=3, max_size=3))
def test_a_byte_gone_costs_one_conversation(format, layout, data, conversations):
    values = [DIALECTS[format](conversation) for conversation in conversations]
    whole = DUMPS[layout](values).encode()
    inside = DUMPS[layout](values[1:2]).encode().strip(b"[]\n ")
    start = whole.index(inside, len(DUMPS[layout](values[:1])) - 2)
    at = data.draw(st.integers(start, start + len(inside) - 1))
    source = read(format, whole[:at] + whole[at + 1 :])
    texts = [
        registry.get(format).content(reading.raw, draft.part).text
        for reading in source.readings
        for draft in reading.drafts
        if draft.kind is Kind.MESSAGE
    ]
    for conversation in (conversations[0], conversations[2]):
        assert {t["text"] for t in conversation if t["who"] != "tool"} <= set(texts)


@pytest.mark.parametrize("format", FORMATS)
@given(conversations=st.lists(turns(), min_size=1, max_size=3), data=st.data())
def test_cut_off_anywhere_it_keeps_what_was_whole(format, conversations, data):
    layout = data.draw(st.sampled_from(sorted(DUMPS)))
    whole = file_of(format, conversations, layout)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    before, after = read(format, whole), read(format, cut)
    assert after.raw == cut
    assert [d.text for d in after.drafts()] in ([], [d.text for d in before.drafts()])


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.binary(max_size=300))
def test_any_bytes(format, data):
    assert read(format, data).raw == data
