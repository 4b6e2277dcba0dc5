"""Logs in a real store: our own, real ones outside the repository, and as Inspect reads them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.api import OpenStore, open_store
from scrubber.core.errors import FormatError
from scrubber.core.events import Event, Kind
from scrubber.core.messages import messages
from scrubber.formats import registry
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.inspect_ai import logs
from tests.formats.reading import FakeTranscript
from tests.helpers.readers import ask
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.core.messages import Message


TOLD = Path(__file__).with_name("told.py")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def test_a_log_is_a_tree(store):
    results = import_one(store, logs.CORPUS)
    assert not list(store.verify())
    (run,) = store.roots()
    samples = store.children(run.id)
    assert [sample.forked_at for sample in samples] == [1, 3, 5]
    below = {child.title: child for child in store.children(samples[0].id)}
    assert {title: child.relation for title, child in below.items()} == {
        "attempt 1": "subagent", "helper": "subagent", "another way": "fork", "graded": "subagent",
    }  # fmt: skip
    assert len(results) == 9


def test_a_log_that_grows_is_extended(store, tmp_path):
    log, path = logs.corpus_log(), tmp_path / "log.eval"
    path.write_bytes(logs.archive(logs.entries(log | {"samples": log["samples"][:1]}, False), 93))
    import_one(store, path)
    path.write_bytes(logs.archive(logs.entries(log), 93))
    statuses = {result.title: result.status for result in store.import_paths([path])}
    assert statuses["counting · mock/one"] == "extended"
    assert statuses["counting: sample files · epoch 1"] == "unchanged"
    assert statuses["counting: sample 2 · epoch 2"] == "new"
    assert not list(store.verify())


def inputs(transcript: StoredTranscript) -> Iterator[tuple[Event, list[Any]]]:
    """Each call of a model with the messages that stand in front of it."""
    for event in list(transcript.events()):
        if event.kind is Kind.MODEL_CALL:
            transcript.index = event.index
            yield event, [_said(message) for message in messages(transcript)]
            transcript.index = transcript.session.events


def _said(message: Message) -> tuple[Any, ...]:
    texts = [content.text for event, content in message.items if event.kind is not Kind.TOOL_CALL]
    calls = [
        (event.call_id, event.name, content.arguments)
        for event, content in message.items
        if event.kind is Kind.TOOL_CALL
    ]
    return message.role.label, "\n".join(filter(None, texts)), calls


def recorded(message: dict[str, Any]) -> tuple[Any, ...]:
    content = message.get("content") or ""
    parts = content if isinstance(content, list) else [{"text": content}]
    text = "\n".join(filter(None, (p.get("text") or p.get("reasoning") for p in parts)))
    error = (message.get("error") or {}).get("message", "")
    if error and error not in text:
        text = "\n".join(filter(None, (text, error)))
    calls = [(c["id"], c["function"], c["arguments"]) for c in message.get("tool_calls") or []]
    return message["role"], text, calls


def agreement(store: OpenStore, path: Path, samples: list[dict[str, Any]]) -> int:
    """How many of a log's calls of models have just their recorded input in front of them."""
    given = {
        event.get("uuid") or event["timestamp"]: [recorded(m) for m in event.get("input", [])]
        for sample in samples
        for event in _model_events(sample)
    }
    found = {}
    for result in store.import_paths([path]):
        session = store.session(result.session or "")
        for event, told in inputs(StoredTranscript(store.store, session, session.events)):
            if session.relation == "fork" and event.index < (session.forked_at or 0):
                continue
            detail = store.content(event).detail
            found[detail.get("uuid") or detail["timestamp"]] = told
    assert found == given
    return len(found)


def _model_events(sample: dict[str, Any]) -> Iterator[dict[str, Any]]:
    texts = sample.get("attachments") or {}
    if "transcript" in sample:
        sample = sample["transcript"]
        texts = sample["content"]
    events = _resolved(sample.get("events") or [], texts)
    for retry in sample.get("error_retries") or []:
        events = _resolved(retry.get("events") or [], texts) + events
    pool = (sample.get("events_data") or {}).get("messages") or sample.get("message_pool") or []
    pool = _resolved(pool, texts)
    for event in [inner for e in events for inner in (*(e.get("events") or []), e)]:
        if event["event"] == "model":
            for start, stop in event.get("input_refs") or []:
                event["input"] = event["input"] + pool[start:stop]
            yield event


def _resolved(value: Any, texts: dict[str, str]) -> Any:
    if isinstance(value, str):
        return texts.get(value.removeprefix("attachment://").removeprefix("tc://"), value)
    if isinstance(value, list):
        return [_resolved(item, texts) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, texts) for key, item in value.items()}
    return value


def test_the_context_in_front_of_each_model_call_is_its_recorded_input(store):
    assert agreement(store, logs.CORPUS, logs.corpus_log()["samples"]) == 9


def test_real_logs(store, shared_data, tmp_path):
    """The files of Inspect's own tests: nothing unknown, each model's input as recorded."""
    import json
    import zipfile

    calls = files = 0
    for path in sorted((shared_data / "inspect").rglob("*")):
        if path.suffix not in (".eval", ".json") or path.name == "empty.json":
            continue
        if path.suffix == ".eval":
            with zipfile.ZipFile(path) as file:
                names = [name for name in file.namelist() if name.startswith("samples/")]
                samples = [json.loads(file.read(name)) for name in names]
        else:
            value = json.loads(path.read_text())
            samples = value.get("samples") or [value]
        with open_store(tmp_path / f"{files}.db") as own:
            calls += agreement(own, path, samples)
        files += 1
    assert (files, calls) == (51, 139)


@given(data=st.data())
def test_damaged_logs_never_break_the_reader(data, tmp_path_factory):
    whole = logs.archive(logs.entries(logs.corpus_log()), data.draw(st.sampled_from([0, 8, 93])))
    broken = bytearray(whole[: data.draw(st.integers(60, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        broken[data.draw(st.integers(40, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "log.eval"
    path.write_bytes(bytes(broken))
    format = registry.get("inspect")
    with suppress(FormatError):
        found, _ = logs.read_file(path)
        for reading in found.readings:
            for draft in reading.drafts:
                format.content(reading.raw, draft.part)


def test_inspect_itself_reads_the_same(tmp_path):
    log, path = logs.corpus_log(), tmp_path / "log.eval"
    for sample in log["samples"]:
        events = sample.get("events", [])
        sample["events"] = [
            e for e in events if e["event"] not in ("from_the_future", "checkpoint")
        ]
    path.write_bytes(logs.archive(logs.entries(log), 8))
    theirs = ask("inspect_ai", TOLD, path)
    found, _ = logs.read_file(path)
    titles = {info.title for info in found.reader.infos.values()}
    assert {f"counting: sample {s['id']} · epoch {s['epoch']}" for s in theirs} <= titles


def test_inspect_itself_reads_the_same_messages_of_real_logs(shared_data):
    paths = sorted((shared_data / "inspect" / "inspect_ai").rglob("*.eval"))
    paths += sorted(
        (shared_data / "inspect" / "inspect_ai" / "log" / "test_eval_log").glob("*.json")
    )
    theirs = {
        (sample["path"], f"sample {sample['id']} · epoch {sample['epoch']}"): sample["messages"]
        for sample in ask("inspect_ai", TOLD, *paths)
    }
    ours = {(str(path), title): said for path in paths for title, said in samples_of(path)}
    assert len(ours) > 30
    assert set(ours) == set(theirs)
    for place, said in ours.items():
        assert [role for role, _ in said] == [role for role, _ in theirs[place]]
        for (role, text), (_, told) in zip(said, theirs[place], strict=True):
            # Behind a failed tool's result stands its error, which Inspect keeps apart.
            assert text == told or (role == "tool" and text.startswith(told))


def samples_of(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The title and the last context of each sample of a log."""
    found, _ = logs.read_file(path)
    for key, info in found.reader.infos.items():
        title = info.title.rpartition(": ")[2]
        if title.startswith("sample "):
            told = messages(FakeTranscript(found, key), honour_compaction=True)
            yield title, [(message.role.label, text_of(message)) for message in told]


def text_of(message: Message) -> str:
    spoken = (content for event, content in message.items if event.kind is not Kind.REASONING)
    return "\n".join(content.text for content in spoken if content.text)
