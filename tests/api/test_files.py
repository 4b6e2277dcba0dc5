from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.core.events import Kind
from scrubber.transfer.exporting import StoredTranscript
from scrubber.transfer.file_edits import EditFinder
from scrubber.transfer.kept import KeptEvents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrubber.api import OpenStore
    from scrubber.core.session import Session


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, bundled_sample: Path) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("files") / "store.db") as opened:
        opened.import_paths([bundled_sample])
        yield opened


@pytest.fixture(scope="module")
def session(store: OpenStore) -> Session:
    return store.page("", "events", 0, 1)[0]


def test_the_files_of_the_sample(store, session):
    files = {file.name: file for file in store.files(session.id)}
    assert set(files) == {
        "tests/test_login.py", "tidepool/session.py", "tidepool/shop.py", "tidepool/cart.py",
        "tests/test_rotation.py", "tidepool/auth.py",
    }  # fmt: skip
    cart = files["tidepool/cart.py"]
    assert [edit.is_failed for edit in cart.edits] == [True, False]
    assert (cart.added, cart.removed, cart.folded.is_exact) == (5, 0, True)
    assert "+    def move(self, old_id: str, new_id: str) -> None:" in cart.diff


def test_files_grow_with_the_playhead(store, session):
    """At whatever index one looks, and from wherever one comes, it is the same."""
    for at in (session.events, 60, 27, 111, 0, 28, 61):
        finder = EditFinder(session)
        finder.see(KeptEvents(store.store).transcript(session, at))
        assert store.file_edits(session.id, at) == list(finder.up_to(at))
    assert store.files(session.id, 26) == []
    (auth,) = store.files(session.id, 27)
    assert auth.edits[0].answered is None
    assert store.files(session.id, 60)[0].name == "tidepool/cart.py"


def test_a_failed_edit_is_known_to_have_failed_only_behind_its_result(store, session):
    failed = next(edit for edit in store.file_edits(session.id) if edit.is_failed)
    assert failed.answered is not None
    (before,) = (
        e for e in store.file_edits(session.id, failed.answered) if e.index == failed.index
    )
    assert not before.is_failed


def test_a_fork_has_the_edits_of_its_prefix(store, session):
    fork = store.fork(session.id, 60).session
    assert store.file_edits(fork.id) == store.file_edits(session.id, 60)
    assert store.next_file_edit(fork.id, 0, 1) == 27


def test_the_next_edit_of_the_same_file(store, session):
    edits = [edit for edit in store.file_edits(session.id) if edit.path.endswith("session.py")]
    cut = edits[0].index + 1
    assert store.next_file_edit(session.id, cut, 1) == edits[1].index + 1
    assert store.next_file_edit(session.id, edits[1].index + 1, -1) == cut


def test_real_sessions_of_each_agent(shared_data: Path, tmp_path: Path):
    """Every call of an editing tool is found, and nearly all tell what they changed."""
    names = {
        "claude-code": ("Edit", "Write", "MultiEdit"), "codex": ("apply_patch",),
        "pi": ("edit", "write"), "gemini-cli": ("replace", "write_file"),
    }  # fmt: skip
    with open_store(tmp_path / "store.db") as store:
        store.import_paths(
            [shared_data / name for name in ("claude-code", "codex", "pi", "gemini-cli")]
        )
        found = dict.fromkeys(names, 0)
        for session in store.sessions():
            told = StoredTranscript(store.store, session, session.events)
            calls = {
                event.index
                for event in told.events()
                if event.kind is Kind.TOOL_CALL and event.name in names.get(session.format, ())
            }
            edits = store.file_edits(session.id)
            by_tool = {edit.index for edit in edits if edit.tool in names.get(session.format, ())}
            assert by_tool == calls, session.source
            assert all(edit.change.is_recorded and edit.path for edit in edits), session.source
            found[session.format] = found.get(session.format, 0) + len(edits)
        assert found["claude-code"] > 400
        assert min(found["codex"], found["pi"]) > 40
