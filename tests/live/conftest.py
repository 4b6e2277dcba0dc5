"""Stores with something to run on in them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from scrubber.api import OpenStore, open_store
from scrubber.live.extend import extend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.core.running import Outcome
    from scrubber.live.reports import Report
    from scrubber.live.run import Plan


class Bench:
    """A store with the sample in it, and what is told of the runs on it."""

    def __init__(self, store: OpenStore, sample: str) -> None:
        self.store = store
        self.sample = sample
        self.reports: list[Report] = []

    def fork(self, at: int) -> str:
        return self.store.store.fork(self.sample, at, title=f"at {at}")[0].id

    def run(
        self, session: str, provider: Any = "replay", plan: Plan | None = None, **how: Any
    ) -> Outcome:
        how.setdefault("observer", self.reports.append)
        return asyncio.run(extend(self.store.store, session, provider, plan, **how))

    def added(self, session: str, at: int) -> list[tuple[str, str, str]]:
        """(kind, origin, text) of the events behind an index."""
        events = self.store.events(session, at)
        return [(e.kind.label, e.origin.label, self.store.content(e).text) for e in events]

    def faults(self) -> list[str]:
        return [f"{fault.where}: {fault.what}" for fault in self.store.verify()]


@pytest.fixture
def bench(tmp_path: Path, bundled_sample: Path) -> Iterator[Bench]:
    with open_store(tmp_path / "store.db") as store:
        results = store.import_paths(bundled_sample)
        (main,) = (r.session for r in results if r.events > 100)
        assert main is not None
        yield Bench(store, main)


@pytest.fixture
def short(bench: Bench, tmp_path: Path) -> str:
    """A short session: a question, a call, its result, an answer."""
    path = tmp_path / "short.jsonl"
    path.write_bytes(SHORT)
    (result,) = bench.store.import_paths(path)
    assert result.session is not None
    return result.session


SHORT = (
    b'{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What time?"},'
    b'{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":'
    b'{"name":"clock","arguments":"{\\"zone\\": \\"UTC\\"}"}}]},'
    b'{"role":"tool","tool_call_id":"c1","content":"noon"},'
    b'{"role":"assistant","content":"It is noon."},'
    b'{"role":"user","content":"Thanks."},{"role":"assistant","content":"Any time."}]}\n'
)
