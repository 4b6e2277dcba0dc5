from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scrubber.store import Store, leases
from scrubber.store.leases import HeldError, LeaseLostError
from tests.store.making import add_session, faults, message, messages, texts


@pytest.fixture
def session(store):
    return add_session(store, messages(1))


def test_a_second_one_is_told_who_has_it(store, session):
    lease = store.claim(session, "the window")
    assert store.holder(session) == f"the window (process {os.getpid()})"
    with pytest.raises(HeldError, match=rf"{session} is being extended by the window \(process"):
        store.claim(session)
    store.release(lease)
    assert store.holder(session) is None
    assert store.claim(session).fence == lease.fence + 1


def test_who_lost_it_writes_nothing_more(store, session):
    late = store.claim(session, "the slow one", ttl_ms=0)
    log = store.own_log(session, late)
    log.append([(b"x", message("it ran out, but nobody has taken it"))])
    store.claim(session, "the quick one")
    for attempt in (
        lambda: log.append([(b"x", message("too late"))]),
        lambda: store.share(session, session, 0, 1, late),
        lambda: store.renew(late),
    ):
        with pytest.raises(LeaseLostError, match="the quick one"):
            attempt()
    store.release(late)
    assert store.holder(session)
    assert texts(store, session)[1:] == ["it ran out, but nobody has taken it"]
    assert faults(store) == []


def test_renewing_keeps_it(store, session):
    lease = store.claim(session, ttl_ms=0)
    store.renew(lease)
    with pytest.raises(HeldError):
        store.claim(session)


def test_a_dead_program_is_not_waited_for(store, session):
    script = (
        "import sys; from pathlib import Path; from scrubber.store import Store; "
        "Store(Path(sys.argv[1])).claim(sys.argv[2], 'a program that was killed')"
    )
    subprocess.run([sys.executable, "-c", script, store.path, session], check=True)
    assert store.holder(session) is None
    assert store.claim(session).fence == 2


def test_two_stores_on_one_file_agree(store, session):
    other = Store(store.path)
    lease = other.claim(session)
    with pytest.raises(HeldError):
        store.claim(session)
    other.release(lease)
    store.release(store.claim(session))
    other.close()


def test_a_purged_session_takes_its_lease_along(store, session):
    store.claim(session)
    store.trash(session)
    store.purge()
    rows = store.connections.get().execute("SELECT count(*) FROM leases").fetchone()
    assert rows == (0,)
    assert leases.RENEW_MS * 3 <= leases.TTL_MS
