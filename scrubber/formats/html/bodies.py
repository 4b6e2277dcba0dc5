"""What an event holds, as HTML."""

from __future__ import annotations

import re

import orjson

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.formats.html.prose import escaped, pre, prose

_RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SHORT = 100
_FOLDED_LINES = 24
_FOLDED_SIZE = 2_500


def body(event: Event, content: Content) -> str:
    """The inside of an event's article."""
    if event.kind is Kind.TOOL_CALL:
        return arguments(content.arguments)
    if event.kind is Kind.REASONING and not content.blocks:
        return '<p class="t">(sealed by the provider)</p>'
    is_output = event.kind is Kind.TOOL_RESULT or event.role is Role.NONE
    if event.part < 0 and event.kind is not Kind.UNKNOWN:
        return _text(event.text, is_output)  # told about a record, which is no content of its own
    parts = [_block(block, is_output) for block in content.blocks]
    return "".join(parts) or _text(event.text, is_output)


def arguments(given: JSON) -> str:
    """A call's arguments: short ones in a row each, long ones as they would stand in a file."""
    if given is None or given == {}:
        return ""
    if not isinstance(given, dict):
        return pre(given if isinstance(given, str) else to_json(given))
    return f"<dl>{''.join(_argument(name, value) for name, value in given.items())}</dl>"


def _argument(name: str, value: JSON) -> str:
    text = value if isinstance(value, str) else to_json(value)
    is_short = len(text) <= _SHORT and "\n" not in text
    shown = f"<code>{escaped(text)}</code>" if is_short else folded(pre(text), text)
    return f"<dt>{escaped(str(name))}</dt><dd>{shown}</dd>"


def folded(markup: str, text: str) -> str:
    """Markup that stands behind a click if its text is long."""
    lines = text.count("\n") + 1
    if lines <= _FOLDED_LINES and len(text) <= _FOLDED_SIZE:
        return markup
    beginning = escaped("\n".join(text[:_FOLDED_SIZE].split("\n")[:6])[:400])
    size = f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"
    return (
        f'<details class="long"><summary><pre>{beginning} …</pre>'
        f"<span>{size}</span></summary>{markup}</details>"
    )


def _block(block: Block, is_output: bool) -> str:
    match block:
        case Text(text):
            return _text(text, is_output)
        case Image():
            return _image(block)
        case Document(title, media_type, data, _):
            size = f"{len(data):,} characters" if data else "not in the transcript"
            return _note(f"document {title} {media_type}, {size}")
        case Data(value):
            text = to_json(value)
            return folded(pre(text, "json"), text)


def _text(text: str, is_output: bool) -> str:
    if not text.strip():
        return ""
    return folded(pre(text), text) if is_output else prose(text)


def _image(picture: Image) -> str:
    """A picture of a known kind that is in the transcript; nothing is ever fetched."""
    if picture.media_type in _RASTER and _BASE64.fullmatch(picture.data):
        return f'<img alt="picture" src="data:{picture.media_type};base64,{picture.data}">'
    what = picture.reference if not picture.data else f"{len(picture.data):,} characters"
    return _note(f"picture {picture.media_type} {what}")


def _note(text: str) -> str:
    return f'<p class="note">[{escaped(" ".join(text.split()))}]</p>'


def to_json(value: JSON) -> str:
    """JSON to be read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
