from __future__ import annotations

import time

import pytest

from scrubber.core.ages import span
from scrubber.core.events import Event, Kind, Mark, Origin, Role, Usage, Visibility
from scrubber.core.usage.recorded_model import model_of
from scrubber.ui.inspector.hexdump import PAGE, as_hex, as_text, page_bounds, page_count, width
from scrubber.ui.inspector.labels import Value
from scrubber.ui.inspector.reading import parse
from scrubber.ui.inspector.words import NOTHING, gap, marks, usage_facts
from tests.ui.transcript.feeds import event


@pytest.mark.parametrize(
    ("ms", "words"),
    [(0, "0.00 s"), (420, "0.42 s"), (12_300, "12 s"), (125_000, "2 min 5 s"),
     (11_520_000, "3 h 12 min"), (439_200_000, "5 d 2 h")],
)  # fmt: skip
def test_spans(ms, words):
    assert span(ms) == words


def test_gaps_tell_when_time_runs_backwards():
    first, second = event(3), event(4)
    assert gap(second, first) == "4.20 s after #4"
    assert gap(first, second) == "4.20 s back"
    assert gap(first, None) == NOTHING


def test_marks_in_words():
    assert marks(Mark.ERROR | Mark.SEALED) == "error, sealed by the provider"
    assert marks(Mark.NONE) == ""


def test_every_mark_has_words():
    assert all(marks(mark) for mark in Mark if mark is not Mark.NONE)


def test_usage_never_invents():
    values = {fact.label: fact.value for fact in usage_facts(Usage(input=5, output=7))}
    assert values["Cached"] == "0"
    assert values["Context"] == values["Cost"] == values["Reasoning"] == NOTHING
    assert {fact.value for fact in usage_facts(None)} == {NOTHING}
    free = usage_facts(Usage(cost_micros=0))
    assert free[-1].value == "$0.0000"


def test_models_are_read_where_records_name_them():
    made = Event(0, 1, 0, 1, 0, 0, Kind.MESSAGE, Role.ASSISTANT, Visibility.IN_CONTEXT,
                 Origin.RECORDED, Mark.NONE, None, None, None, None, None, 0, "")  # fmt: skip
    assert model_of(made, b'{"message": {"model": "opus"}}') == "opus"
    assert model_of(made, b'{"model": "gpt"}') == "gpt"
    assert model_of(made, b'{"text": "the \\"model\\" is", "model": 7}') is None
    assert model_of(made, b'no "model" here') is None


def test_records_that_are_no_json_say_why():
    assert parse(b'\xef\xbb\xbf{"a": 1}\n').value == {"a": 1}
    assert parse(b'{"a": NaN, "b": "\\ud800"}').problem == ""
    assert "line 1" in parse(b"{nope").problem
    assert parse(b" ").problem
    assert parse(b"[" * 100_000).problem


def test_bytes_as_text_hide_nothing():
    assert as_text(b"a\tb\x00\x1b\r\n\xff\xe2\x80\xae") == "a␉b␀␛␍↵\n\ufffd⟦RLO⟧"


def test_pages_tear_no_character():
    data = ("ä" * PAGE).encode()[1:]
    pages = [slice(*page_bounds(data, page)) for page in range(page_count(len(data)))]
    assert b"".join(data[page] for page in pages) == data
    assert "\ufffd" not in as_text(data[pages[1]])
    assert page_bounds(b"\x80" * (2 * PAGE), 1) == (PAGE, 2 * PAGE)
    assert page_count(0) == 1


def test_hex_dump():
    assert as_hex(b'{"a"\n\xff', 16, 4) == '0010  7b 22 61 22  {"a"\n0014  0a ff        ..'
    assert len(as_hex(bytes(16), 0, 16)) == width(16, 16)


def test_a_page_of_a_huge_record_is_quick():
    data = b"x" * 20_000_000
    began = time.perf_counter()
    start, stop = page_bounds(data, 7)
    as_hex(data[start:stop], start, 8)
    as_text(data[start:stop])
    assert time.perf_counter() - began < 0.2


def test_values_are_shortened_but_copied_whole(qtbot):
    value = Value()
    qtbot.addWidget(value)
    value.resize(80, 20)
    value.show()
    value.show_text("/a/very/long/path/to/some/file\nwith <b>two</b> lines.jsonl")
    assert "…" in value.text()
    assert value.copied() == "/a/very/long/path/to/some/file with <b>two</b> lines.jsonl"
    assert "&lt;b&gt;" in value.toolTip()
    value.resize(2000, 20)
    assert value.text() == value.full
    assert value.toolTip() == ""
