"""What ``opencode import`` needs of a file, as tried with version 1.18; and what it would send."""

from __future__ import annotations

import json
import re
from typing import Any

ID = re.compile(r"(ses|msg|prt)_[0-9a-f]{12}[0-9A-Za-z]{14}")


def check(data: bytes, old_ids: set[str]) -> dict[str, Any]:
    """Hold a file against the rules; gives its value."""
    assert data.endswith(b"\n")
    value: dict[str, Any] = json.loads(data)
    session = value["info"]
    assert ID.fullmatch(session["id"])
    assert session["id"] not in old_ids
    assert session.keys() >= {"slug", "projectID", "directory", "title", "version", "time"}
    assert "parentID" not in session
    names = [m["info"]["id"] for m in value["messages"]]
    parts = [part["id"] for m in value["messages"] for part in m["parts"]]
    for ids in (names, parts):
        assert all(ID.fullmatch(name) for name in ids)
        assert ids == sorted(set(ids))
        assert not old_ids & set(ids)
    times = [m["info"]["time"]["created"] for m in value["messages"]]
    assert times == sorted(times)
    for message in value["messages"]:
        _check_message(message, session["id"], names)
    return value


def _check_message(message: dict[str, Any], session: str, names: list[str]) -> None:
    info = message["info"]
    assert info["sessionID"] == session
    if info["role"] == "assistant":
        assert info.keys() >= {
            "parentID",
            "cost",
            "tokens",
            "modelID",
            "providerID",
            "mode",
            "path",
        }
        assert info["parentID"] in names
        assert info["tokens"].keys() >= {"input", "output", "reasoning", "cache"}
    else:
        assert info["role"] == "user"
        assert info.keys() >= {"agent", "model"}
    for part in message["parts"]:
        assert (part["messageID"], part["sessionID"]) == (info["id"], session)
        if part["type"] == "tool":
            assert part["state"]["status"] in ("completed", "error"), "an open call"
            assert isinstance(part["state"]["input"], dict)
