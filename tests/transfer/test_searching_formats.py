"""Whatever the format: what the index finds is found without it, too, by the records' bytes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.core.query import parse
from scrubber.core.query.folding import words
from scrubber.transfer.event_texts import EventTexts
from tests.formats.corpus import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore

_EACH = 12
"""Words asked for in each session: its rarest, which are the likeliest to be told differently."""


def asked(store: OpenStore, session: str) -> list[str]:
    """Some words of a session, of different events."""
    texts = EventTexts(store.store)
    said = [words(texts.of(event)) for event in store.events(session)]
    counts = Counter(word for one in said for word in set(one))
    rare = {min(one, key=lambda w: (counts[w], -len(w))) for one in said if one}
    return sorted(rare, key=lambda word: (counts[word], -len(word), word))[:_EACH]


@pytest.mark.parametrize("folder", sorted(p.name for p in CORPUS.iterdir() if p.is_dir()))
def test_the_same_with_and_without_an_index(folder: str, tmp_path: Path):
    with open_store(tmp_path / "store.db") as store:
        store.import_paths([CORPUS / folder])
        queries = {
            (session.id, f'"{word}"'): b""
            for session in store.sessions()
            for word in asked(store, session.id)
        }
        for session, text in queries:
            queries[session, text] = store.fits(session, parse(f"{text} is:hidden,error,noted"))
            queries[session, text] += store.fits(session, text)
        store.update_index()
        for (session, text), found in queries.items():
            again = store.fits(session, parse(f"{text} is:hidden,error,noted"))
            assert found == again + store.fits(session, text), (session, text)
