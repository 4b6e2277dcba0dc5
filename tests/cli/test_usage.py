from __future__ import annotations


def test_sums_by_turn_model_and_tool(cli, sample):
    out = cli("usage", sample).out
    assert "claude-opus-4-5-20251101" in out
    assert "\n" in out
    assert "  Bash\n" in out


def test_json(cli, sample):
    one = cli("usage", sample, "--json").one
    shown = cli("show", sample, "--json").one
    for key in ("input", "cache_read", "cache_write", "output"):
        assert one["total"][key] == shown[key]
        assert sum(turn[key] for turn in one["turns"]) == shown[key]
        assert sum(model[key] for model in one["models"]) == shown[key]
        assert sum(answer[key] for answer in one["answers"]) == shown[key]
    assert one["total"]["cost_micros"] > 0
    assert one["total"]["unpriced"] == 0


def test_up_to_an_index(cli, sample):
    one = cli("usage", sample, "--at", 60, "--json").one
    shown = cli("show", sample, "--at", 60, "--json").one
    assert one["total"]["cache_read"] == shown["cache_read"]
    assert cli("usage", sample, "--at", 0, "--json").one["answers"] == []
