"""The pieces of tool calls and of their results."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scrubber.core.ages import count
from scrubber.core.content import Text
from scrubber.core.events import one_line
from scrubber.core.visible import visible
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.blocks import content_body, fixed, has_more, more, other_block
from scrubber.ui.transcript.calls import Section, pretty, sections, summary
from scrubber.ui.transcript.documents import plain_document
from scrubber.ui.transcript.pieces import Action, Line, Piece, TextPiece
from scrubber.ui.transcript.plain import cut, output
from scrubber.ui.transcript.style import UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.ui.transcript.scene import Scene

_PREVIEW = (600, 6)
_ERROR_PREVIEW = (1_200, 12)
_SEARCHED = 200_000


def call_body(scene: Scene) -> Iterator[Piece]:
    """The tool and its telling argument; the arguments in full when unfolded."""
    style, event = scene.style, scene.event
    arguments = scene.content.arguments
    told, rest = summary(arguments) if arguments is not None else (event.text, "")
    yield Line(
        runs=(
            scene.run(visible(one_line(event.name or "tool")), style.strong, scene.colour),
            scene.run(visible(told), style.fixed, style.theme.text),
            scene.run(visible(rest), style.fixed),
        ),
        icon="tool",
        icon_colour=scene.colour,
        right=scene.time() if scene.opens_group else (),
        badges=labels.badges(event, scene.content),
        action=Action.FOLD,
        folded=scene.folded,
        hidden=partial(pretty, arguments, _SEARCHED) if scene.folded else "",
    )
    if not scene.folded:
        yield from _arguments(scene, sections(arguments, scene.limits[0]))
        yield from content_body(scene) if scene.content.blocks else ()


def _arguments(scene: Scene, parts: list[Section]) -> Iterator[Piece]:
    characters, lines = scene.limits
    for part in parts:
        if part.label:
            yield Line(runs=(scene.run(visible(one_line(part.label))),))
        shown = cut(part.text, characters, lines)
        yield fixed(scene, shown.text, part.language)
        if not shown.is_whole:
            yield more(scene, part.text)


def result_body(scene: Scene) -> Iterator[Piece]:
    """The state of the call and the first lines of what it printed."""
    text = scene.content.text or ("" if scene.content.blocks else scene.event.text)
    whole = cut(text.strip("\n"), *(_ERROR_PREVIEW if scene.event.is_error else _PREVIEW))
    foldable = not whole.is_whole
    yield _result_line(scene, text, whole.lines, foldable)
    if text.strip():
        shown = whole if scene.folded else cut(text.strip("\n"), *scene.limits)
        yield _printed(scene, shown.text)
        if not shown.is_whole and not scene.folded:
            yield more(scene, text)
    for number, block in enumerate(scene.content.blocks):
        if not isinstance(block, Text):
            yield from other_block(scene, number, block)


def _result_line(scene: Scene, text: str, lines: int, foldable: bool) -> Line:
    theme, error = scene.style.theme, scene.event.is_error
    state = _state(scene) if error else "ok"
    words = f"{count(lines, 'line')} of output" if foldable else ""
    if not text.strip() and not has_more(scene):
        words = "no output"
    return Line(
        runs=(
            *_answered(scene),
            scene.run(state, None, theme.error if error else None),
            scene.run(words),
        ),
        icon="error" if error else "result",
        icon_colour=theme.error if error else theme.muted,
        right=() if scene.follows_call else scene.time(),
        badges=labels.badges(scene.event, scene.content),
        action=Action.FOLD if foldable else Action.NONE,
        folded=scene.folded if foldable else None,
        hidden=text if scene.folded and foldable else "",
    )


def _state(scene: Scene) -> str:
    detail = scene.content.detail
    code = None
    if isinstance(detail, dict):
        code = next(
            (detail[k] for k in ("exit_code", "exitCode", "returncode") if k in detail), None
        )
    return f"error · exit {code}" if isinstance(code, int) else "error"


def _answered(scene: Scene) -> tuple[Any, ...]:
    """The call that a result answers, where it is not the row above."""
    if scene.follows_call:
        return ()
    name = scene.event.name or (scene.call.name if scene.call else None) or "tool"
    arguments = scene.call_content.arguments if scene.call_content else None
    told = visible(one_line(summary(arguments)[0], 60)) if arguments is not None else ""
    words = f"{visible(one_line(name))} {told}".strip()
    return (scene.run(words, scene.style.small, scene.colour),)


def _printed(scene: Scene, text: str) -> TextPiece:
    theme, error = scene.style.theme, scene.event.is_error
    return TextPiece(
        document=plain_document(output(text), scene.style.fixed),
        colour=theme.text if error or not scene.folded else theme.muted,
        indent=2.0 * UNIT,
        rail=theme.line,
    )
