"""The bundled sample, forked at every index, goes on for one turn with a real model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scrubber.core.policy import parse_policy
from scrubber.core.running import Budget, Ending
from scrubber.live.run import Plan

if TYPE_CHECKING:
    from tests.live.conftest import Bench

NOTHING_SAID = "Nothing was sent: nothing has been said yet."
PLAN = Plan(policy=parse_policy("static"), budget=Budget(turns=1), compact_at=None)


def first_said(bench: Bench) -> int:
    """Behind the first message that a model is told."""
    return next(n for n in range(133) if bench.store.totals(bench.sample, n).messages)


STEP = 1 if os.environ.get("SCRUBBER_TEST_EVERYTHING") else 19
"""Every index takes minutes: the server reads the whole conversation for each."""


@pytest.mark.slow
@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_fork_at_any_index_goes_on(bench, parrot_provider, api):
    provider, silent = parrot_provider(api), first_said(bench)
    for at in range(STEP == 1, 133, STEP):
        outcome = bench.run(bench.fork(at), provider, PLAN)
        if at < silent:
            assert (outcome.ending, outcome.reason) == (Ending.FAILED, NOTHING_SAID), at
        else:
            assert outcome.ending is Ending.FINISHED, (at, outcome.reason)
    assert bench.faults() == []
