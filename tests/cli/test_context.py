from __future__ import annotations

import json


def test_budget_and_blocks(cli, sample):
    out = cli("context", sample, "--at", 60).out
    assert out.startswith("≈ ")
    assert " of 200,000 (" in out
    assert "not recorded: system prompt and tools" in out
    assert "Read: /home/ada/shop/tidepool/auth.py" in out


def test_json(cli, sample):
    one = cli("context", sample, "--at", 60, "--json").one
    assert (one["session"], one["at"]) == (sample, 60)
    assert sum(one["shares"].values()) == one["tokens"]
    assert (one["system"], one["tools"]) == ("not recorded", "not recorded")
    assert one["blocks"][0]["share"] == "user"
    assert one["blocks"][-1]["index"] == 59


def test_what_changed(cli, sample):
    one = cli("context", sample, "--at", 60, "--diff", 59, "--json").one
    (change,) = one["changes"]
    assert (change["change"], len(change["added"]), change["dropped"]) == ("added", 1, [])
    out = cli("context", sample, "--at", 60, "--diff", 50).out
    assert "\nadded " in out
    assert "\n+ 60  assistant" in out


def test_the_request_itself(cli, sample):
    body = json.loads(cli("context", sample, "--at", 60, "--shape", "anthropic").out)
    assert body["messages"][0]["role"] == "user"


def test_at_the_start_there_is_nothing(cli, sample):
    one = cli("context", sample, "--at", 0, "--json").one
    assert (one["tokens"], one["blocks"], one["messages"]) == (0, [], 0)


def test_behind_the_end_is_wrong_usage(cli, sample):
    assert cli("context", sample, "--at", 999).status == 2
    assert cli("context", sample, "--diff", 999).status == 2
