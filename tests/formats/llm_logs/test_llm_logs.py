"""The log of ``llm``, in its older and its newer tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import OpenStore, open_store
from scrubber.core.content import Document, Image, Text
from scrubber.core.events import Kind, Mark, Role, Usage
from scrubber.core.messages import messages
from scrubber.core.session import Branch
from scrubber.formats import containers, registry
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.corpus import CORPUS, database
from tests.formats.reading import FakeTranscript, Read
from tests.transfer.comparing import import_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPTS = CORPUS / "llm"


def unfolded(path: Path) -> Read:
    format = registry.recognise(path)
    assert format.name == "llm"
    reader = containers.reader_of(format, path)
    with containers.open_source(format, path) as stream:
        return Read("llm", reader, list(reader.read(stream)))


@pytest.fixture
def newer(tmp_path):
    return unfolded(database(SCRIPTS / "logs.db.sql", tmp_path))


@pytest.fixture
def older(tmp_path):
    return unfolded(database(SCRIPTS / "older.db.sql", tmp_path))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path / "store.db") as opened:
        yield opened


def told(source: Read, log: str):
    return [(draft.kind, draft.role, draft.text) for draft in source.drafts(log)]


def test_a_thread(newer):
    info = newer.reader.infos["t1"]
    assert (info.title, info.model, info.branch) == ("Adding", "mock", None)
    assert told(newer, "t1")[:12] == [
        (Kind.CONTEXT, Role.NONE, "1 tools: add"),
        (Kind.MESSAGE, Role.SYSTEM, "Be brief"),
        (Kind.MESSAGE, Role.USER, "a long fragment Add one and one"),
        (Kind.MESSAGE, Role.USER, "[image]"),
        (Kind.MODEL_CALL, Role.NONE, "mock · 1.5 s"),
        (Kind.REASONING, Role.ASSISTANT, "First I think."),
        (Kind.MESSAGE, Role.ASSISTANT, "I add."),
        (Kind.TOOL_CALL, Role.ASSISTANT, "a=1"),
        (Kind.TOOL_RESULT, Role.TOOL, "2"),
        (Kind.MODEL_CALL, Role.NONE, "mock · 1.5 s"),
        (Kind.MESSAGE, Role.ASSISTANT, "Two."),
        (Kind.MESSAGE, Role.USER, "And then?"),
    ]
    assert newer.drafts("t1")[4].usage == Usage(10, 0, 0, 5, context=10)
    assert newer.drafts("t1")[5].marks & Mark.SEALED
    assert Kind.UNKNOWN in [draft.kind for draft in newer.drafts("t1")]
    said = list(messages(FakeTranscript(newer, "t1")))
    assert [len(message.items) for message in said[:3]] == [1, 2, 3]
    assert said[1].items[1][1].blocks == (Image("image/png", "iVBORw=="),)


def test_a_fork_shares_the_messages_that_it_was_forked_at(newer):
    branch = newer.reader.infos["t2"].branch
    assert branch == Branch("t1", 11)
    assert told(newer, "t1")[10][2] == "Two."
    assert [text for _, role, text in told(newer, "t2") if role is not Role.NONE] == [
        "Another way", "Fine.",
    ]  # fmt: skip


def test_a_thread_that_went_back_is_rewound(newer):
    rewind = next(draft for draft in newer.drafts("t1") if draft.kind is Kind.REWIND)
    assert told(newer, "t1")[rewind.ref or 0][0] is Kind.MODEL_CALL
    texts = [m.items[0][1].text for m in messages(FakeTranscript(newer, "t1"))]
    assert texts[-2:] == ["And then?", "Then something."]


def test_in_a_store_a_fork_begins_with_what_it_shares(store, tmp_path):
    import_one(store, database(SCRIPTS / "logs.db.sql", tmp_path))
    (root,) = store.roots()
    (fork,) = store.children(root.id)
    assert (fork.relation, fork.forked_at) == ("fork", 11)
    said = list(messages(StoredTranscript(store.store, fork, fork.events)))
    assert [message.role for message in said] == [
        Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT,
        Role.USER, Role.ASSISTANT,
    ]  # fmt: skip


def test_the_older_log(older):
    assert older.logs == ["c1", "01c"]
    assert older.reader.infos["c1"].title == "Adding"
    assert older.reader.infos["01c"].title == "Alone"
    assert [(role, text) for _, role, text in told(older, "c1")] == [
        (Role.SYSTEM, "Be brief"),
        (Role.USER, "a long fragment Add one and one"),
        (Role.NONE, "mock-2 · 1.5 s"),
        (Role.ASSISTANT, "First I think."),
        (Role.ASSISTANT, "I add."),
        (Role.ASSISTANT, "a=1, b=1"),
        (Role.ASSISTANT, "a=2, b=2"),
        (Role.TOOL, "2"),
        (Role.TOOL, "Error"),
        (Role.NONE, "mock · 0.9 s"),
        (Role.ASSISTANT, "Two."),
    ]
    failed = older.drafts("c1")[8]
    assert failed.marks & Mark.ERROR
    prompt = FakeTranscript(older, "c1").content(list(FakeTranscript(older, "c1").events())[1])
    assert prompt.blocks[1:] == (
        Image("image/png", "iVBORw=="),
        Document("attachment", "application/pdf", "", "/home/me/a.pdf"),
    )
    assert isinstance(prompt.blocks[0], Text)
