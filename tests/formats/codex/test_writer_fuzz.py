"""Whatever a rollout holds, and wherever it is cut, a rollout that Codex can read is written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.formats.codex.ids import derived_id
from scrubber.formats.codex.writer import CodexWriter
from tests.formats.codex.test_importing import CORPUS
from tests.formats.codex.validating import well_formed
from tests.formats.corpus import damaged, odd, rearranged
from tests.formats.reading import FakeTranscript, read

WRITER = CodexWriter(derived_id)
FILES = [path.read_bytes() for path in sorted(CORPUS.glob("*.jsonl"))]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    lines = draw(st.sampled_from(FILES)).splitlines(keepends=True)
    at = draw(st.integers(0, len(lines) - 1))
    lines[at] = draw(odd(lines[at])) + b"\n"
    data = b"".join(draw(rearranged(lines)))
    return draw(damaged(data)) if draw(st.booleans()) else data


@settings(max_examples=40)
@given(spoiled(), st.data())
def test_any_cut_of_any_file_is_written(data, draws):
    source = read("codex", data)
    told = FakeTranscript(source, "", draws.draw(st.integers(0, len(source.drafts()))))
    written = b"".join(WRITER.write(told))
    well_formed(written)
    assert all(WRITER.losses(told))
    again = read("codex", written)
    assert not again.reader.warnings
    assert again.raw == written
