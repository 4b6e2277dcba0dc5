from __future__ import annotations

import pytest

from scrubber.cli import progress, tables
from scrubber.transfer.progress import Progress


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("名前", 4), ("e\u0301", 1), ("⑂ x", 3), ("a\u200db", 2)],
)
def test_width(text, width):
    assert tables.width_of(text) == width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("名前名", 5, "名前…"),
        ("名前名", 4, "名…"),
        ("ab", 1, "…"),
    ],
)
def test_shorten(text, width, short):
    assert tables.shorten(text, width) == short


def test_a_table():
    lines = tables.table(
        ("ID", "N", "TITLE"), [("a", "1", "x" * 40), ("名", "22", "y")], right="N", width=36
    )
    assert lines == ["ID   N  TITLE", f"a    1  {'x' * 27}…", "名  22  y"]


@pytest.mark.parametrize("width", [50, 60, 70, 90])
def test_a_narrow_table_cuts_its_widest_column_too(width):
    head, row = tables.table(("A", "B", "T"), [("a" * 5, "b" * 30, "t" * 90)], width=width)
    assert tables.width_of(row) == width
    assert row.index("t") == head.index("T")
    assert row.count("t") >= 23


def test_a_table_without_rows_is_its_head():
    assert tables.table(("A", "B"), []) == ["A  B"]


def test_progress_in_words():
    state = Progress(what="a.jsonl", files=1, files_total=3, bytes=2_000_000, bytes_total=9_000_000)
    state.sessions, state.started = 1, state.started - 2
    words = progress.words(state)
    assert words.startswith("1 of 3 files · 2.0 MB of 9.0 MB · ")
    assert words.endswith("/s · 1 new session · a.jsonl")
    assert progress.words(Progress(bytes=12)).startswith("12 B · ")


def test_the_progress_line_is_written_over_and_wiped_away(capsys):
    with progress.progress_line(True) as line:
        line.show(Progress(bytes=10))
        line.show(Progress(bytes=20))  # too soon after the first one
    text = capsys.readouterr().err
    assert text.startswith("\r10 B · ")
    assert "20 B" not in text
    assert text.split("\r")[-1] == ""


def test_no_progress_without_a_terminal(capsys):
    with progress.progress_line() as line:
        line.show(Progress(bytes=10))
    assert capsys.readouterr().err == ""
