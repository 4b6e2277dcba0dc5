"""A snapshot loses nothing, and what is not whole is refused whole."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.api import OpenStore, open_store
from scrubber.core.events import Draft, Kind, Role, Usage
from tests.bench import corpus
from tests.transfer.comparing import facts, import_one, source_bytes

if TYPE_CHECKING:
    from pathlib import Path


def everything(store: OpenStore) -> dict[str, Any]:
    """All that a snapshot has to keep, by session id."""
    found = {}
    for session in store.sessions():
        known = store.store.lineage_facts(session.id)
        del known["follows"]
        events = store.events(session.id)
        found[session.id] = (
            [(piece.start, piece.stop) for piece in store.store.slices(session.id).slices],
            [(facts(event), store.raw(event)) for event in events],
            (session.title, session.note, session.relation, session.parent, session.forked_at),
            (session.created, session.updated, session.revision, session.status, session.model),
            (session.source, session.native_id, session.cwd, session.children, known),
            store.totals(session.id),
            [store.store.source(number).pending for number in {e.source for e in events}],
            [(n.kind, n.text, n.index, n.was_at, n.excerpt, n.id, n.session, n.created, n.updated)
             for n in store.notes.of(session.id)],
            (session.labels, session.hypothesis, session.verdict, session.reason),
            store.track(session.id),
        )  # fmt: skip
    for *_, track in found.values():
        track.forks = tuple(sorted(track.forks, key=lambda mark: mark.session))
    return found


def snapshot(store: OpenStore, path: Path, tree: bool = True) -> list[Path]:
    """Each root with all below it as a file of its own."""
    files = []
    for number, root in enumerate(store.roots()):
        files.append(path.with_name(f"{path.name}-{number}.jsonl"))
        store.export_to(files[-1], root.id, tree=tree, overwrite=True)
    return files


def own(text: str) -> tuple[bytes, Draft]:
    usage = Usage(1, 2, 3, 4, 5, 6, cost_micros=len(text))
    return text.encode(errors="replace") + b"\xff\n", Draft(
        Kind.MESSAGE, text, Role.ASSISTANT, ts=-5, group_id="g", usage=usage
    )


@pytest.fixture
def family(store: OpenStore, tmp_path: Path) -> OpenStore:
    """A session with a torn end, its fork, and what was added to that."""
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(corpus.lines("family", 40, 0.01)) + b"\xff\xfe\n" + b'{"torn')
    (result,) = import_one(store, path)
    fork = store.fork(str(result.session), 20, note="why").session
    store.store.append(fork.id, [own("own"), own("ünïcode")])
    store.store.set_labels(fork.id, ["b", "a"])
    store.fork(fork.id, 21)
    return store


titles = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("fork"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("append"), st.integers(0, 99), titles),
        st.tuples(st.just("rename"), st.integers(0, 99), titles),
        st.tuples(st.just("note"), st.integers(0, 99), titles),
        st.tuples(st.just("mark"), st.integers(0, 99), titles),
        st.tuples(st.just("judge"), st.integers(0, 99), titles),
        st.tuples(st.just("label"), st.integers(0, 99), st.lists(titles, max_size=3)),
    ),
    max_size=10,
)


def work(store: OpenStore, todo: list[tuple[str, int, Any]]) -> None:
    for what, number, value in todo:
        session = store.sessions()[number % len(store.sessions())]
        if what == "fork":
            store.fork(session.id, value % (session.events + 1))
        elif what == "append":
            store.store.append(session.id, [own(value)])
        elif what == "rename":
            store.rename(session.id, value)
        elif what == "note":
            store.set_note(session.id, value)
        elif what == "mark" and session.events:
            index = number % session.events
            store.notes.write(session.id, index, value)
            store.notes.label(session.id, index, "kept", "red")
            store.notes.bookmark(session.id, index)
        elif what == "judge":
            store.notes.suppose(session.id, value)
            store.notes.judge(session.id, "refuted", value)
        elif what == "label":
            store.store.set_labels(session.id, value)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=2), steps)
def test_a_tree_comes_back_as_it_was(tmp_path_factory, sizes, todo):
    folder = tmp_path_factory.mktemp("snapshot")
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        for number, size in enumerate(sizes):
            path = folder / f"session{number}.jsonl"
            path.write_bytes(b"".join(corpus.lines(f"snapshot {number}", size, 0.01)))
            import_one(store, path)
        work(store, todo)
        results = import_one(other, *snapshot(store, folder / "snap"))
        assert {result.status for result in results} == {"new"}
        assert everything(other) == everything(store)
        assert {s.id for s in other.roots()} == {s.id for s in store.roots()}


def test_bytes_and_loose_ends_come_back(family, other, tmp_path):
    before = everything(family)
    import_one(other, *snapshot(family, tmp_path / "snap"))
    assert everything(other) == before
    (root,) = other.roots()
    assert source_bytes(other, root.id) == (tmp_path / "session.jsonl").read_bytes()


def test_a_second_time_nothing_changes(family, other, tmp_path):
    files = snapshot(family, tmp_path / "snap")
    import_one(other, *files)
    before, sources = everything(other), len(other.store.sources())
    assert {result.status for result in import_one(other, *files)} == {"unchanged"}
    assert (everything(other), len(other.store.sources())) == (before, sources)
    assert {result.status for result in import_one(family, *files)} == {"unchanged"}


def test_a_session_of_the_same_id_gets_another(family, other, tmp_path):
    files = snapshot(family, tmp_path / "snap")
    import_one(other, *files)
    (root,) = other.roots()
    other.store.append(root.id, [own("now it is another")])
    before = {session.id: session.events for session in other.sessions()}
    results = import_one(other, *files)
    (added,) = [result for result in results if result.status == "new"]
    assert added.session not in before
    assert added.events == before[root.id] - 1
    assert {s.id: s.events for s in other.sessions() if s.id in before} == before
    assert {result.status for result in import_one(other, *files)} == {"unchanged"}


def test_a_cut_session_is_its_beginning(family, other, tmp_path):
    (root,) = family.roots()
    family.export_to(tmp_path / "cut.jsonl", root.id, at=7)
    (result,) = import_one(other, tmp_path / "cut.jsonl")
    wanted = [(facts(e), family.raw(e)) for e in family.events(root.id, 0, 7)]
    assert [(facts(e), other.raw(e)) for e in other.events(str(result.session))] == wanted
    # The file itself is a session of its own beside it.
    list(other.import_paths([tmp_path / "session.jsonl"]))
    assert len(other.events(str(result.session))) == 7
    assert list(other.verify()) == []


def test_the_restored_session_goes_on_with_its_file(family, other, tmp_path):
    import_one(other, *snapshot(family, tmp_path / "snap"))
    (root,) = other.roots()
    with (tmp_path / "session.jsonl").open("ab") as stream:
        stream.write(b'": 1}\n')
    (result,) = import_one(other, tmp_path / "session.jsonl")
    assert (result.session, result.status) == (root.id, "extended")


def test_notes_come_back_also_to_a_session_that_is_there(family, tmp_path):
    (root,) = family.roots()
    family.notes.write(root.id, 3, "kept")
    family.notes.label(root.id, 3, "odd", "purple")
    family.notes.bookmark(root.id, 30)
    files = snapshot(family, tmp_path / "snap")
    before = everything(family)
    family.notes.write(root.id, 3, "")
    family.notes.bookmark(root.id, 30, on=False)
    import_one(family, *files)
    notes = {n.kind: (n.text, n.index) for n in family.notes.of(root.id)}
    assert notes == {"note": ("kept", 3), "label": ("odd", 3), "bookmark": ("", 30)}
    assert sorted(everything(family)) == sorted(before)
    family.export_to(tmp_path / "cut.jsonl", root.id, at=10)
    kinds = [line for line in (tmp_path / "cut.jsonl").read_text().splitlines() if "note" in line]
    assert sum(line.startswith('{"note":') for line in kinds) == 2


def test_a_snapshot_of_version_1_is_read(family, other, tmp_path):
    lines = []
    for line in lines_of(family, tmp_path / "snap")[:-1]:
        value = json.loads(line)
        if "scrubber" in value:
            value["version"] = 1
        for fact in ("hypothesis", "verdict", "reason"):
            value.get("session", {}).pop(fact, None)
        lines.append(orjson.dumps(value) + b"\n")
    digest = blake2b(b"".join(lines), digest_size=16).hexdigest()
    end = json.dumps({"end": {"lines": len(lines) + 1, "digest": digest}}).encode()
    (tmp_path / "old.jsonl").write_bytes(b"".join(lines) + end + b"\n")
    import_one(other, tmp_path / "old.jsonl")
    assert everything(other) == everything(family)


@pytest.mark.parametrize(
    "change",
    [
        {"anchors": [[1, 999]]}, {"anchors": [[77, 0]]}, {"kind": "poem"}, {"digest": "zz"},
        {"anchors": [], "lost": []}, {"event_kind": "party"}, {"text": 5},
    ],
)  # fmt: skip
def test_a_note_that_cannot_be_is_refused_with_its_line(family, other, tmp_path, change):
    (root,) = family.roots()
    family.notes.write(root.id, 3, "kept")
    lines = lines_of(family, tmp_path / "snap")
    (at,) = [number for number, line in enumerate(lines) if line.startswith(b'{"note":')]
    note = json.loads(lines[at])["note"] | change
    lines[at] = json.dumps({"note": note}).encode() + b"\n"
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"".join(lines))
    (result,) = other.import_paths([path])
    assert (result.status, other.sessions()) == ("failed", [])
    assert f":{at + 1}: " in result.warnings[0].reason


def lines_of(store: OpenStore, path: Path) -> list[bytes]:
    return snapshot(store, path)[0].read_bytes().splitlines(keepends=True)


def refused(store: OpenStore, path: Path, lines: list[bytes]) -> str:
    """Why a file with these lines is refused; nothing of it must be in the store."""
    path.write_bytes(b"".join(lines))
    (result,) = store.import_paths([path])
    assert result.status == "failed"
    tables = ("sources", "sessions", "events", "blocks", "slices")
    query = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in tables)
    assert store.store.connections.get().execute(query).fetchall() == []
    return result.warnings[0].reason


def test_a_newer_version_is_refused(family, other, tmp_path):
    lines = lines_of(family, tmp_path / "snap")
    head = {**json.loads(lines[0]), "version": 3}
    lines[0] = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    assert "newer Scrubber" in refused(other, tmp_path / "bad.jsonl", lines)


def test_a_torn_file_is_refused_at_any_line(family, other, tmp_path):
    lines = lines_of(family, tmp_path / "snap")
    for count in (1, 2, len(lines) // 2, len(lines) - 1):
        assert f":{count}: " in refused(other, tmp_path / "bad.jsonl", lines[:count])
    torn = [*lines[:10], lines[10][:5]]
    assert ":11: " in refused(other, tmp_path / "bad.jsonl", torn)


def test_a_line_that_was_left_out_or_altered_is_noticed(family, other, tmp_path):
    lines = lines_of(family, tmp_path / "snap")
    left_out = [line for line in lines if not line.startswith(b'{"spawn"')]
    left_out.pop(-2)
    assert refused(other, tmp_path / "bad.jsonl", left_out)
    altered = [line.replace(b'"title":"', b'"title":"X', 1) for line in lines]
    assert "not those that were written" in refused(other, tmp_path / "bad.jsonl", altered)
    assert "behind its end" in refused(other, tmp_path / "bad.jsonl", [*lines, lines[-1]])


GARBLED: list[tuple[str, bytes]] = [
    ("not JSON", b"nonsense\n"),
    ("two things", b'{"a": 1, "b": 2}\n'),
    ("no object", b"[1]\n"),
    ("unknown", b'{"hologram": {}}\n'),
    ("no fields", b'{"session": {}}\n'),
    ("no source", b'{"record": [99, 0, "x"]}\n'),
    ("wrong number", b'{"record": [1, 99, "x"]}\n'),
    ("no base64", b'{"record": [1, 0, null, "%%%"]}\n'),
    ("no log", b'{"event": [99, 0, 0, "message"]}\n'),
    ("short", b'{"event": [1]}\n'),
    ("a list", b'{"session": []}\n'),
    ("huge", b'{"log": {"id": 1e400, "source": 1, "key": ""}}\n'),
]


@pytest.mark.parametrize(("what", "line"), GARBLED, ids=[what for what, _ in GARBLED])
def test_a_garbled_line_is_named(family, other, tmp_path, what, line):
    lines = lines_of(family, tmp_path / "snap")
    for place in (1, 5, len(lines) - 2):
        garbled = [*lines[:place], line, *lines[place + 1 :]]
        assert f":{place + 1}: " in refused(other, tmp_path / "bad.jsonl", garbled)


ODD: list[Any] = [None, True, -1, 2**63, 1.5, "x", [], [None], {}]


@settings(max_examples=60)
@given(st.data())
def test_any_odd_value_is_refused_not_a_crash(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("odd")
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        path = folder / "session.jsonl"
        path.write_bytes(b"".join(corpus.lines("odd", 8, 0.01)))
        import_one(store, path)
        lines = lines_of(store, folder / "snap")
        number = data.draw(st.integers(1, len(lines) - 1))
        item = json.loads(lines[number])
        (key, value), *_ = item.items()
        place = data.draw(
            st.sampled_from(list(value) if isinstance(value, dict) else range(len(value)))
        )
        odd = data.draw(st.sampled_from(ODD))
        if odd == value[place]:
            odd = "another"
        value[place] = odd
        lines[number] = json.dumps({key: value}).encode() + b"\n"
        assert refused(other, folder / "bad.jsonl", lines)
