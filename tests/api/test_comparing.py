from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import orjson
import pytest

from scrubber.core.compare.values import as_text
from scrubber.core.errors import BadArgumentError, CancelledError, UnknownSessionError
from scrubber.core.events import Kind, Origin, Role
from scrubber.transfer.editing import Edit
from scrubber.transfer.progress import Progress
from tests.bench import corpus
from tests.helpers.scripted import Scripted, says

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore


def states(comparison) -> list[tuple[str, tuple[int | None, ...]]]:
    """Where it differs, and how."""
    rows = map(comparison.alignment.row, comparison.alignment.differences)
    return [(row.state, row.places) for row in rows]


def first_text(store, session, kind) -> int:
    """The index of the first event of a kind that says something."""
    return int(next(e.index for e in store.events(session) if e.kind is kind and e.text))


def imported(store: OpenStore, path: Path) -> str:
    (result,) = store.import_paths(path)
    assert result.session is not None
    return result.session


def test_a_session_and_itself_are_equal_and_nothing_is_read(store, session, monkeypatch):
    monkeypatch.setattr(store.store, "read", None)
    comparison = store.compare([session, session])
    assert comparison.is_equal
    assert comparison.alignment.start == 200
    assert comparison.columns[0].headline.own.events == 0


def test_an_edit_that_keeps_what_follows_is_one_difference(store, session):
    at = first_text(store, session, Kind.TOOL_RESULT)
    fork = store.fork_edited(session, at, Edit(text="Something else."), keep_following=True)
    comparison = store.compare([session, fork.session.id])
    assert states(comparison) == [("changed", (at, at))]
    assert len(comparison.alignment.middle()) == 1  # all else is known from the slices
    one, other = store.compared(comparison, at)
    assert one is not None
    assert other is not None
    assert other.content.text == "Something else." != one.content.text
    figures = [column.headline.own.events for column in comparison.columns]
    assert figures == [200 - at, 200 - at]


def test_a_fork_that_ends_earlier_lacks_what_follows(store, session):
    fork = store.fork(session, 150).session.id
    comparison = store.compare([fork, session])
    assert comparison.alignment.first is not None
    assert comparison.alignment.first.places[0] is None
    assert {state for state, _ in states(comparison)} == {"missing"}
    shared = [c.headline.whole.events - c.headline.own.events for c in comparison.columns]
    assert shared[0] == 150 <= shared[1]


def test_resampled_branches_differ_in_what_they_say(store, session):
    at = first_text(store, session, Kind.MESSAGE) + 1
    forks = []
    for text in ("I will look at the tests first.", "I will look at the docs first."):
        fork = store.fork(session, at).session.id
        store.continue_branch(fork, Scripted(says(text)))
        forks.append(fork)
    comparison = store.compare(forks)
    ((state, places),) = states(comparison)
    assert (state, places[0]) == ("changed", places[1])
    cells = store.compared(comparison, comparison.alignment.differences[0])
    assert [cell.event.origin for cell in cells] == [Origin.RESAMPLED] * 2
    assert [as_text(cell.content).split()[5] for cell in cells] == ["tests", "docs"]
    assert [c.headline.own.turns for c in comparison.columns] == [1, 1]
    assert [c.headline.own.cost_micros for c in comparison.columns] == [1_500, 1_500]


def test_a_copy_in_another_file_is_equal_and_its_far_end_is_read(store, session, tmp_path):
    lines = [orjson.loads(line) for line in corpus.lines("api", 200, 0.05)]
    text = orjson.dumps(lines).decode()
    copy = orjson.loads(text.replace(lines[0]["sessionId"], "11111111-0000-4000-8000-000000000000"))
    path = tmp_path / "copy.jsonl"
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in copy))
    assert store.compare([session, imported(store, path)]).is_equal

    # The same length and the same beginning: only the whole content tells.
    long = next(e for e in store.events(session) if e.kind is Kind.TOOL_RESULT and e.size > 300)
    for block in copy[long.record]["message"]["content"]:
        block["content"] = block["content"][:-1] + "\u00df"
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in copy))
    comparison = store.compare([session, imported(store, other)])
    assert states(comparison) == [("changed", (long.index, long.index))]


def test_too_few_too_many_unknown(store, session):
    for number in (0, 1, 9):
        with pytest.raises(BadArgumentError, match="2 to 8 sessions"):
            store.compare([session] * number)
    with pytest.raises(UnknownSessionError):
        store.compare([session, "nothing"])


def test_it_can_be_cancelled_and_tells_how_far_it_is(store, session, tmp_path):
    path = tmp_path / "other.jsonl"
    path.write_bytes(b"".join(corpus.lines("other", 200, 0.05)))
    other = imported(store, path)
    told: list[tuple[int, int, str]] = []
    progress = Progress(report=lambda p: told.append((p.bytes, p.bytes_total, p.unit)))
    store.compare([session, other], progress)
    assert told
    assert told[0][1:] == (400, "event")
    with pytest.raises(CancelledError):
        store.compare([session, other], Progress(cancelled=lambda: True))


@pytest.mark.slow
def test_ten_thousand_events_against_ten_thousand_others(store, tmp_path):
    names = []
    for seed in ("one", "two"):
        path = tmp_path / f"{seed}.jsonl"
        path.write_bytes(b"".join(corpus.lines(seed, 10_000, 0.02)))
        names.append(imported(store, path))
    began = time.process_time()
    comparison = store.compare(names)
    assert time.process_time() - began < 2
    assert len(comparison.alignment) >= 10_000


def test_who_is_beside_a_session(store, session):
    early, late = (store.fork(session, at, title=f"at {at}").session.id for at in (50, 120))
    edit = Edit(text="Else.")
    at = first_text(store, session, Kind.TOOL_RESULT)
    edited = store.fork_edited(session, at, edit, keep_following=True).session.id
    near, others = store.beside(session)
    told = {one.session.id: (one.shared, len(one.own)) for one in near}
    assert told == {early: (50, 0), late: (120, 0), edited: (at, 200 - at)}
    assert [one.shared for one in near] == sorted(one.shared for one in near)
    assert others == []

    near, _ = store.beside(late)
    told = {one.session.id: (one.shared, len(one.own)) for one in near}
    assert told == {session: (120, 80), early: (50, 0), edited: (at, 200 - at)}
    track = store.columns(next(one.own for one in near if one.session.id == session))
    assert track.kinds == store.track(session).kinds[120:]

    near, others = store.beside(session, 2)
    assert (len(near), len(others)) == (2, 1)


def test_a_fork_of_a_fork_parts_where_it_was_forked(store, session):
    at = first_text(store, session, Kind.TOOL_RESULT)
    edited = store.fork_edited(session, at, Edit(text="Else."), keep_following=True).session.id
    inner = store.fork(edited, at + 40).session.id
    near, _ = store.beside(edited)
    assert {one.session.id: one.shared for one in near} == {session: at, inner: at + 40}
    near, _ = store.beside(inner)
    assert {one.session.id: (one.shared, len(one.own)) for one in near} == {
        edited: (at + 40, 160 - at)
    }


# Real files


def test_a_real_session_against_an_edited_fork(store, shared_data):
    path = min((shared_data / "codex").rglob("*.jsonl"), key=lambda p: p.stat().st_size)
    session = imported(store, path)
    at = first_text(store, session, Kind.TOOL_RESULT)
    fork = store.fork_edited(session, at, Edit(text="no such file"), keep_following=True)
    assert states(store.compare([session, fork.session.id])) == [("changed", (at, at))]
    assert store.compare([session, session]).is_equal


def test_a_real_session_and_what_a_model_says_instead(store, shared_data):
    path = min((shared_data / "pi").rglob("*.jsonl"), key=lambda p: p.stat().st_size)
    session = imported(store, path)
    at = first_text(store, session, Kind.MESSAGE) + 1
    fork = store.fork(session, at).session.id
    store.continue_branch(fork, Scripted(says("I would rather not.")))
    comparison = store.compare([session, fork])
    assert comparison.alignment.start == at
    said = [row for row in comparison.alignment.rows(at) if row.is_telling and row.places[1]]
    assert said
    assert not any(row.is_alike for row in said)
    assert comparison.columns[1].headline.outcome == "model: I would rather not."


def test_growing_copies_of_a_real_session_differ_by_what_was_added(store, shared_data, tmp_path):
    copies = sorted((shared_data / "growing").rglob("*.jsonl"))
    names = []
    for number, path in enumerate((copies[0], copies[-1])):
        copy = tmp_path / f"{number}.jsonl"
        shutil.copyfile(path, copy)
        names.append(imported(store, copy))
    comparison = store.compare(names)
    length = store.session(names[0]).events
    assert all(places[0] is None for _, places in states(comparison)), states(comparison)[:5]
    assert comparison.alignment.cut(0, len(comparison.alignment)) == length


def test_three_real_runs_of_one_swe_agent_task(store, shared_data):
    results = store.import_paths(shared_data / "swe-agent")
    runs = [s.id for s in store.sessions() if s.title.startswith("marshmallow-code")]
    assert len(results) >= len(runs) == 3
    comparison = store.compare(runs)
    assert [c.headline.outcome for c in comparison.columns] == ["submitted"] * 3
    rows = list(comparison.alignment.rows())
    for number, run in enumerate(runs):
        places = [row.places[number] for row in rows if row.places[number] is not None]
        assert places == list(range(store.session(run).events))
    # Their replies stand side by side, though the third run calls tools in events of their own.
    kinds = [[e.kind for e in store.events(run)] for run in runs]
    together = [
        row for row in rows
        if row.is_whole and all(kinds[n][at] is Kind.MESSAGE for n, at in enumerate(row.places))
    ]  # fmt: skip
    assert len(together) >= 10


def test_two_real_epochs_of_one_inspect_sample(store, shared_data):
    store.import_paths(shared_data / "inspect" / "inspect_ai")
    second = next(s for s in store.sessions() if s.title == "popularity: sample 1 · epoch 2")
    beside = store.children(second.parent)
    first = next(s for s in beside if s.title == "popularity: sample 1 · epoch 1")
    comparison = store.compare([first.id, second.id])
    outcomes = [column.headline.outcome for column in comparison.columns]
    assert all(outcomes)
    # One question, asked twice: it stands in one row, and what is answered below it.
    rows = [row for row in comparison.alignment.rows() if row.is_telling]
    asked = [e.index for e in store.events(first.id) if e.role is Role.USER][:1]
    (question,) = (row for row in rows if row.places[0] in asked)
    assert question.state == "equal"
    answers = [c.headline.whole.turns for c in comparison.columns]
    assert answers == [1, 1]
    back = store.compare([second.id, first.id])
    assert back.is_equal == comparison.is_equal
    assert len(back.alignment.differences) == len(comparison.alignment.differences)
