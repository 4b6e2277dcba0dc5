from __future__ import annotations

import sqlite3
from contextlib import closing


def test_all_is_well(cli, sample, home):
    done = cli("verify")
    assert (done.status, done.out) == (0, "")
    assert done.err == f"{home / 'scrubber' / 'store.db'}: all is well\n"


def test_a_fault_is_named_and_is_1(cli, sample, home):
    with closing(sqlite3.connect(home / "scrubber" / "store.db")) as connection, connection:
        connection.execute("UPDATE sessions SET messages = 999 WHERE id = ?", (sample,))
    done = cli("verify")
    assert done.status == 1
    assert done.out == f"session {sample}: its counts are not those of its events\n"
    assert done.err.endswith(": 1 fault\n")
    done = cli("verify", "--json")
    assert done.one == {
        "where": f"session {sample}",
        "what": "its counts are not those of its events",
    }


def test_formats(cli, home):
    lines = cli("formats", "--json").lines
    assert all(set(line) == {"name", "title", "reads", "writes"} for line in lines)
    table = {line["name"]: (line["reads"], line["writes"]) for line in lines}
    assert table["native"] == table["claude-code"] == table["messages"] == (True, True)
    assert (table["source"], table["markdown"]) == ((False, True), (False, True))
    assert not list(home.rglob("*.db"))


def test_formats_as_text(cli):
    head, *rows = cli("formats").out.splitlines()
    assert head.split() == ["FORMAT", "READ", "WRITE", "TITLE"]
    assert any(row.split()[:2] == ["claude-code", "yes"] for row in rows)
