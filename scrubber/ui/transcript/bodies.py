"""The pieces of each kind of row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.ages import bytes_text, count
from scrubber.core.events import Kind, Mark, Origin, Role, one_line
from scrubber.core.track import Lane
from scrubber.core.visible import visible
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.blocks import content_body, fixed
from scrubber.ui.transcript.calls import pretty
from scrubber.ui.transcript.pieces import Action, Divider, Line, Piece
from scrubber.ui.transcript.tool_bodies import call_body, result_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.ui.transcript.scene import Scene


def body(scene: Scene) -> Iterator[Piece]:
    """The pieces of a row, from top to bottom."""
    kind = scene.event.kind
    if kind is Kind.TOOL_CALL:
        return call_body(scene)
    if kind is Kind.TOOL_RESULT:
        return result_body(scene)
    if kind is Kind.REASONING:
        return reasoning_body(scene)
    if kind is Kind.COMPACTION:
        return compaction_body(scene)
    return message_body(scene) if kind in labels.LOUD else quiet_body(scene)


def header(scene: Scene) -> Line:
    """Who speaks, and when."""
    event, style = scene.event, scene.style
    error = event.kind is Kind.ERROR or event.is_error
    says = event.role is Role.ASSISTANT or event.kind is Kind.REASONING
    colour = style.theme.lane(Lane.MODEL) if says and not error else scene.colour
    name = f"Error · {scene.speaker}" if error and event.kind is not Kind.ERROR else scene.speaker
    return Line(
        runs=(scene.run(visible(one_line(name)), style.strong, colour),),
        icon="error" if error else "model" if says else labels.icon_name(event),
        icon_colour=colour,
        right=scene.time(),
        badges=() if event.kind is Kind.REASONING else labels.badges(event, scene.content),
    )


def message_body(scene: Scene) -> Iterator[Piece]:
    """Markdown under a header; instructions to the model are folded to a line."""
    named = scene.opens_group or scene.event.kind is not Kind.MESSAGE
    if named:
        yield header(scene)
    elif found := labels.badges(scene.event, scene.content):
        yield Line(runs=(scene.run(""),), badges=found)
    text = scene.content.text or ("" if scene.content.blocks else scene.event.text)
    foldable = scene.event.role in (Role.SYSTEM, Role.DEVELOPER)
    if foldable or scene.folded:
        first = visible(one_line(text)) if scene.folded else "instructions to the model"
        size = f"{bytes_text(len(text))}, {count(text.count(chr(10)) + 1, 'line')}"
        yield Line(
            runs=(scene.run(first),),
            right=(scene.run(size),),
            action=Action.FOLD,
            folded=scene.folded,
            hidden=text if scene.folded else "",
        )
    if not scene.folded:
        yield from content_body(scene)


def reasoning_body(scene: Scene) -> Iterator[Piece]:
    """One quiet line, and quiet Markdown when unfolded."""
    if scene.opens_group:
        yield header(scene)
    text = scene.content.text or scene.event.text
    sealed = bool(scene.event.marks & Mark.SEALED)
    empty = "sealed by the provider" if sealed else "no text"
    first = visible(one_line(text)) if scene.folded or not text else ""
    yield Line(
        runs=(
            scene.run("Thinking", None, scene.colour),
            scene.run(first or ("" if text else empty)),
        ),
        icon="reasoning",
        icon_colour=scene.colour,
        right=(scene.run(bytes_text(max(scene.event.size, len(text)))),) if text else (),
        badges=labels.badges(scene.event, scene.content),
        action=Action.FOLD if text else Action.NONE,
        folded=scene.folded if text else None,
        hidden=text if scene.folded else "",
    )
    if text and not scene.folded:
        yield from content_body(scene, quiet=True)


def compaction_body(scene: Scene) -> Iterator[Piece]:
    """A divider; the summary that replaced what stood above when unfolded."""
    text = scene.content.text or scene.event.text
    yield Divider(
        text="context compacted",
        folded=scene.folded if text else None,
        action=Action.FOLD if text else Action.NONE,
    )
    if text and not scene.folded:
        yield from content_body(scene, quiet=True)


def quiet_body(scene: Scene) -> Iterator[Piece]:
    """One muted line."""
    event, _theme = scene.event, scene.style.theme
    agent = event.kind in (Kind.SUBAGENT_START, Kind.SUBAGENT_END)
    text = scene.content.text
    facts = scene.content.detail if event.origin is Origin.SYNTHETIC else None
    foldable = not agent and (facts is not None or len(text) > 160 or "\n" in text.strip())
    told = visible(one_line(event.text or text))
    name = f"{event.name}  " if event.name and event.name not in told else ""
    open_it = (scene.run("open transcript", None, scene.style.link),) if agent else ()
    yield Line(
        runs=(scene.run(labels.kind_words(event), None, scene.colour), scene.run(name + told)),
        icon=labels.icon_name(event),
        icon_colour=scene.colour,
        right=open_it,
        badges=labels.badges(event, scene.content),
        action=Action.AGENT if agent else Action.FOLD if foldable else Action.NONE,
        folded=scene.folded if foldable else None,
        hidden=text if foldable and scene.folded else "",
    )
    if foldable and not scene.folded:
        if text.strip():
            yield from content_body(scene, quiet=True)
        if facts is not None:
            yield fixed(scene, pretty(facts, scene.limits[0]), "json")
