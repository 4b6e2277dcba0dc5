"""Text that is made safe to show."""

from __future__ import annotations

import pytest

from scrubber.core.visible import visible
from scrubber.ui.transcript.calls import pretty, sections, summary
from scrubber.ui.transcript.plain import cut, output


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b", "a␀b"),
        ("a\x1b[31mred", "a␛[31mred"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a␍b"),
        ("user\u202egnp.exe", "user⟦RLO⟧gnp.exe"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("\ufdd0frame\ufdd1", "\ufffdframe\ufffd"),
        ("hi\U000e0041\U000e0042", "hi⟦tag A⟧⟦tag B⟧"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("👩‍💻 stays", "👩‍💻 stays"),
    ],
)
def test_what_is_invisible_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_escapes_of_terminals_are_left_out_of_output() -> None:
    assert output("\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x1b(B") == "red link "
    assert output("stray \x1b") == "stray ␛"


def test_a_cut_ends_at_a_line_and_tells_the_whole() -> None:
    text = "\n".join(f"line {n}" for n in range(100))
    part = cut(text, 10_000, 6)
    assert part.text == "\n".join(f"line {n}" for n in range(6))
    assert (part.size, part.lines, part.is_whole) == (len(text), 100, False)
    assert cut("short", 100, 6).is_whole
    assert len(cut("x" * 5_000, 2_000, 30).text) == 2_000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"command": "npm test", "timeout": 5}, ("npm test", "timeout=5")),
        ({"command": ["bash", "-lc", "ls -l"]}, ("ls -l", "")),
        ({"limit": 3, "file_path": "a.py"}, ("a.py", "limit=3")),
        ({"file_path": "a.py", "old_string": "x" * 99, "new_string": "a\nb"}, ("a.py", "")),
        ("free text", ("free text", "")),
        (None, ("", "")),
        ({}, ("", "")),
    ],
)
def test_the_telling_argument_comes_first(arguments: object, told: tuple[str, str]) -> None:
    assert summary(arguments) == told


def test_an_edit_is_a_diff() -> None:
    found = sections({"path": "a.py", "old_string": "a\nb", "new_string": "a\nc"}, 1_000)
    assert [part.language for part in found] == ["diff", "json"]
    assert found[0].text == " a\n-b\n+c"


def test_edits_of_a_batch_are_diffs_and_arguments_stay_as_they_are() -> None:
    arguments = {"edits": [{"old_string": "a", "new_string": "b"}] * 2}
    assert [part.text for part in sections(arguments, 1_000)] == ["-a\n+b"] * 2
    assert arguments == {"edits": [{"old_string": "a", "new_string": "b"}] * 2}


def test_json_is_cut_in_bounded_time_and_depth() -> None:
    assert len(pretty(list(range(1_000_000)), 500)) < 520
    deep: list[object] = []
    for _ in range(20_000):
        deep = [deep]
    assert "nested too deeply" in pretty(deep, 10**9, None)
