"""A whole log as lines of JSON, one record each; see ``unfold`` for those of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from scrubber.formats.inspect_ai import archive as archives
from scrubber.formats.inspect_ai.document import HEADER, START, document_parts
from scrubber.formats.inspect_ai.unfold import Unfolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.formats.inspect_ai.archive import Part
    from scrubber.formats.inspect_ai.samples import Fields, Sample
    from scrubber.formats.zip_entries import Archive

_FACTS = ("task", "task_display_name", "model", "eval_id", "run_id", "task_id", "created")
_NAMES = {archives.START: "start", archives.HEADER: "header", START: "start", HEADER: "header"}


def archive_lines(archive: Archive) -> Iterator[bytes]:
    """The lines of an ``.eval`` archive."""
    return _lines(archives.parts(archive), archives.facts(archive), archive.problems)


def document_lines(stream: BinaryIO, problems: list[str]) -> Iterator[bytes]:
    """The lines of a ``.json`` log."""
    return _lines(document_parts(stream, problems), {}, problems)


def _lines(parts: Iterator[Part], facts: Fields, problems: list[str]) -> Iterator[bytes]:
    keys: dict[str, int] = {}
    has_header = False
    for part in parts:
        if part.sample is not None:
            key = _key(part.sample, keys)
            for record in Unfolder(part.sample, key, _brief(facts), problems).records():
                yield _line(record)
            continue
        kind = _NAMES.get(part.name, "entry")
        has_header = has_header or kind == "header"
        if kind == "start" and isinstance(part.value, dict):
            found = part.value.get("eval")
            facts = found if isinstance(found, dict) else facts
        yield _line({"inspect": kind, "entry": part.name, "data": part.value})
    if facts and not has_header:
        problems.append("the log has no results: it is being written, or its run was broken off")


def _key(sample: Sample, keys: dict[str, int]) -> str:
    """The log of a sample: its id and epoch, and a number where a log has it twice."""
    found = sample.fields.get("id")
    name = "sample" if found is None else f"{found}_epoch_{sample.fields.get('epoch', 1)}"
    keys[name] = keys.get(name, 0) + 1
    return name if keys[name] == 1 else f"{name} ({keys[name]})"


def _brief(facts: Fields) -> Fields:
    """What of the evaluation each sample is told."""
    return {key: facts[key] for key in _FACTS if key in facts}


def _line(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS) + b"\n"
