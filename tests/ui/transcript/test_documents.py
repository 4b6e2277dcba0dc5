"""Documents show text and do nothing else."""

from __future__ import annotations

from time import perf_counter

import pytest
from PySide6.QtGui import QFont, QTextBlock, QTextDocument

from scrubber.core.visible import visible
from scrubber.ui.transcript import documents
from scrubber.ui.transcript.documents import diff_document, plain_document, text_between
from scrubber.ui.transcript.markdown import is_code, markdown_document
from scrubber.ui.transcript.style import Style, make_style

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def style() -> Style:
    return make_style(QFont(), 900.0, 1.0)


def lines(document: QTextDocument) -> list[str]:
    found, block = [], document.begin()
    while block.isValid():
        found.append(block.text())
        block = block.next()
    return found


def all_text(document: QTextDocument) -> str:
    return text_between(document, 0, document.characterCount())


@pytest.mark.parametrize(
    "html",
    ["<b>bold</b>", "<img src='http://x/y.png'>", "<script>alert(1)</script>", "<!-- gone? -->",
     "<div>\n\n<a href='file:///etc/passwd'>x</a>\n\n</div>"],
)  # fmt: skip
def test_html_is_shown_and_not_interpreted(html: str, style: Style) -> None:
    shown = all_text(markdown_document(html, style))
    assert shown.replace("\n", "") == html.replace("\n", "")


def test_nothing_is_fetched(style: Style, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []

    def load(self: QTextDocument, kind: int, name: object) -> None:
        loaded.append(name)

    monkeypatch.setattr(documents.InertDocument, "loadResource", load)
    document = markdown_document("![a cat](http://x/y.png) and ![](file:///etc/passwd)", style)
    document.setTextWidth(600)
    document.size()
    assert all_text(document) == "[image: a cat http://x/y.png] and [image: file:///etc/passwd]"
    assert loaded == []
    assert documents.InertDocument().resource(2, "file:///etc/hostname") is None


def test_front_matter_is_not_swallowed(style: Style) -> None:
    assert "name: secret" in all_text(markdown_document("---\nname: secret\n---\nrest", style))


def test_line_breaks_of_prose_stay(style: Style) -> None:
    document = markdown_document("First line 😀\nsecond line\nthird\n\n- an item\n- another", style)
    assert all_text(document) == "First line 😀\nsecond line\nthird\nan item\nanother"


def test_line_breaks_in_code_are_left_alone(style: Style) -> None:
    document = markdown_document(
        "```\nfoo\nbar\n```\n\nText\n======\n\na | b\n---|---\n1 | 2", style
    )
    assert lines(document)[:3] == ["foo", "bar", "Text"]
    assert "\u2028" not in "".join(lines(document))


def test_tasks_show_what_is_ticked(style: Style) -> None:
    document = markdown_document("- [x] done\n- [ ] to do", style)
    assert all_text(document) == "☑ done\n☐ to do"


def test_a_table_is_copied_with_tabs(style: Style) -> None:
    text = all_text(markdown_document("| a | b |\n|---|---|\n| 1 | 2 |", style))
    assert "a\tb\n1\t2" in text


def test_code_blocks_wrap_and_are_found(style: Style) -> None:
    document = markdown_document("```python\nprint('x')\n```", style)
    assert is_code(document.begin())
    document.setMarkdown("x")
    assert not is_code(QTextBlock(document.begin()))


def test_a_long_line_is_copied_whole(style: Style) -> None:
    text = "x" * 10_000 + "\nend"
    document = plain_document(text, style.fixed)
    assert document.blockCount() == 4
    assert all_text(document) == text
    assert text_between(document, 3_990, 4_010) == "x" * 19


def test_a_line_of_200_kb_is_laid_out_quickly(style: Style) -> None:
    start = perf_counter()
    document = plain_document("x" * 200_000, style.fixed)
    document.setTextWidth(600)
    document.size()
    assert perf_counter() - start < 2.0


def test_astral_characters_are_copied_whole(style: Style) -> None:
    document = plain_document("a😀b\nc", style.fixed)
    assert all_text(document) == "a😀b\nc"
    assert text_between(document, 1, 3) == "😀"


def test_a_diff_keeps_its_signs(style: Style) -> None:
    document = diff_document(" a\n-b\n+c", style)
    assert all_text(document) == " a\n-b\n+c"
    colours = [document.findBlockByNumber(n).blockFormat().hasProperty(0x820) for n in range(3)]
    assert colours == [False, True, True]


@pytest.mark.parametrize(
    "text", ["\0" * 50, "\ud800\udfff", "\u202e" * 9, "\ufffc\ufdd0", "\x1b[2J"]
)
def test_hostile_text_is_shown(text: str, style: Style) -> None:
    shown = visible(text)
    assert all_text(plain_document(shown, style.fixed)) == shown
    assert markdown_document(shown, style).characterCount() > 1
