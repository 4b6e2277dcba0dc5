"""What the model saw: the blocks are those of the request that would be sent."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.core.context.blocks import Share
from scrubber.core.context.seen import Told
from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Kind
from scrubber.core.running import Params
from scrubber.live import context as requests
from scrubber.transfer.exporting import StoredTranscript
from scrubber.transfer.kept import KeptEvents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrubber.api import OpenStore
    from scrubber.core.session import Session


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, bundled_sample: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("context") / "store.db") as opened:
        opened.import_paths([bundled_sample])
        yield opened


@pytest.fixture(scope="module")
def session(store: OpenStore) -> Session:
    return store.page("", "events", 0, 1)[0]


def sent(store: OpenStore, session: Session, at: int) -> list[tuple[int, int, int]]:
    """The blocks of a request as it is built for a model, without what is kept in memory."""
    transcript = StoredTranscript(store.store, session, at)
    request = requests.build(transcript, Params(model="m"), ()).request
    return [
        (event.log, event.seq, event.part)
        for message in request.messages
        for event, _ in message.items
    ]


def test_at_each_index_the_blocks_are_those_of_the_request(store, session):
    order = list(range(session.events + 1))
    random.Random(5).shuffle(order)
    for at in order:
        seen = store.context(session.id, at)
        assert seen.index == at
        assert [block.key for block in seen.blocks] == sent(store, session, at), at
        assert sum(seen.budget.shares.values()) == seen.budget.total


def test_what_the_source_does_not_record_is_said_to_be_so(store, session):
    seen = store.context(session.id)
    assert (seen.system, seen.tools) == (Told.NOT_RECORDED, Told.NOT_RECORDED)
    assert seen.tool_names == ()
    assert seen.budget.shares[Share.UNSEEN] > 0


def test_a_compaction_replaces_what_was_said(store, session):
    boundary = store.context(session.id).boundaries[-1]
    changes = store.context_changes(session.id, boundary, boundary + 1)
    replaced = next(change for change in changes if change.word == "replaced")
    assert [block.share for block in replaced.added] == [Share.SUMMARY]
    assert len(replaced.dropped) > 20
    recorded = [b for b in store.context(session.id, boundary).blocks if not b.is_made_up]
    assert store.context(session.id, boundary + 1).summed_up == len(recorded)


def test_an_event_that_is_not_said_changes_nothing(store, session):
    silent = [e.index for e in store.events(session.id) if e.kind is Kind.FILE_SNAPSHOT]
    assert silent
    for at in silent:
        assert store.context_changes(session.id, at, at + 1) == ()


def test_the_request_in_the_shape_of_an_api(store, session):
    claude = json.loads(store.context_body(session.id, 30, "anthropic"))
    assert claude["model"] == session.model
    assert {message["role"] for message in claude["messages"]} == {"user", "assistant"}
    openai = json.loads(store.context_body(session.id, 30, "openai"))
    assert [message["role"] for message in openai["messages"]].count("tool") > 0
    with pytest.raises(BadArgumentError, match="'gemini' is no shape"):
        store.context_body(session.id, 30, "gemini")


def test_a_fork_that_edits_has_another_context(store, session):
    from scrubber.transfer.editing import Edit

    at = next(e.index for e in store.events(session.id) if e.kind is Kind.TOOL_RESULT)
    fork = store.fork_edited(session.id, at, Edit(text="nothing at all"), keep_following=True)
    before, after = store.context(session.id), store.context(fork.session.id)
    assert len(before.blocks) == len(after.blocks)
    assert [b.key for b in store.context(session.id, at).blocks] == [
        b.key for b in store.context(fork.session.id, at).blocks
    ]


def test_kept_events_are_those_of_the_store(store, session):
    kept = KeptEvents(store.store)
    for at in (5, 40, 20, session.events, 60):
        assert list(kept.transcript(session, at).events()) == store.events(session.id, 0, at)
    fork = store.fork(session.id, 50).session
    assert list(kept.transcript(fork, 50).events()) == store.events(fork.id)
    assert list(kept.transcript(session, 70).events()) == store.events(session.id, 0, 70)


def test_the_window_is_the_one_that_the_source_tells(tmp_path):
    corpus = Path(__file__).parents[1] / "formats" / "corpus" / "codex"
    with open_store(tmp_path / "store.db") as store:
        done = store.import_paths([next(corpus.glob("*0001.jsonl"))])
        told = next(one.session for one in done if one.session)
        assert store.context(told).budget.window == 258_400
