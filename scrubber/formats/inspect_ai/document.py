"""``.json`` logs, one object with a list of samples in it, and single samples as JSON."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from scrubber.core.errors import FormatError
from scrubber.formats.inspect_ai.archive import Part
from scrubber.formats.inspect_ai.events import is_event
from scrubber.formats.inspect_ai.samples import Fields, parse, whole_sample
from scrubber.formats.json_tree import TreeReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.json_tree import Part as TreePart
    from scrubber.formats.json_tree import TreePath

START, HEADER = "start", "header"


def is_log(value: JSON) -> bool:
    """Whether an object is a log, or its beginning."""
    facts = value.get("eval") if isinstance(value, dict) else None
    return isinstance(facts, dict) and ("task" in facts or "run_id" in facts)


def begins_log(head: bytes) -> bool:
    """Whether a file with this beginning is a log; its results may hold what is no JSON."""
    if not head.lstrip().startswith(b"{"):
        return False
    parts = TreeReader(_opens, is_log).parts(BytesIO(head))
    return any(part.path[1:] == ("eval",) and is_log(part.value) for part in islice(parts, 12))


def is_sample(value: JSON) -> bool:
    """Whether an object is one sample, or its beginning."""
    events = value.get("events") if isinstance(value, dict) else None
    if isinstance(events, list) and events:
        return is_event(events[0])
    return isinstance(value, dict) and {"id", "epoch", "input", "messages"} <= value.keys()


def document_parts(stream: BinaryIO, problems: list[str]) -> Iterator[Part]:
    """The pieces of a log, a sample in memory at a time; its results last, as in archives."""
    members: Fields = {}
    is_begun = False
    reader = TreeReader(_opens, lambda value: isinstance(value, dict) and "epoch" in value)
    for part in reader.parts(stream):
        value = _value(part, problems)
        if part.path[1:2] == ("samples",) and len(part.path) == 3:
            if not is_begun:
                yield Part(START, _begin(members))
            is_begun = True
            if isinstance(value, dict):
                yield Part("sample", None, whole_sample(value, len(part.raw)))
        elif isinstance(value, dict) and len(part.path) == 2:
            members |= value
    if reader.pending:
        problems.append("the file ends within a sample, or before its end; what is whole is kept")
    yield from _rest(members, is_begun)


def _rest(members: Fields, is_begun: bool) -> Iterator[Part]:
    if not is_begun and not is_log(members) and is_sample(members):
        yield Part("sample", None, whole_sample(members, 0))
        return
    if not is_begun:
        yield Part(START, _begin(members))
    yield Part(HEADER, members)


def _opens(path: TreePath) -> bool:
    return path[1:] == ("samples",)


def _begin(members: Fields) -> Fields:
    return {key: members[key] for key in ("version", "eval", "plan") if key in members}


def _value(part: TreePart, problems: list[str]) -> JSON:
    """The value of a part; Python's own numbers that are no JSON are read, too."""
    if part.problem is None:
        return part.value
    text = part.raw.strip(b", \t\r\n")
    try:
        return parse(b"{" + text + b"}" if text.startswith(b'"') else text, f"line {part.number}")
    except FormatError:
        problems.append(f"line {part.number}: {part.problem}")
        return None
