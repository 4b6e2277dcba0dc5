"""A file that is read while its agent writes it: in pieces of any size, it ends the same."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.api import open_store
from tests.bench import corpus
from tests.transfer.comparing import everything, import_one, source_bytes

LINES = corpus.lines("growing", 30, scale=0.01)
ODD = [b"not json\n", b"\n", b"  \n", b"12\n", b'"text"\n', b"[1, 2]\n", LINES[3]]

# The end of a line as agents leave it: most whole, some missing, some with blanks.
ends = st.sampled_from([b"\n", b"\n", b"\n", b"", b" ", b"\r\n", b"\n\n", b" \n "])


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file with glued objects, blank lines and rubbish."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 4))):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(ODD)))
    return b"".join(
        line.rstrip(b"\n") + (draw(ends) if line.startswith(b"{") else b"\n") for line in lines
    )


@settings(max_examples=25)
@given(files(), st.data())
def test_pieces_give_what_the_whole_gives(tmp_path_factory, data, draws):
    cuts = draws.draw(st.lists(st.integers(0, len(data)), max_size=5).map(sorted))
    folder = tmp_path_factory.mktemp("growing")
    piecewise, whole = folder / "a" / "session.jsonl", folder / "b" / "session.jsonl"
    with open_store(folder / "a.db") as store, open_store(folder / "b.db") as other:
        for path in (piecewise, whole):
            path.parent.mkdir()
        whole.write_bytes(data)
        import_one(other, whole)
        for cut in [*cuts, len(data)]:
            piecewise.write_bytes(data[:cut])
            if data[:cut].strip():
                list(store.import_paths([piecewise], format="claude-code"))
                assert list(store.verify()) == []
        assert everything(store) == everything(other)
        (session,) = store.sessions()
        assert source_bytes(store, session.id) == data
        assert len(store.store.sources()) == 1


def test_real_snapshots_of_a_growing_file(shared_data, tmp_path):
    parts = sorted((shared_data / "growing" / "claude-code-session").glob("*.jsonl"))
    path = tmp_path / "session.jsonl"
    with open_store(tmp_path / "a.db") as store, open_store(tmp_path / "b.db") as other:
        statuses = []
        for part in parts:
            shutil.copy(part, path)
            statuses += [result.status for result in store.import_paths([path])]
        import_one(other, path)
        assert list(store.verify()) == []
        assert everything(store) == everything(other)
        assert source_bytes(store, store.sessions()[0].id) == path.read_bytes()
    assert statuses[0] == "new"
    assert set(statuses[1:]) == {"extended"}


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_torn_last_line_waits(store, tmp_path, end):
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"".join(LINES[:5]) + LINES[5][:40])
    (result,) = import_one(store, path)
    assert result.events == 5
    assert "incomplete" in result.warnings[0].reason
    assert source_bytes(store, result.session) == path.read_bytes()
    path.write_bytes(b"".join(LINES[:5]) + LINES[5].rstrip() + end)
    (result,) = import_one(store, path)
    assert (result.events, result.status, result.warnings) == (6, "extended", ())
    assert source_bytes(store, result.session) == path.read_bytes()
