"""The bundled sample, forked at every index, goes on for one turn with a real model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending, Params
from scrubber.live.run import Plan

if TYPE_CHECKING:
    from tests.live.conftest import Bench

NOTHING_SAID = "Nothing was sent: nothing has been said yet."
PLAN = Plan(
    # Nothing tells this model how to go on with words of its own: drawn by chance, they may be the
    # beginning of a reply without an end.
    Params(temperature=0.0, seed=1, max_tokens=64),
    policy=parse_policy("static"),
    budget=Budget(turns=1),
    compact_at=None,
)


def first_said(bench: Bench) -> int:
    """Behind the first message that a model is told."""
    return next(n for n in range(133) if bench.store.totals(bench.sample, n).messages)


EVERY = range(133)
SOME = (1, 3, 5, 7, 10, 14)
"""The server reads the whole conversation for each: all of them take many minutes."""
INDICES = EVERY if os.environ.get("SCRUBBER_TEST_EVERYTHING") else SOME


@pytest.mark.slow
@pytest.mark.parametrize("api", ["openai", "anthropic"])
@pytest.mark.parametrize("at", INDICES)
def test_a_fork_at_any_index_goes_on(bench, parrot_provider, api, at):
    outcome = bench.run(bench.fork(at), parrot_provider(api), PLAN)
    if at < first_said(bench):
        assert (outcome.ending, outcome.reason) == (Ending.FAILED, NOTHING_SAID)
    else:
        assert outcome.ending is Ending.FINISHED, outcome.reason
    assert bench.faults() == []
