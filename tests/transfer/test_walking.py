"""Which files of a folder are imported, and what is told of those that have not changed."""

from __future__ import annotations

import pytest

from scrubber.api import open_store
from scrubber.transfer import walking
from scrubber.transfer.progress import Progress
from tests.bench import corpus


def names(folder):
    return [found.path.name for found in walking.files_of([folder])]


def test_files_at_any_depth_the_largest_first(tmp_path):
    for name, size in {"a.jsonl": 5, "deep/er/b.json": 9, "c.txt": 9, "d.meta.json": 9}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    assert names(tmp_path) == ["b.json", "a.jsonl"]


def test_links_to_files_count_and_links_to_folders_do_not(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "one.jsonl").write_bytes(b"x")
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "link.jsonl").symlink_to(tmp_path / "there" / "one.jsonl")
    (folder / "gone.jsonl").symlink_to(tmp_path / "nothing")
    (folder / "self.jsonl").symlink_to(folder / "self.jsonl")
    (folder / "up").symlink_to(tmp_path)
    assert names(folder) == ["link.jsonl"]


def test_a_name_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        list(walking.files_of([tmp_path / "nothing"]))


def test_only_what_changed_is_read_again(tmp_path):
    folder = tmp_path / "projects"
    for number in range(3):
        corpus.write_events(folder / f"{number}.jsonl", 5, number)
    with open_store(tmp_path / "store.db") as store:
        first = store.import_paths(folder)
        assert {one.status for one in first} == {"new"}
        store.delete(str(first[0].session))
        with (folder / "1.jsonl").open("ab") as stream:
            stream.write(corpus.lines(1, 6)[5])
        progress = Progress()
        again = store.import_paths(folder, progress=progress)
        assert sorted(one.status for one in again) == ["extended", "unchanged", "unchanged"]
        assert {(one.session, one.title) for one in again} == {
            (one.session, one.title) for one in first
        }
        assert len(store.sessions()) == 3, "what was put away is taken back"
        assert progress.files == progress.files_total == 3
        assert progress.bytes == progress.bytes_total
