"""The account of a session adds up to what the store has summed, at every index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.core.usage.sums import by_model, by_turn, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, bundled_sample: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("usage") / "store.db") as opened:
        opened.import_paths([bundled_sample])
        yield opened


def test_at_every_index(store):
    session = store.page("", "events", 0, 1)[0]
    for at in range(session.events + 1):
        found, summed = total(store.usage(session.id, at).upto), store.totals(session.id, at)
        if at == session.events or found.usage.total == summed.tokens:
            continue
        # An answer that is told in parts counts whole from its first part on.
        assert found.usage.total > summed.tokens
    assert total(store.usage(session.id).upto).usage.total == session.tokens


def test_the_account_grows_with_a_session(store):
    session = store.page("", "events", 0, 1)[0]
    fork = store.fork(session.id, 60).session
    assert store.usage(fork.id).upto == store.usage(session.id, 60).upto
    assert store.usage(session.id, 60).whole is store.usage(session.id).whole


def test_real_sessions_of_all_formats(shared_data: Path, tmp_path: Path):
    """Tokens add up, by turn and by model, and most answers have a price."""
    priced = 0
    with open_store(tmp_path / "store.db") as store:
        folders = [one for one in sorted(shared_data.iterdir()) if one.name != "growing"]
        store.import_paths(folders)
        for session in store.sessions():
            account = store.usage(session.id).upto
            found = total(account)
            assert found.usage.total == session.tokens, session.source
            assert sum(one.usage.total for one in by_turn(account)) == session.tokens
            assert sum(one.usage.total for one in by_model(account)) == session.tokens
            assert found.calls == len(account.calls)
            priced += found.answers - found.unpriced
    assert priced > 3_500
