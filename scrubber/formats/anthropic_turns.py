"""The messages of a session as turns of Anthropic's API: for its files, and for requests to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scrubber.core.content import JSON, Content
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message
from scrubber.formats.anthropic_messages import (
    SEALED_BLOCKS,
    api_id,
    blocks_of_event,
    speaker,
)
from scrubber.formats.continuing import UNTOUCHED
from scrubber.formats.quoting import quoted_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrubber.core.transcript import Transcript

_IDS = {Kind.TOOL_CALL: "id", Kind.TOOL_RESULT: "tool_use_id"}
SYSTEM = (Role.SYSTEM, Role.DEVELOPER)


class Turn(NamedTuple):
    """Neighbouring messages of one role: the API takes them as one."""

    role: str
    content: JSON
    """Text, or blocks; the results in it stand first, as the API asks."""
    messages: tuple[Message, ...]


def turns(transcript: Transcript, messages: Iterable[Message]) -> Iterator[Turn]:
    """The turns of messages, each of them complete when the next one's role is another.

    System prompts are no turns, see ``system_of``. A message of which nothing can be said is none.
    """
    role, results, others, told = "", list[JSON](), list[JSON](), list[Message]()
    for message in messages:
        if message.role in SYSTEM:
            continue
        said = [
            (event.kind is Kind.TOOL_RESULT, turn_blocks(transcript, message, event, content))
            for event, content in message.items
        ]
        if not any(blocks for _, blocks in said):
            continue
        now = speaker(message.items[0][0])
        if now != role and told:
            yield Turn(role, _content(results + others), tuple(told))
            results, others, told = [], [], []
        role = now
        for is_result, blocks in said:
            (results if is_result else others).extend(blocks)
        told.append(message)
    if told:
        yield Turn(role, _content(results + others), tuple(told))


def system_of(transcript: Transcript, messages: Iterable[Message]) -> JSON:
    """All system prompts: text, blocks, or "" if there are none."""
    return _content(
        [
            block
            for message in messages
            if message.role in SYSTEM
            for event, content in message.items
            for block in turn_blocks(transcript, message, event, content)
        ]
    )


def turn_blocks(
    transcript: Transcript, message: Message, event: Event, content: Content
) -> list[JSON]:
    """The blocks of an event of a message: those on record where they can be had.

    Reasoning stays only where it is sealed and nothing of its message was edited. A text that is
    all there is of a content stays a string.
    """
    keeps_seal = message.origins <= UNTOUCHED and transcript.format_of(event) in SEALED_BLOCKS
    if event.kind is Kind.REASONING and not (keeps_seal and content.signature):
        return []
    quoted = quoted_blocks(transcript, event)
    if quoted is None or not all(_is_sound(block, event) for block in quoted):
        made = blocks_of_event(event, content, keeps_seal)
        only_text = len(made) == 1 and made[0]["type"] == "text"
        return [made[0]["text"]] if only_text else made
    return [_with_api_names(block, event) for block in quoted if not _is_blank(block)]


def _content(blocks: list[JSON]) -> JSON:
    if len(blocks) == 1 and isinstance(blocks[0], str):
        return blocks[0]
    return [{"type": "text", "text": b} if isinstance(b, str) else b for b in blocks] or ""


def _is_sound(block: JSON, event: Event) -> bool:
    """Whether the API can take a block: text, or an object with a type; a call's input is one."""
    if event.kind is Kind.TOOL_CALL:
        return isinstance(block, dict) and isinstance(block.get("input"), dict)
    return isinstance(block, str) or (isinstance(block, dict) and "type" in block)


def _is_blank(block: JSON) -> bool:
    """Whether it is a text that the API refuses for having nothing in it."""
    text: Any = block.get("text") if isinstance(block, dict) and "text" in block else block
    return isinstance(text, str) and not text.strip()


def _with_api_names(block: JSON, event: Event) -> JSON:
    """The block; its call's id in the characters that the API takes, if it has others or none."""
    key = _IDS.get(event.kind)
    if key is None or not isinstance(block, dict) or block.get(key) == api_id(event):
        return block
    return block | {key: api_id(event)}
