"""Writes a session as Markdown, to be read by people: in a bug report, a pull request, a note."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from scrubber.core.content import JSON, Block, Content, Data, Document, Image, Text
from scrubber.core.events import Event, Kind, Role
from scrubber.core.messages import Message, messages
from scrubber.core.survey import survey_of
from scrubber.formats.exported import count_losses, notes_of, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.notes import Note
    from scrubber.core.session import Session
    from scrubber.core.transcript import Transcript

_WHO = {
    Role.SYSTEM: "System",
    Role.DEVELOPER: "Developer",
    Role.USER: "User",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}
_LOST = ("rewound", "unsaid", "hidden", "agents", "tools", "sealed", "usage")
_FENCES = re.compile(r"^\s{0,3}(`{3,}|~{3,})", re.MULTILINE)
_TICKS = re.compile(r"`{3,}")
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_LINE_BREAKS = re.compile(r"[\r\n]+")


class MarkdownWriter:
    """A heading for each message, calls and results in fenced blocks, failures marked.

    Words are written as the Markdown they are; those that could swallow what follows (an open
    fence, tags) are fenced. ``shows_pictures`` puts pictures into the file, else they are named.
    """

    name = "markdown"
    title = "Markdown"
    suffix = ".md"

    def __init__(self, shows_pictures: bool = False) -> None:
        self._shows_pictures = shows_pictures

    def losses(self, transcript: Transcript) -> list[str]:
        """It is for reading: nothing imports it again."""
        count = count_losses(transcript)
        lost = _LOST if self._shows_pictures else (*_LOST, "images")
        return ["the file is for reading: it cannot be imported again", *sentences(count, lost)]

    def write(self, transcript: Transcript) -> Iterator[bytes]:
        """The file, message by message; errors that the model never saw stand between them."""
        yield _header(transcript).encode()
        errors, notes = list(_errors(transcript)), notes_of(transcript)
        for number, message in enumerate(messages(transcript)):
            while errors and errors[0].index < message.start:
                yield self._error(transcript, errors.pop(0)).encode()
            while notes and (notes[0].index or 0) < message.start:
                yield _written(notes.pop(0)).encode()
            yield self._message(number, message).encode()
        for note in notes:
            yield _written(note).encode()
        for event in errors:
            yield self._error(transcript, event).encode()

    def _message(self, number: int, message: Message) -> str:
        event = message.items[0][0]
        parts = [f"## {number} · {_heading(message)}\n"]
        if event.ts is not None:
            parts.append(f"*{_time(event.ts)}*\n")
        parts += [self._item(event, content) for event, content in message.items]
        return "\n".join(parts) + "\n"

    def _item(self, event: Event, content: Content) -> str:
        if event.kind is Kind.REASONING:
            return _reasoning(content)
        if event.kind is Kind.TOOL_CALL:
            return f"**Calls {_code(event.name or 'tool')}**\n\n" + _call(content.arguments)
        if event.kind is Kind.TOOL_RESULT:
            return "\n".join(self._block(block, is_output=True) for block in content.blocks)
        return "\n".join(self._block(block) for block in content.blocks)

    def _block(self, block: Block, is_output: bool = False) -> str:
        match block:
            case Text(text):
                return fenced(text) if is_output else _words(text)
            case Image(media_type, data, reference):
                if self._shows_pictures and data:
                    return f"![image](data:{media_type};base64,{data})\n"
                size = f"{len(data) * 3 // 4 / 1000:.0f} kB" if data else one_line_of(reference)
                return f"[image {media_type} {size}]\n".replace("  ", " ")
            case Document(title, media_type, data, _):
                return f"[document {one_line_of(title)} {media_type} {len(data) / 1000:.0f} kB]\n"
            case Data(value):
                return fenced(_json(value), "json")

    def _error(self, transcript: Transcript, event: Event) -> str:
        text = transcript.content(event).text or event.text
        return f"**✗ Error**\n\n{fenced(text)}\n"


def _origin(session: Session) -> str | None:
    if session.parent is None:
        return None
    at = "" if session.forked_at is None else f" at {session.forked_at}"
    return f"from {session.parent}{at}"


def _header(transcript: Transcript) -> str:
    session = transcript.session
    facts = {
        "session": session.id,
        "agent": session.format,
        "model": session.model,
        "folder": session.cwd,
        "forked": _origin(session),
        "events": f"{transcript.index} of {session.events}",
        "from": _time(session.created),
        "labels": ", ".join(session.labels),
        "note": session.note,
        "hypothesis": session.hypothesis,
        "verdict": " · ".join(part for part in (session.verdict, session.reason) if part),
    }
    lines = [f"- {key}: {_code(str(value))}" for key, value in facts.items() if value]
    return f"# {one_line_of(session.title) or 'Session'}\n\n" + "\n".join(lines) + "\n\n"


def _heading(message: Message) -> str:
    event = message.items[0][0]
    added = ", ".join(sorted(origin.label for origin in message.origins))
    note = f" *({added})*" if added else ""
    if event.kind is Kind.TOOL_RESULT:
        failed = " ✗ error" if event.is_error else ""
        return f"Result of {_code(event.name or 'tool')}{failed}{note}"
    if event.kind is Kind.COMPACTION:
        return f"Summary of what was before{note}"
    return _WHO.get(message.role, "Message") + note


def _written(note: Note) -> str:
    """A note behind the message that it is on, as a quotation of somebody else."""
    at = f"#{(note.index or 0) + 1}"
    if note.kind == "bookmark":
        return f"> **Bookmark** on {at}\n\n"
    if note.kind == "label":
        return f"> **Label** on {at}: {_code(note.text)}\n\n"
    quoted = "\n".join(f"> {line}".rstrip() for line in _words(note.text).splitlines())
    return f"> **Note** on {at}\n>\n{quoted}\n\n"


def _errors(transcript: Transcript) -> Iterator[Event]:
    survey = survey_of(transcript)
    kept = survey.kept(transcript.events())
    return (event for event in kept if event.kind is Kind.ERROR)


def _reasoning(content: Content) -> str:
    text = content.text or "(sealed)"
    quoted = "\n".join(f"> {line}".rstrip() for line in _words(text).splitlines())
    return f"> *Reasoning*\n>\n{quoted}\n"


def _call(arguments: JSON) -> str:
    if isinstance(arguments, str):
        return fenced(arguments)
    return fenced(_json({} if arguments is None else arguments), "json")


def _words(text: str) -> str:
    """Text as it is, or fenced if it could swallow what follows."""
    is_open = len(_FENCES.findall(text)) % 2 == 1
    return fenced(text) if is_open or _MARKUP.search(text) else text.rstrip("\n") + "\n"


def fenced(text: str, language: str = "") -> str:
    """A fenced block whose fence is longer than any in the text."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.removesuffix(chr(10))}\n{fence}\n"


def _code(text: str) -> str:
    """Words on one line that are shown as they are."""
    return f"`{one_line_of(text).replace('`', chr(39))}`"


def one_line_of(text: str) -> str:
    """A text without line breaks, so that it cannot leave its heading."""
    return _LINE_BREAKS.sub(" ", text).strip()


def _json(value: JSON) -> str:
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(value, option=options).decode()


def _time(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


WRITER = MarkdownWriter()
