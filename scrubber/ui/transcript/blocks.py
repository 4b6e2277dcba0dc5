"""The blocks of a content as pieces: Markdown, code, files, pictures, and the offer of more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import bytes_text, count
from scrubber.core.content import Data, Document, Image, Text
from scrubber.core.events import one_line
from scrubber.core.visible import visible
from scrubber.ui.transcript.calls import pretty
from scrubber.ui.transcript.documents import diff_document, plain_document
from scrubber.ui.transcript.markdown import markdown_document
from scrubber.ui.transcript.pictures import picture
from scrubber.ui.transcript.pieces import Action, Line, Piece, TextPiece
from scrubber.ui.transcript.plain import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.ui.transcript.scene import Scene


def content_body(scene: Scene, quiet: bool = False) -> Iterator[Piece]:
    """All blocks of the content, cut after so many characters in all."""
    characters, lines = scene.limits
    blocks = scene.content.blocks or (Text(scene.event.text),)
    if not any(isinstance(block, Text) and block.text for block in blocks) and not has_more(scene):
        blocks = (Text(scene.event.text),)
    whole = True
    for number, block in enumerate(blocks):
        if isinstance(block, Text) and block.text.strip() and whole and characters > 0:
            part = cut(block.text, characters, lines)
            yield _markdown(scene, part.text, quiet)
            characters -= part.size
            whole = part.is_whole
        elif isinstance(block, Text):
            whole = whole and not block.text.strip()
        else:
            yield from other_block(scene, number, block)
    if not whole:
        yield more(scene, scene.content.text)


def _markdown(scene: Scene, text: str, quiet: bool = False) -> TextPiece:
    theme = scene.style.theme
    document = markdown_document(visible(text.strip("\n")), scene.style)
    return TextPiece(document=document, colour=theme.muted if quiet else theme.text, rich=True)


def other_block(scene: Scene, number: int, block: object) -> Iterator[Piece]:
    """A picture, a file or data among the blocks."""
    if isinstance(block, Image):
        yield picture(scene, number, block)
    elif isinstance(block, Document):
        size = f" · {bytes_text(len(block.data) * 3 // 4)}" if block.data else ""
        words = f"{block.title or 'document'} · {block.media_type or 'file'}{size}"
        yield Line(
            runs=(scene.run(visible(one_line(words))),),
            icon="copy",
            icon_colour=scene.style.theme.muted,
        )
    elif isinstance(block, Data):
        yield fixed(scene, pretty(block.value, scene.limits[0]), "json")


def has_more(scene: Scene) -> bool:
    """Whether the content holds anything but words."""
    return any(not isinstance(block, Text) for block in scene.content.blocks)


def more(scene: Scene, text: str) -> Line:
    """The offer to lay out more of a huge text."""
    lines = count(text.count("\n") + 1, "line")
    word = "show all" if len(text) <= 200_000 else "show more of"
    link = scene.run(f"{word} ({bytes_text(len(text))}, {lines})", None, scene.style.link)
    return Line(runs=(link,), action=Action.MORE, hidden=text)


def fixed(scene: Scene, text: str, language: str = "") -> TextPiece:
    """Text in the fixed font on a surface, for code."""
    shown = visible(text)
    style = scene.style
    document = (
        diff_document(shown, style) if language == "diff" else plain_document(shown, style.fixed)
    )
    language = "" if language == "diff" else language
    return TextPiece(document=document, colour=style.theme.text, surface=True, language=language)
