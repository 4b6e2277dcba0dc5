from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.api import OpenStore, open_store
from scrubber.core.lint import Repair
from scrubber.models.library import ForkRequest, Library
from scrubber.models.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_fork_undo_redo(qtbot: QtBot, library: Library, store: OpenStore) -> None:
    root = store.roots()[0]
    with qtbot.waitSignal(library.forked) as forked:
        library.fork(ForkRequest(root.id, 27, "", "why not", Repair.INTERRUPT))
    fork = forked.args[0]
    assert fork.session.events == 28
    assert fork.session.note == "why not"
    assert library.undo_stack.canUndo()
    with qtbot.waitSignal(library.changed) as undone:
        library.undo_stack.undo()
    assert fork.session.id in undone.args[0].removed
    assert [child.relation for child in store.children(root.id)] == ["subagent"]
    with qtbot.waitSignal(library.changed):
        library.undo_stack.redo()
    assert [child.relation for child in store.children(root.id)] == ["fork", "subagent"]


def test_rename_and_delete_can_be_undone(qtbot: QtBot, library: Library, store: OpenStore) -> None:
    root = store.roots()[0]
    with qtbot.waitSignal(library.changed):
        library.rename(root.id, "a better name")
    assert store.session(root.id).title == "a better name"
    with qtbot.waitSignal(library.changed):
        library.undo_stack.undo()
    assert store.session(root.id).title == root.title
    with qtbot.waitSignal(library.changed):
        library.delete(root.id, root.title)
    assert store.roots() == []
    with qtbot.waitSignal(library.changed):
        library.undo_stack.undo()
    assert [one.id for one in store.roots()] == [root.id]


def test_import_and_export_are_jobs(
    qtbot: QtBot, library: Library, store: OpenStore, tmp_path: Path, bundled_sample: Path
) -> None:
    with qtbot.waitSignal(library.job_started):
        job = library.import_files([bundled_sample])
    assert job is not None
    with qtbot.waitSignal(job.ended) as ended:
        pass
    assert ended.args == [None]
    root = store.roots()[0]
    target = tmp_path / "out.jsonl"
    export = library.export(root.id, None, "source", False, target)
    assert export is not None
    with qtbot.waitSignal(export.ended) as ended:
        pass
    assert ended.args == [None]
    source = next(bundled_sample.glob("*/*.jsonl"))
    assert target.read_bytes() == source.read_bytes()


def test_what_another_program_writes_is_noticed(
    qtbot: QtBot, library: Library, store: OpenStore
) -> None:
    qtbot.waitUntil(lambda: library._seen_version != 0, timeout=5000)
    with (
        qtbot.waitSignal(library.changed, timeout=5000) as changed,
        open_store(library.path) as other,
    ):
        other.fork(other.roots()[0].id, 3)
    assert changed.args == [None]


def test_a_file_that_is_no_store_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "not-a-store.db"
    path.write_bytes(b"plain text, and long enough not to be taken for an empty database" * 20)
    tasks = Tasks()
    library = Library(path, tasks)
    with qtbot.waitSignal(library.refused) as refused:
        library.open()
    assert str(path) in refused.args[0]
    library.close()
    library.deleteLater()
    tasks.deleteLater()
