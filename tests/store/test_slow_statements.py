from __future__ import annotations

import sqlite3

import pytest

from scrubber.store.connection import connect
from scrubber.store.slow_statements import WatchedConnection
from scrubber.store.store import Store

COUNT = "WITH RECURSIVE n(i) AS (VALUES(:first) UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "


@pytest.fixture
def connection(monkeypatch, tmp_path):
    Store(tmp_path / "s.db").close()
    monkeypatch.setenv("SCRUBBER_DEV", "1")
    connection = connect(tmp_path / "s.db")
    yield connection
    connection.close()


@pytest.mark.parametrize("fetch", ["fetchone", "fetchall", "rows"])
def test_a_slow_statement_is_logged_once_with_its_plan_and_without_values(
    connection, caplog, expect_log, fetch
):
    expect_log("ms and more: WITH RECURSIVE")
    cursor = connection.execute(COUNT + "SELECT i FROM n ORDER BY -i", {"first": 4321})
    list(cursor) if fetch == "rows" else getattr(cursor, fetch)()
    (record,) = caplog.records
    assert "SELECT i FROM n ORDER BY -i" in record.message
    assert "SCAN n" in record.message
    assert "4321" not in record.message


def test_a_quick_one_is_not_logged(connection, caplog):
    assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    assert not caplog.records


def test_nobody_else_pays_for_it(tmp_path, monkeypatch):
    monkeypatch.delenv("SCRUBBER_DEV", raising=False)
    Store(tmp_path / "s.db").close()
    connection = connect(tmp_path / "s.db")
    assert type(connection) is sqlite3.Connection
    connection.close()


def test_the_developer_mode_watches(connection):
    assert isinstance(connection, WatchedConnection)
