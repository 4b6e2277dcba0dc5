from __future__ import annotations

import sys

import pytest

from scrubber import api
from scrubber.cli import demo_store


@pytest.fixture(autouse=True)
def _no_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.fixture
def no_picture(monkeypatch):
    """Draws no window: that takes seconds, and one test does it."""
    monkeypatch.setattr("scrubber.cli.demo_steps.photograph", lambda *_: None)


def test_step_by_step(cli, tmp_path, no_picture):
    done = cli("demo", "--headless", "--store", tmp_path / "d.db", "--output", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    steps = [line[3:] for line in done.out.splitlines() if line[:1].isdigit()]
    assert [step.split()[0].rstrip(":,") for step in steps] == [
        "Import", "Scrub", "Fork", "Continue", "Export", "A",
    ]  # fmt: skip
    assert "3. Fork at 26: in front of the edit that turned out wrong.\n" in done.out
    assert "106 events added: the recording is at its end" in done.out
    assert "unmatched: message 16 (result of Edit) is “The file is read-only.”;" in done.out
    assert f"{tmp_path / 'out' / 'fork.messages.jsonl'}\n" in done.out
    assert (tmp_path / "out" / "fork.messages.jsonl").stat().st_size > 1000
    assert (tmp_path / "out" / "fork.scrubber.jsonl").stat().st_size > 1000


def test_again_there_is_no_more_of_it(cli, tmp_path, no_picture):
    words = ["demo", "--headless", "--store", tmp_path / "d.db", "--output", tmp_path]
    assert [cli(*words).status for _ in range(3)] == [0, 0, 0]
    relations = [
        s["relation"] for s in cli("sessions", "--store", tmp_path / "d.db", "--json").lines
    ]
    assert sorted(relations) == ["fork", "fork", "fork", "root", "subagent"]


def test_the_fork_is_made_anew_where_it_was_deleted(cli, tmp_path, no_picture):
    store = ["--store", tmp_path / "d.db"]
    words = ["demo", "--headless", *store, "--output", tmp_path]
    cli(*words)
    forks = [s["id"] for s in cli("sessions", "--json", *store).lines if s["relation"] == "fork"]
    for fork in forks:
        cli("delete", fork, *store)
    assert cli(*words).status == 0
    assert cli(*words).status == 0
    relations = [s["relation"] for s in cli("sessions", "--json", *store).lines]
    assert relations.count("fork") == 3


def test_a_sample_that_moved_is_the_same_sample(cli, tmp_path, monkeypatch, bundled_sample):
    with api.open_store(tmp_path / "d.db") as store:
        first = demo_store.import_sample(store)
        moved = tmp_path / "sample"
        (moved / "x").mkdir(parents=True)
        (file,) = bundled_sample.glob("*/*.jsonl")
        (moved / "x" / file.name).write_bytes(file.read_bytes())
        monkeypatch.setattr(demo_store, "sample_folder", lambda: moved)
        assert demo_store.import_sample(store).id == first.id
        assert len(store.roots()) == 1


def test_the_fork_stands_in_front_of_the_wrong_edit(tmp_path):
    with api.open_store(tmp_path / "d.db") as store:
        sample = demo_store.import_sample(store)
        edit = demo_store.wrong_edit(store, sample)
        assert store.place(edit)[1].line == 27
        fork = demo_store.fork_sample(store, sample)
        assert (fork.parent, fork.forked_at) == (sample.id, edit.index)
        assert store.lint(sample.id, edit.index).problems == ()


def test_it_never_touches_the_usual_store(cli, home, tmp_path, no_picture):
    assert cli("demo", "--headless", "--output", tmp_path).status == 0
    assert [path.name for path in home.rglob("*.db")] == ["demo.db"]


def test_with_a_display_it_opens_the_window(cli, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("scrubber.cli.demo.has_display", lambda: True)

    def open_window(*words):
        opened.append(words)
        return 0

    monkeypatch.setattr("scrubber.cli.demo.open_window", open_window)
    assert cli("demo", "--store", tmp_path / "d.db").status == 0
    assert opened == [(tmp_path / "d.db", [])]
    relations = [
        s["relation"] for s in cli("sessions", "--json", "--store", tmp_path / "d.db").lines
    ]
    assert sorted(relations) == ["fork", "root", "subagent"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_it_needs_no_option(cli, tmp_path, no_picture):
    done = cli("demo", "--store", tmp_path / "d.db", "--output", tmp_path / "out")
    assert done.status == 0
    assert done.out.startswith("There is no display here")


def test_a_picture_that_fails_is_said_and_is_3(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("scrubber.cli.demo_steps.photograph", lambda *_: "no paint")
    done = cli("demo", "--headless", "--store", tmp_path / "d.db", "--output", tmp_path)
    assert done.status == 3
    assert "   This did not work: no paint\n" in done.out


@pytest.mark.slow
def test_with_the_picture_of_the_real_window(process, tmp_path):
    done = process("demo", "--headless", "--store", tmp_path / "d.db", "--output", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    picture = (tmp_path / "out" / "window.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
