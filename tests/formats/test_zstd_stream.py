from __future__ import annotations

from io import BytesIO

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scrubber.core.errors import FormatError
from scrubber.formats import registry, zstd_stream
from scrubber.formats.containers import head_of, open_plain, problems_of
from scrubber.formats.zstd_stream import open_zstd

LINES = b"".join(b'{"number": %d}\n' % (n * n) for n in range(3000))


def unfolded(data: bytes) -> tuple[bytes, list[str]]:
    with open_zstd(BytesIO(data), "file.zst") as stream:
        return stream.read(), problems_of(stream)


@given(st.lists(st.binary(max_size=50), max_size=4))
def test_frames_follow_each_other(pieces):
    assert unfolded(b"".join(map(zstandard.compress, pieces))) == (b"".join(pieces), [])


def test_what_came_before_the_cut_is_kept():
    whole = zstandard.compress(LINES) + zstandard.compress(LINES)
    for cut in (1, 30, len(whole) // 3, len(whole) - 1):
        data, problems = unfolded(whole[:cut])
        assert (LINES * 2).startswith(data)
        assert ["cut off" in problem for problem in problems] == [True]
    assert len(unfolded(whole[:-1])[0]) >= len(LINES)


def test_a_program_that_still_writes_has_flushed_whole_lines():
    writer = zstandard.ZstdCompressor().compressobj()
    data = writer.compress(LINES) + writer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    kept, problems = unfolded(data)
    assert (kept, len(problems)) == (LINES, 1)


def test_what_came_before_the_damage_is_kept():
    first = zstandard.compress(LINES)
    kept, problems = unfolded(first + b"rubbish at the end")
    assert kept == LINES
    assert "damaged" in problems[0]


def test_a_frame_that_asks_for_too_much_memory_is_not_unfolded():
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=28)
    data = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    kept, problems = unfolded(data.compress(LINES) + data.flush())
    assert kept == b""
    assert "damaged" in problems[0]


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(zstd_stream, "_FREE_BYTES", 1_000_000)
    bomb = zstandard.compress(bytes(60_000_000))
    with pytest.raises(FormatError, match=r"bomb\.zst: unfolds to more than"):
        unfolded_in_steps(bomb)


def unfolded_in_steps(data: bytes) -> int:
    with open_zstd(BytesIO(data), "bomb.zst") as stream:
        return sum(len(piece) for piece in iter(lambda: stream.read(1_000_000), b""))


def test_a_compressed_session_is_recognised_and_read(tmp_path):
    line = b'{"type":"user","uuid":"u","sessionId":"s","message":{"role":"user","content":"hi"}}\n'
    path = tmp_path / "abc.jsonl.zst"
    path.write_bytes(zstandard.compress(line))
    assert head_of(path) == line
    assert registry.recognise(path).name == "claude-code"
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(line)
    with open_plain(plain) as stream:
        assert (stream.read(), problems_of(stream)) == (line, [])
