from __future__ import annotations


def test_the_files_that_were_touched(cli, sample):
    lines = cli("files", sample).out.splitlines()
    assert lines[0].split() == ["EDITS", "LINES", "LAST", "FILE", "NOTE"]
    assert lines[1].split() == ["1", "+4", "−0", "#111", "tests/test_login.py"]
    assert any("1 edit failed" in line for line in lines)


def test_up_to_an_index(cli, sample):
    assert cli("files", sample, "--at", 20).out == ""
    assert len(cli("files", sample, "--at", 60).out.splitlines()) == 3


def test_the_diff(cli, sample):
    out = cli("files", sample, "--at", 40, "--diff").out
    assert out.startswith("--- tidepool/auth.py\n+++ tidepool/auth.py\n@@ ")
    assert "\n-" in out
    assert "\n+" in out


def test_json(cli, sample):
    first, *_ = cli("files", sample, "--diff", "--json").lines
    assert first["path"] == "/home/ada/shop/tests/test_login.py"
    assert (first["added"], first["removed"], first["is_exact"]) == (4, 0, True)
    assert first["edits"][0]["tool"] == "Edit"
    assert first["diff"][0].startswith("@@ ")
    assert cli("files", sample, "--json").lines[0]["diff"] is None
