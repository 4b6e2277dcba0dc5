"""The rebuilt context against what was recorded, over real files: requests, and counted prompts.

``-s`` prints the figures.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.api import open_store
from scrubber.core.context.calls import calls_in
from scrubber.core.events import Kind
from scrubber.live import context as requests
from scrubber.transfer.exporting import StoredTranscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.session import Session

FOLDERS = ("claude-code", "codex", "pi", "gemini-cli", "inspect", "agent-sessions-fixtures")
CUTS = 25
"""Prompts of each session that are looked at."""


@pytest.fixture(scope="module")
def store(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("truth") / "store.db") as opened:
        opened.import_paths([shared_data / name for name in FOLDERS])
        yield opened


# ------------------------------------------------------------------------ recorded requests


def test_what_inspect_recorded_as_the_input_of_each_model_call(store: OpenStore) -> None:
    """What differs: results that answer no call, which no API takes, are left out; and a log of
    2024 whose texts stand elsewhere in a way that only the format reads."""
    found: Counter[str] = Counter()
    for session in store.sessions():
        if session.format == "inspect":
            found.update(_verdicts(store, session))
    print(f"\nrequests of Inspect: {dict(found)}")
    assert found["equal"] >= 57
    assert (found["stray result"], found["other texts"]) == (3, 1)
    assert found["different"] == 0


def _verdicts(store: OpenStore, session: Session) -> Iterator[str]:
    calls = [e for e in store.events(session.id) if e.kind is Kind.MODEL_CALL]
    source = session.source or store.ancestry(session.id)[0].source
    recorded = _inputs(Path(str(source))) if calls else {}
    for call in calls:
        told = json.loads(store.raw(call))["event"]
        inputs = [one for one in recorded.get((told.get("timestamp"), told["model"]), ()) if one]
        if not inputs:
            continue
        body = json.loads(store.context_body(session.id, call.index, "openai"))
        yield _verdict([_ours(message) for message in body["messages"]], inputs)


def _verdict(ours: list[Any], inputs: list[list[Any]]) -> str:
    if ours in inputs:
        return "equal"
    if any(ours == [one for one in input if one[0] != "tool"] for input in inputs):
        return "stray result"
    return "other texts" if any("tc://" in str(input) for input in inputs) else "different"


def _inputs(path: Path) -> dict[tuple[str | None, str], list[list[Any]]]:
    """The inputs of a log's model calls, by time and model, read by plain code."""
    found: dict[tuple[str | None, str], list[list[Any]]] = defaultdict(list)
    for sample in _samples(path):
        parts = sample.get("attachments") or {}
        pool = (sample.get("events_data") or {}).get("messages") or []
        for event in _model_calls(sample.get("events")):
            refs = event.get("input_refs") or ()
            said = event.get("input") or [m for start, stop in refs for m in pool[start:stop]]
            key = event.get("timestamp"), str(event.get("model"))
            found[key].append([_theirs(message) for message in _attached(said, parts)])
    return found


def _samples(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".eval":
        try:
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if n.startswith("samples/")]
                yield from [json.loads(archive.read(name)) for name in names]
        except (NotImplementedError, zipfile.BadZipFile):
            return  # compressed as the standard library cannot read, or cut short
        return
    value = json.loads(path.read_bytes())
    if isinstance(value, list):
        yield {"events": value}
    else:
        yield from value.get("samples") or [value]


def _model_calls(events: Any) -> Iterator[dict[str, Any]]:
    for event in events or ():
        if isinstance(event, dict):
            if event.get("event") == "model":
                yield event
            yield from _model_calls(event.get("events"))


def _attached(value: Any, parts: dict[str, str]) -> Any:
    if isinstance(value, str) and value.startswith("attachment://"):
        return parts.get(value.removeprefix("attachment://"), value)
    if isinstance(value, list):
        return [_attached(item, parts) for item in value]
    if isinstance(value, dict):
        return {key: _attached(item, parts) for key, item in value.items()}
    return value


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content or () if part.get("type") == "text")


def _theirs(message: dict[str, Any]) -> list[Any]:
    calls = [[c["id"], c["function"], c["arguments"]] for c in message.get("tool_calls") or ()]
    text = _text(message.get("content")) or (message.get("error") or {}).get("message", "")
    call_id = message.get("tool_call_id") if message["role"] == "tool" else None
    return [message["role"], text, calls, call_id]


def _ours(message: dict[str, Any]) -> list[Any]:
    calls = [
        [c["id"], c["function"]["name"], json.loads(c["function"]["arguments"])]
        for c in message.get("tool_calls") or ()
    ]
    return [message["role"], _text(message.get("content")), calls, message.get("tool_call_id")]


def test_wherever_the_playhead_comes_from_the_blocks_are_those_of_the_request(
    store: OpenStore,
) -> None:
    """What is kept from one look to the next changes nothing of what is seen."""
    dice, tried = random.Random(3), 0
    for session in store.sessions():
        at = dice.randrange(session.events + 1)
        for _ in range(12 if session.events > 200 else 3):
            near = dice.choice((1, 1, -1, -1, 90, -90, dice.randrange(-2_000, 2_000)))
            at = min(max(at + near, 0), session.events)
            seen = store.context(session.id, at)
            outline = requests.outline(StoredTranscript(store.store, session, at))
            assert [(*block.key, block.message) for block in seen.blocks] == [
                (event.log, event.seq, event.part, number)
                for number, message in enumerate(outline.messages)
                for event in message
            ], (session.source, at)
            assert (seen.messages, seen.stray) == (len(outline.messages), outline.stray)
            tried += 1
    assert tried > 600


# -------------------------------------------------------------------------- counted prompts


@pytest.mark.parametrize(
    ("format", "least", "median", "middle"),
    [("claude-code", 300, 0.01, 0.03), ("codex", 50, 0.01, 0.05), ("pi", 10, 0.01, 0.02)],
)
def test_the_next_prompt_is_about_as_large_as_it_was_counted(
    store: OpenStore, format: str, least: int, median: float, middle: float
) -> None:
    """In front of each counted prompt the budget knows only the ones before it."""
    ratios = sorted(
        ratio
        for session in store.sessions()
        if session.format == format and session.events > 20
        for ratio in _ratios(store, session)
    )
    tenth, half, ninety = (ratios[len(ratios) * share // 10] for share in (1, 5, 9))
    print(f"\n{format}: {len(ratios)} prompts, {tenth:.3f} … {half:.3f} … {ninety:.3f} of counted")
    assert len(ratios) >= least
    assert abs(half - 1) < median
    assert 1 - middle < tenth <= ninety < 1 + middle


def _ratios(store: OpenStore, session: Session) -> Iterator[float]:
    calls = calls_in(store.events(session.id))
    dice = random.Random(session.events)
    for number in sorted(dice.sample(range(len(calls)), min(CUTS, len(calls)))):
        call = calls[number]
        budget = store.context(session.id, call.upto).budget
        if budget.counted is not None and call.usage.context:
            yield budget.total / call.usage.context
