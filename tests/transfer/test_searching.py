from __future__ import annotations

import os
import sqlite3
import threading

import orjson
import pytest

from scrubber.api import open_store
from scrubber.core.errors import CancelledError, StoreError
from scrubber.core.query import QueryError
from scrubber.transfer import indexing
from scrubber.transfer.progress import Progress
from tests.bench import corpus


def write(path, *said: str, failed: str = "", hidden: bool = False):
    """A transcript in which a user says these texts, and a tool fails with another."""
    session = corpus.Session(path.name)
    records = [session.record("user", message={"role": "user", "content": one}) for one in said]
    if failed:
        block = {"type": "tool_use", "id": "c1", "name": "Bash", "input": {"command": "make it"}}
        records.append(session.reply(block, session.message()))
        answer = {"tool_use_id": "c1", "type": "tool_result", "content": failed, "is_error": True}
        records.append(session.record("user", message={"role": "user", "content": [answer]}))
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in records))
    return path


def add(store, path, *said: str, failed: str = "") -> str:
    (result,) = store.import_paths([write(path, *said, failed=failed)])
    return str(result.session)


def found(store, query: str, **how) -> list[str]:
    return sorted(hit.snippet.text for hit in store.search(query, **how))


@pytest.fixture(params=["indexed", "not indexed", "half indexed"])
def session(request, store, tmp_path):
    """A session, and how much of it the index has."""
    said = ["The naïve redirect", "not to be found", "it was not\nfound \\o/", "世界 in auth.py"]
    path = tmp_path / "one.jsonl"
    name = add(store, path, *said[:2])
    if request.param == "half indexed":
        store.update_index()
    write(path, *said, failed="Exit code 2: redirect loop")
    store.import_paths([path])
    if request.param == "indexed":
        store.update_index()
    return name


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("redir", 2),
        ("naive", 1),
        ('"not found"', 1),
        ("found", 2),
        ("not -naive", 2),
        ('found -"not found"', 1),
        ("世界", 1),
        ("auth.py", 1),
        ("redirect is:error", 1),
        ("tool:bash", 2),
        ("tool:b*,edit kind:tool_call", 1),
        ("role:user -is:error", 4),
        ("redirect before:2020", 0),
        ("redirect after:2020", 2),
        ("in:root", 6),
        ("in:branch", 0),
        ("found session:nothing", 0),
        ("nowhere", 0),
        ("make", 1),
        ("lane:you", 4),
        ("lane:tools -is:error", 1),
        ("bash", 2),
    ],
)
def test_the_same_is_found_whatever_is_indexed(store, session, query, count):
    hits = list(store.search(query, each=50))
    assert len(hits) == count, [hit.snippet for hit in hits]
    mask = store.fits(session, query)
    assert [i for i, byte in enumerate(mask) if byte] == sorted(hit.event.index for hit in hits)


def test_a_part_of_a_session_is_looked_through(store, session):
    whole = store.fits(session, "found")
    assert store.fits(session, "found", 1, 3) == whole[1:3]
    assert store.fits(session, "found", 2, 99) == whole[2:]


def test_the_next_and_the_previous_that_fits(store, session):
    places = [n + 1 for n, fits in enumerate(store.fits(session, "found")) if fits]
    assert places == [2, 3]
    assert store.next_fit(session, "found", 0, 1) == 2
    assert store.next_fit(session, "found", 2, 1) == 3
    assert store.next_fit(session, "found", 3, 1) is None
    assert store.next_fit(session, "found", 3, -1) == 2
    assert store.next_fit(session, "found", 2, -1) is None
    assert store.next_fit(session, "found", 0, -1) is None


def test_the_tools_of_a_session(store, session):
    assert store.tools(session) == [("Bash", 1)]


def test_a_hit_shows_the_match(store, session):
    (hit,) = store.search('"not found"')
    assert hit.session == session
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["not found"]
    assert store.events(session)[hit.event.index].text == hit.event.text


def test_a_shared_event_is_one_hit_that_names_its_branches(store, session):
    fork = store.fork(session, 2, title="another way").session.id
    (hit,) = store.search("naive")
    assert [(b.session, b.title, b.index) for b in hit.branches] == [
        (session, store.session(session).title, 0),
        (fork, "another way", 0),
    ]
    assert not list(store.search("naive in:branch"))


def test_what_a_branch_adds_is_found_there(store, session):
    store.update_index()
    edited = store.fork_edited(session, 1, edit_of("quite different"), keep_following=True)
    (hit,) = store.search("different in:branch origin:edited")
    assert (hit.session, hit.event.index) == (edited.session.id, 1)
    assert found(store, "found in:branch") == []


def test_what_people_noted_is_a_condition(store, session):
    store.notes.bookmark(session, 0)
    store.notes.label(session, 1, "Odd one")
    store.notes.write(session, 1, "why?")
    for query, index in {
        "is:bookmarked": 0,
        'label:"odd one"': 1,
        "is:noted -naive": 1,
        "note:WHY": 1,
        "note:nothing,why": 1,
    }.items():
        (hit,) = store.search(query)
        assert hit.event.index == index
    assert found(store, "note:because") == []
    assert store.fits(session, "is:bookmarked") == b"\1" + bytes(5)


def edit_of(text: str):
    from scrubber.transfer.editing import Edit

    return Edit(text=text)


def test_of_each_session_only_so_many(store, tmp_path):
    many = [f"needle {n}" for n in range(20)]
    one, other = add(store, tmp_path / "a.jsonl", *many), add(store, tmp_path / "b.jsonl", *many)
    for _ in range(2):
        hits = list(store.search("needle", each=3))
        assert sorted(hit.session for hit in hits) == sorted([one] * 3 + [other] * 3)
        assert len(list(store.search("need", each=30))) == 40
        store.update_index()


def test_whole_words_come_first(store, tmp_path):
    add(store, tmp_path / "a.jsonl", "log", "logging")
    store.update_index()
    assert [hit.snippet.text for hit in store.search("log")] == ["log", "logging"]


def test_the_trash_is_not_searched(store, session):
    fork = store.fork(session, 2).session.id
    store.delete(fork)
    assert len(next(iter(store.search("naive"))).branches) == 1
    store.delete(session)
    assert found(store, "naive") == []


def words_in(path) -> set[str]:
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, words, 'row')")
    result = {row[0] for row in connection.execute("SELECT term FROM v")}
    connection.close()
    return result


def test_what_is_purged_leaves_the_index(store, tmp_path):
    keep, gone = (
        add(store, tmp_path / "a.jsonl", "kept"),
        add(store, tmp_path / "b.jsonl", "secret"),
    )
    store.update_index()
    store.delete(gone)
    assert "secret" in words_in(store.store.index.path)
    store.purge()
    assert words_in(store.store.index.path) == set()
    assert b"secret" not in store.store.index.path.read_bytes()
    assert [hit.session for hit in store.search("kept")] == [keep]
    store.update_index()
    assert words_in(store.store.index.path) >= {"kept"}


def test_a_log_that_took_the_number_of_another_is_indexed_anew(store, tmp_path):
    add(store, tmp_path / "a.jsonl", "kept")
    gone = add(store, tmp_path / "b.jsonl", "secret")
    store.update_index()
    store.delete(gone)
    store.store.index.forget_gone = lambda: None  # as another program would, that is older
    store.purge()
    again = add(store, tmp_path / "c.jsonl", "fresh")
    assert found(store, "secret") == []
    assert [hit.session for hit in store.search("fresh")] == [again]
    store.update_index()
    assert [hit.session for hit in store.search("fresh")] == [again]


def damage(path, how):
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if how == "deleted":
        path.unlink()
    elif how == "no database":
        path.write_bytes(b"not a database at all, " * 1000)
    elif how == "cut":
        os.truncate(path, path.stat().st_size // 2)
    elif how == "torn":
        data = bytearray(path.read_bytes())
        data[8192:] = os.urandom(len(data) - 8192)
        path.write_bytes(data)
    else:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 99")
        connection.close()


@pytest.mark.parametrize("how", ["deleted", "no database", "cut", "torn", "another version"])
@pytest.mark.parametrize("read_only", [True, False])
def test_an_index_that_is_no_use_is_made_anew(tmp_path, how, read_only):
    path = tmp_path / "store.db"
    with open_store(path) as store:
        add(store, tmp_path / "a.jsonl", *(f"needle number{n}" for n in range(300)))
        store.update_index()
    damage(store.store.index.path, how)
    with open_store(path, read_only=read_only) as store:
        assert len(list(store.search('needle "number17"', each=9))) == 1
        assert len(list(store.search("number2", each=900))) == 111
    with open_store(path) as store:
        store.update_index()
        assert store.index_state() == (300, 300)
        assert len(list(store.search("number2", each=900))) == 111


def test_the_index_is_private_and_holds_no_text(store, session):
    store.update_index()
    path = store.store.index.path
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"The na" not in path.read_bytes()


def test_what_is_done_when_it_is_cancelled_is_kept(store, tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "_BATCH_EVENTS", 256)
    add(store, tmp_path / "a.jsonl", *(f"needle {n}" for n in range(2_000)))
    calls = iter(range(99))
    progress = Progress(report=lambda _: None, cancelled=lambda: next(calls) > 3)
    monkeypatch.setattr("scrubber.transfer.progress._INTERVAL_S", 0.0)
    with pytest.raises(CancelledError):
        store.update_index(progress)
    done, total = store.index_state()
    assert 0 < done < total
    assert len(list(store.search("needle", each=3_000))) == 2_000
    store.update_index()
    assert store.index_state() == (2_000, 2_000)


def test_a_bulk_is_merged_in_the_end(store, tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.store.search.index._BULK", 500)
    monkeypatch.setattr(indexing, "_BATCH_EVENTS", 256)
    add(store, tmp_path / "a.jsonl", *(f"needle {n}" for n in range(2_000)))
    store.update_index()
    connection = sqlite3.connect(store.store.index.path)
    segments = connection.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()[0]
    assert connection.execute("PRAGMA freelist_count").fetchone()[0] == 0
    connection.close()
    assert segments == 1
    assert len(list(store.search("needle", each=3_000))) == 2_000


def test_a_store_that_is_only_read_gets_no_index(tmp_path):
    path = tmp_path / "store.db"
    with open_store(path) as store:
        add(store, tmp_path / "a.jsonl", "needle")
    with open_store(path, read_only=True) as store:
        assert found(store, "needle") == ["needle"]
        with pytest.raises(StoreError, match="reading only"):
            store.update_index()
    assert not path.with_name("store.db-search").exists()


def test_where_no_index_can_be_made_all_is_found_without(store, tmp_path, monkeypatch):
    add(store, tmp_path / "a.jsonl", "needle")

    def refuse(*_args, **_how):
        raise PermissionError("not here")

    monkeypatch.setattr("pathlib.Path.touch", refuse)
    assert found(store, "needle") == ["needle"]


def test_two_at_once_index_everything_once(tmp_path, store):
    for n in range(30):
        add(store, tmp_path / f"{n}.jsonl", *(f"needle {n} {m}" for m in range(20)))
    with open_store(store.path) as other:
        threads = [threading.Thread(target=one.update_index) for one in (store, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert store.index_state() == (600, 600)
    assert len(list(store.search("needle", each=99))) == 600


def test_a_search_nobody_waits_for_ends(store, session):
    hits = store.search("found", stopped=lambda: True)
    assert list(hits) == []


def test_a_word_of_any_length_is_looked_for(store, tmp_path):
    """SQLite takes no pattern of more than 50,000 bytes."""
    word = "q" * 60_000
    add(store, tmp_path / "long.jsonl", f"a {word}.")
    for _ in range(2):
        assert len(found(store, word)) == 1
        assert not found(store, "r" + word)
        store.update_index()


def test_nonsense_is_an_error_at_once(store):
    with pytest.raises(QueryError):
        list(store.search("kind:what"))
