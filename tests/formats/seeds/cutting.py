"""What must hold for the writers of session files that are one JSON object."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.formats.corpus import CORPUS
from tests.formats.reading import FakeTranscript, read, said, write

if TYPE_CHECKING:
    from pathlib import Path


def corpus(format: str) -> list[Path]:
    return sorted((CORPUS / format).glob("*.json"))


def whole(format: str, path: Path) -> FakeTranscript:
    return FakeTranscript(read(format, path.read_bytes(), path.name))


def written(format: str, transcript: FakeTranscript) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(write(format, transcript))
    return value


def check_every_cut(format: str, path: Path) -> None:
    """A file written at any cut says what the session says there."""
    source = read(format, path.read_bytes(), path.name)
    for index in range(FakeTranscript(source).index + 1):
        transcript = FakeTranscript(source, index=index)
        again = FakeTranscript(read(format, write(format, transcript), path.name))
        assert said(again) == said(transcript), index
