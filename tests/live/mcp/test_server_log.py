from __future__ import annotations

import logging

from scrubber.live.mcp import sdk_log
from scrubber.live.mcp.server_log import LIMIT, ServerLog


def test_it_stays_small_and_keeps_the_end(tmp_path):
    log = ServerLog(tmp_path / "logs", "odd/../name")
    for number in range(40):
        log.write(f"{number} ".encode() * 20_000)
    log.write(b"\nthe end\n\n")
    log.close()
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["mcp-odd_.._name.log", "mcp-odd_.._name.log.1"]
    assert sum(path.stat().st_size for path in (tmp_path / "logs").iterdir()) < 3 * LIMIT
    assert log.path.read_bytes().endswith(b"the end\n\n")
    assert log.last_words() == "the end"


def test_last_words_are_those_of_this_life(tmp_path):
    log = ServerLog(tmp_path, "x")
    log.write(b"old words\n")
    log.begin()
    assert log.last_words() == ""
    log.close()


def test_a_folder_that_cannot_be_written_costs_only_the_log(tmp_path):
    (tmp_path / "file").write_text("")
    log = ServerLog(tmp_path / "file", "x")
    log.write(b"words\n")
    assert log.last_words() == "words"


def test_the_sdk_logs_to_the_server_that_it_is_about(tmp_path, expect_log):
    sdk_log.divert()
    sdk_log.divert()
    log = ServerLog(tmp_path, "x")
    token = sdk_log.current.set(log)
    logging.getLogger("mcp.client.somewhere").error("about %s", "x")
    sdk_log.current.reset(token)
    log.close()
    assert "error: about x" in log.path.read_text()
    expect_log("about nobody")
    logging.getLogger("client").warning("about nobody")
