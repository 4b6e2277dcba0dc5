"""The bodies for prefixes of a small corpus, byte for byte.

``snapshots/SOURCE/source.jsonl`` is a transcript of that format; the files beside it are the bodies
for prefixes of it, laid out to be read. To write them anew after a change that is meant:
``SCRUBBER_WRITE_SNAPSHOTS=1 pytest tests/live/wire``, and read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scrubber.formats.exported import to_json
from scrubber.live.provider import Tool
from scrubber.live.wire.anthropic import CACHED, ClaudeTraits, anthropic_body
from scrubber.live.wire.openai import ChatTraits, openai_body
from tests.formats.reading import FakeTranscript, read
from tests.live.asking import request

FOLDER = Path(__file__).parent / "snapshots"
CUTS = {"claude-code": (None, 6, 9), "messages": (None, 5, 7), "anthropic": (None, 4, 8)}
BODIES = {
    "anthropic": lambda asked: anthropic_body(asked, ClaudeTraits(caches=True)),
    "openai": lambda asked: openai_body(asked, ChatTraits(is_strict=True, reasoning=None)),
    "compatible": lambda asked: openai_body(asked, ChatTraits()),
}
CASES = [(source, api, cut) for source, cuts in CUTS.items() for api in BODIES for cut in cuts]
PARAMS = {"max_tokens": 100, "temperature": 0.5, "stop": ("END",)}
TOOLS = {
    "claude-code": [Tool("Read", "Reads.", {"type": "object", "properties": {}})],
    "messages": [
        Tool(
            "ls",
            "Lists.",
            {"type": "object"},
            {"type": "function", "function": {"name": "ls", "parameters": {"$defs": {}}}},
        )
    ],
    "anthropic": [
        Tool("ls", "", {}, {"name": "ls", "input_schema": {}, "cache_control": CACHED}),
        Tool("web_search", "", None, {"type": "web_search_20250305", "name": "web_search"}),
    ],
}  # fmt: skip


def body_of(source: str, api: str, cut: int | None) -> bytes:
    told = read(source, (FOLDER / source / "source.jsonl").read_bytes())
    assert not told.reader.warnings
    asked = request(FakeTranscript(told, "", cut), TOOLS[source], **PARAMS)
    return BODIES[api](asked)


@pytest.mark.parametrize(("source", "api", "cut"), CASES)
def test_bodies(source, api, cut):
    name = api if cut is None else f"{api}-{cut}"
    path = FOLDER / source / f"{name}.json"
    body = body_of(source, api, cut)
    if os.environ.get("SCRUBBER_WRITE_SNAPSHOTS"):
        text = json.dumps(json.loads(body), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", "utf-8")
    assert body == to_json(json.loads(path.read_text("utf-8")))


def test_no_snapshot_is_left_over():
    names = {(s, api if cut is None else f"{api}-{cut}") for s, api, cut in CASES}
    there = {(p.parent.name, p.stem) for p in FOLDER.glob("*/*.json")}
    assert there == names
