from __future__ import annotations

from scrubber.core.content import Document, Image, Text
from scrubber.live.mcp.results import LONGEST, answer_of


def blocks(*content):
    return answer_of({"content": list(content)}, "files").content.blocks


def test_files_that_models_take():
    picture = {"uri": "file:///a.png", "mimeType": "image/png", "blob": "aGk="}
    paper = {"uri": "file:///a.pdf", "mimeType": "application/pdf", "blob": "aGk="}
    assert blocks({"type": "resource", "resource": picture}) == (Image("image/png", "aGk="),)
    assert blocks({"type": "resource", "resource": paper}) == (
        Document("file:///a.pdf", "application/pdf", "aGk="),
    )


def test_files_that_they_do_not_take_are_told_and_kept():
    odd = {"uri": "file:///a.zip", "mimeType": "application/zip", "blob": "aGk="}
    drawing = {"type": "image", "mimeType": "image/svg+xml", "data": "aGk="}
    answer = answer_of({"content": [{"type": "resource", "resource": odd}, drawing]}, "files")
    assert [block.text for block in answer.content.blocks if isinstance(block, Text)] == [
        "[Resource from files at file:///a.zip: application/zip, 2 bytes, not shown]",
        "[image from files: image/svg+xml, 2 bytes, not shown]",
    ]
    assert answer.content.detail["content"] == [{"type": "resource", "resource": odd}, drawing]


def test_a_long_text_is_cut_and_says_so():
    half = {"type": "text", "text": "x" * (LONGEST // 2 + 1)}
    first, second = blocks(half, half)
    assert isinstance(first, Text)
    assert isinstance(second, Text)
    assert first.text == half["text"]
    assert second.text.endswith("x\n[… 2 characters cut]")


def test_an_empty_result_is_an_empty_answer():
    answer = answer_of({"content": [], "isError": False}, "files")
    assert answer.content.blocks == ()
    assert not answer.is_error
