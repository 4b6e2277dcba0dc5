"""The corpus of ChatGPT's export: the tree, who says what to whom, archives of any size."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from scrubber.core.content import Document, Image
from scrubber.core.events import Kind, Mark, Role, Visibility
from scrubber.formats import registry
from tests.formats.corpus import CORPUS
from tests.formats.reading import read
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

FILE = CORPUS / "chatgpt" / "conversations.json"
ID = "c0000000-0000-4000-8000-00000000000"


@pytest.fixture
def sessions(store):
    results = import_one(store, FILE)
    return [store.session(str(result.session)) for result in results]


def spoken(store, session):
    events = store.events(session.id)
    return [(e.kind, e.role) for e in events if e.visibility is Visibility.IN_CONTEXT]


def text_of(store, session, kind, number=0):
    event = [e for e in store.events(session.id) if e.kind is kind][number]
    return store.content(event)


def test_the_way_that_was_shown_last_is_the_session_others_leave_it(sessions):
    bees = next(s for s in sessions if (s.native_id or "").startswith(ID + "1"))
    branches = [s for s in sessions if s.parent == bees.id]
    assert (bees.title, bees.relation, bees.model) == ("Bees", "root", "gpt-5-thinking")
    assert bees.created == 1_772_000_000_500
    assert sorted(s.title for s in branches) == [
        "and honey?", "thanks", "whose parent is not here",
    ]  # fmt: skip
    assert {s.relation for s in branches} == {"fork"}
    assert all(s.native_id is None and s.model for s in branches)
    named = {s.title for s in sessions if s.relation == "root"}
    assert named == {"Bees", "hello", "Odd", "Empty"}


def test_thoughts_calls_and_results(store, sessions):
    bees = next(s for s in sessions if s.title == "Bees")
    assert spoken(store, bees) == [
        (Kind.CONTEXT, Role.USER), (Kind.CONTEXT, Role.SYSTEM), (Kind.MESSAGE, Role.USER),
        (Kind.REASONING, Role.ASSISTANT),
        (Kind.TOOL_CALL, Role.ASSISTANT), (Kind.TOOL_RESULT, Role.TOOL),
        (Kind.TOOL_RESULT, Role.TOOL),
        (Kind.TOOL_CALL, Role.ASSISTANT), (Kind.TOOL_RESULT, Role.TOOL),
        (Kind.TOOL_CALL, Role.ASSISTANT), (Kind.TOOL_RESULT, Role.TOOL),
        (Kind.TOOL_RESULT, Role.TOOL),
        (Kind.MESSAGE, Role.ASSISTANT), (Kind.MESSAGE, Role.USER), (Kind.TOOL_RESULT, Role.TOOL),
    ]  # fmt: skip
    assert text_of(store, bees, Kind.REASONING).text == "Counting\nOne hive has many.\nAgain"
    assert text_of(store, bees, Kind.TOOL_CALL).arguments == {"query": "bees in a hive"}
    assert text_of(store, bees, Kind.TOOL_CALL, 1).arguments == "print(1)"
    assert store.totals(bees.id).open_calls == 0
    results = [e for e in store.events(bees.id) if e.kind is Kind.TOOL_RESULT]
    assert [e.name for e in results[:3]] == ["web.run", "web.run", "python"]
    assert [bool(e.marks & Mark.ORPHAN) for e in results] == [False] * 5 + [True]
    assert results[4].is_error
    assert "too many bees" in results[4].text


def test_pictures_and_files_are_named(store, sessions):
    bees = next(s for s in sessions if s.title == "Bees")
    blocks = text_of(store, bees, Kind.MESSAGE).blocks
    assert Image("image/png", reference="file-service://file-abc") in blocks
    assert Document("notes.txt", "text/plain", reference="file-def") in blocks
    honey = next(s for s in sessions if s.title == "and honey?")
    prompt = [e for e in store.events(honey.id) if e.role is Role.USER][-1]
    assert store.content(prompt).text == "and honey?"


def test_what_has_no_weight_is_kept_and_not_seen(store, sessions):
    honey = next(s for s in sessions if s.title == "and honey?")
    last = store.events(honey.id)[-1]
    assert (last.text, last.visibility) == ("Some.", Visibility.HIDDEN)


def test_an_archive_gives_what_its_files_give(store):
    archived = import_one(store, CORPUS / "chatgpt" / "export.zip")
    assert {r.title for r in archived} >= {"Bees", "hello", "Odd", "and honey?"}
    assert len(archived) == len(import_one(store, FILE)) - 1  # one conversation is not in it


def test_an_archive_of_something_else_is_not_taken(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", '[{"uuid": "u", "chat_messages": []}]')
    assert registry.recognise(path).name == "claude-ai"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photos/1.png", b"x")
    assert registry.get("chatgpt").sniff(path, path.read_bytes()) == 0


def chain(length: int):
    """One conversation that is deeper than Python can call itself."""
    mapping: dict[str, Any] = {}
    for n in range(length):
        said = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [str(n)]}}
        mapping[f"n{n}"] = {"parent": f"n{n - 1}" if n else None, "children": [], "message": said}
    return {"id": "deep", "title": "deep", "mapping": mapping, "current_node": f"n{length - 1}"}


def test_depth_and_breadth_are_no_trouble():
    found = read("chatgpt", json.dumps([chain(5_000)]).encode())
    assert len(found.drafts("deep")) == 5_001
    wide = chain(1500)
    for n in range(1, 1500):
        wide["mapping"][f"n{n}"]["parent"] = "n0"
    found = read("chatgpt", json.dumps([wide]).encode())
    assert len(found.logs) > 1000
    assert "more branches than are shown" in found.reader.warnings[0][1]
    assert sum(len(found.drafts(log)) for log in found.logs) == 1501
