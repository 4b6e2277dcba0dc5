"""A file that is followed while its agent writes it: it ends as if it had been read at once."""

from __future__ import annotations

import os
import shutil
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.api import open_store
from scrubber.core.errors import CancelledError, ScrubberError
from scrubber.formats import registry
from scrubber.transfer.following import Follower, Followers, recent_files
from tests.helpers.data import REPOSITORY
from tests.transfer.comparing import everything, import_one, source_bytes
from tests.transfer.test_growing import LINES, files

CODEX = sorted((REPOSITORY / "tests" / "formats" / "corpus" / "codex").glob("*.jsonl"))


def append(path, data):
    with path.open("ab") as stream:
        stream.write(data)


def follow(folder, name, data, cuts, format):
    """Let a file grow from cut to cut, and compare it with the whole."""
    piecewise, whole = folder / "a" / name, folder / "b" / name
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        for path in (piecewise, whole):
            path.parent.mkdir()
        whole.write_bytes(data)
        import_one(other, whole)
        first, later = cuts[0], [*cuts[1:], len(data)]
        piecewise.write_bytes(data[:first])
        list(store.import_paths([piecewise], format=format))
        follower, at = Follower(store.store, piecewise), first
        for cut in later:
            append(piecewise, data[at:cut])
            follower.catch_up()
            assert not follower.catch_up()
            at = cut
        assert list(store.verify()) == []
        assert everything(store) == everything(other)
        (session,) = [s for s in store.sessions() if s.parent is None]
        assert source_bytes(store, session.id) == data
        assert len(store.store.sources()) == 1


@settings(max_examples=25)
@given(files(), st.data())
def test_pieces_give_what_the_whole_gives(tmp_path_factory, data, draws):
    cuts = draws.draw(st.lists(st.integers(400, len(data)), min_size=1, max_size=6).map(sorted))
    follow(tmp_path_factory.mktemp("tail"), "session.jsonl", data, cuts, "claude-code")


@pytest.mark.parametrize("path", CODEX, ids=lambda path: path.stem[-4:])
def test_a_codex_rollout_is_followed_line_by_line(tmp_path, path):
    data = path.read_bytes()
    ends = [n + 1 for n, byte in enumerate(data) if byte == 10]
    follow(tmp_path, path.name, data, [*ends[:-1], ends[-1] - 3], "codex")


def test_only_what_is_new_is_read(tmp_path, monkeypatch):
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:20]))
    with open_store(tmp_path / "a.db") as store:
        import_one(store, path)
        follower = Follower(store.store, path)
        follower.catch_up()
        kept = [follower._kept is not None]  # of a file that may never grow nothing is read
        append(path, LINES[20])
        assert follower.catch_up()
        assert follower._kept is not None
        assert kept == [False]
        assert [source.complete for source in store.store.sources()] == [True]
        reader, seen = follower._kept[1], list[int]()
        read = reader.read

        def noted(stream):
            seen.append(stream.tell())
            return read(stream)

        monkeypatch.setattr(reader, "read", noted)
        for line in LINES[21:26]:
            seen.append(path.stat().st_size)
            append(path, line)
            assert follower.catch_up()
        assert seen[0::2] == seen[1::2]


def test_reading_is_left_when_nobody_waits_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.transfer.progress._INTERVAL_S", 0.0)
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:20]))
    over = False
    with open_store(tmp_path / "a.db") as store:
        import_one(store, path)
        followers = Followers(store.store, lambda: over)
        followers.follow([path])
        append(path, LINES[20])
        over = True
        with pytest.raises(CancelledError):
            followers.catch_up()
        assert list(store.verify()) == []
        over = False
        assert followers.catch_up()
        assert source_bytes(store, store.roots()[0].id) == path.read_bytes()


def test_a_fork_stays_while_its_source_grows(tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:20]))
    with open_store(tmp_path / "a.db") as store:
        import_one(store, path)
        (source,) = store.sessions()
        follower = Follower(store.store, path)
        follower.catch_up()
        fork = store.fork(source.id, source.events).session
        append(path, b"".join(LINES[20:]))
        changes = follower.catch_up()
        assert changes.changed == {source.id}
        assert store.session(source.id).events > source.events == store.session(fork.id).events
        assert store.continue_branch(fork.id).ending == "finished"
        assert store.store.slices(fork.id) == store.store.slices(source.id)


@pytest.mark.parametrize("how", ["shorter", "another"])
def test_a_file_that_was_rewritten_is_read_anew(tmp_path, how):
    path, fresh = tmp_path / "session.jsonl", tmp_path / "fresh.jsonl"
    path.write_bytes(b"".join(LINES[:20]))
    with open_store(tmp_path / "a.db") as store, open_store(tmp_path / "b.db") as other:
        import_one(store, path)
        follower = Follower(store.store, path)
        follower.catch_up()
        fresh.write_bytes(b"".join(LINES[2:8] if how == "shorter" else LINES[3:]))
        fresh.replace(path)
        follower.catch_up()
        append(path, LINES[0])
        follower.catch_up()
        import_one(other, path)
        assert everything(store) == everything(other)


def test_another_program_may_be_quicker(tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:20]))
    with open_store(tmp_path / "a.db") as store, open_store(tmp_path / "a.db") as other:
        import_one(store, path)
        follower = Follower(store.store, path)
        follower.catch_up()
        append(path, b"".join(LINES[20:25]))
        import_one(other, path)
        append(path, b"".join(LINES[25:]))
        for _ in range(3):
            follower.catch_up()
        assert source_bytes(store, store.sessions()[0].id) == path.read_bytes()
        assert list(store.verify()) == []


def test_several_are_followed_and_one_fails(tmp_path):
    good, gone = tmp_path / "good.jsonl", tmp_path / "gone.jsonl"
    for path, lines in ((good, LINES[:9]), (gone, LINES[9:18])):
        path.write_bytes(b"".join(lines))
    with open_store(tmp_path / "a.db") as store:
        import_one(store, good, gone)
        followers = Followers(store.store)
        followers.follow([good, gone])
        followers.catch_up()
        gone.unlink()
        append(good, LINES[20])
        assert len(followers.catch_up().changed) == 1
        with pytest.raises((ScrubberError, OSError)):
            Follower(store.store, gone).catch_up()


def test_what_was_written_lately(tmp_path):
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    for path in (old, new):
        shutil.copyfile(CODEX[0], path)
    os.utime(old, (1, 1))
    with open_store(tmp_path / "a.db") as store:
        import_one(store, old, new)
        assert recent_files(store.store) == [new]
        new.unlink()
        assert recent_files(store.store) == []


def test_a_file_that_somebody_imports_is_left_to_them(tmp_path):
    """Two that read the same long file get in each other's way; who stands still has given up."""
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES))
    with open_store(tmp_path / "store.db") as store:
        claude_code = registry.get("claude-code")
        source, writer = store.store.writer(path, claude_code.name, claude_code.version)
        follower, reader = Follower(store.store, path), claude_code.reader(path)
        with path.open("rb") as stream:
            for reading in islice(reader.read(stream), 3):
                writer.add(reading.raw, reading.drafts)
                writer.commit(reader.infos)
                assert not follower.catch_up()
        assert store.store.source(source).records == 3
        assert follower.catch_up()
        assert store.store.source(source).complete
        assert store.sessions()[0].events >= len(LINES)
