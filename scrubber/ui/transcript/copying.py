"""An event as Markdown, for the clipboard."""

from __future__ import annotations

from scrubber.core.content import Content, Data, Document, Image, Text
from scrubber.core.events import Event, Kind
from scrubber.ui.transcript import labels
from scrubber.ui.transcript.calls import pretty, sections

_LONGEST = 20_000_000


def as_markdown(event: Event, content: Content, speaker: str = "") -> str:
    """A heading that says what it is, and the content exactly as it was recorded."""
    title = speaker or labels.who(event)
    if event.kind in (Kind.TOOL_CALL, Kind.TOOL_RESULT):
        title = f"{labels.kind_words(event)} `{event.name or 'tool'}`"
    elif event.kind is not Kind.MESSAGE:
        title = labels.kind_words(event)
    printed = event.kind is Kind.TOOL_RESULT
    parts = [f"**{title}** · {event.index + 1:,}" + (" · error" if event.is_error else "")]
    for section in sections(content.arguments, _LONGEST):
        parts += [f"{section.label}:"] if section.label else []
        parts.append(fenced(section.text, section.language))
    for block in content.blocks:
        parts.append(_block(block, printed))
    if len(parts) == 1 and event.text:
        parts.append(event.text)
    return "\n\n".join(parts) + "\n"


def _block(block: Text | Image | Document | Data, printed: bool) -> str:
    if isinstance(block, Text):
        return fenced(block.text) if printed else block.text
    if isinstance(block, Data):
        return fenced(pretty(block.value, _LONGEST), "json")
    kind = "image" if isinstance(block, Image) else f"document {block.title}"
    return f"[{kind}: {block.reference or block.media_type}]"


def fenced(text: str, language: str = "") -> str:
    """A code block whose fence is longer than any in the text."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"
