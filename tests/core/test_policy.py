from __future__ import annotations

import pytest

from scrubber.core.errors import BadArgumentError
from scrubber.core.events import Usage
from scrubber.core.policy import Ladder, Matching, Policy, Rung, parse_policy
from scrubber.core.running import Budget, Params, add_usage


def test_nothing_is_live_unless_it_is_chosen():
    assert Policy().ladder("Bash").rungs == (Rung.RECORDED, Rung.ASK)


def test_an_exact_name_goes_before_a_pattern():
    policy = parse_policy({"default": "error", "tools": {"mcp__*": "live", "mcp__x": "static"}})
    rungs = [policy.ladder(name).rungs for name in ("mcp__x", "mcp__y", "Bash")]
    assert rungs == [(Rung.STATIC,), (Rung.LIVE,), (Rung.ERROR,)]


@pytest.mark.parametrize("word", ["recorded", ["recorded", "live"]])
def test_a_word_or_a_list_is_a_policy(word):
    expected = tuple(map(Rung, [word] if isinstance(word, str) else word))
    assert parse_policy(word) == Policy(Ladder(expected))


def test_from_json_and_back():
    policy = parse_policy(
        {
            "default": {"rungs": ["recorded", "static"], "text": "ok", "matching": "order"},
            "tools": {"Bash": "ask"},
            "permissions": {"allow": ["Read"]},
            "ask_seconds": 30,
        }
    )
    assert policy.default.matching is Matching.ORDER
    assert parse_policy(policy.as_json()) == policy


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("lively", "'lively' is not a rung: use one of recorded, static, error, ask, live"),
        ([], "at least one rung"),
        (3, "a policy is a JSON object"),
        ({"tolls": {}}, "a policy has no 'tolls'"),
        ({"tools": []}, "tools are an object"),
        ({"default": {"rung": "ask"}}, "a ladder has no 'rung'"),
        ({"default": {"matching": "loose"}}, "use one of strict, order"),
        ({"ask_seconds": "long"}, "no number of seconds"),
    ],
)
def test_what_is_no_policy_is_refused(value, words):
    with pytest.raises(BadArgumentError, match=words):
        parse_policy(value)


def test_parameters_from_json_and_back():
    params = Params("m", temperature=0.5, stop=("a", "b"))
    assert params.as_json() == {"model": "m", "temperature": 0.5, "stop": ("a", "b")}
    assert Params.from_json({**params.as_json(), "stop": ["a", "b"]}) == params
    for bad in ({"temprature": 1}, {"seed": "x"}):
        with pytest.raises(BadArgumentError, match=next(iter(bad))):
            Params.from_json(bad)


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(), None),
        (Budget(turns=3), None),
        (Budget(turns=2), "2 turns"),
        (Budget(tokens=15), "15 tokens"),
        (Budget(tokens=16), None),
        (Budget(cost_micros=20_000), "$0.02"),
        (Budget(seconds=1.5), "1.5 seconds"),
    ],
)
def test_a_budget_says_which_limit_was_reached(budget, words):
    assert budget.exceeded(2, Usage(5, output=10, cost_micros=20_000), 2.0) == words


def test_unknown_costs_stay_unknown():
    assert add_usage(Usage(1), Usage(2)).cost_micros is None
    assert add_usage(Usage(1), Usage(2, cost_micros=5)) == Usage(3, cost_micros=5)
