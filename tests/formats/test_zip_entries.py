"""Archives are read entry by entry; what a hostile one asks for is refused."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from scrubber.core.errors import FormatError
from scrubber.formats import zip_entries
from tests.formats.inspect_ai.logs import archive

if TYPE_CHECKING:
    from pathlib import Path


def entries(path: Path) -> dict[str, bytes]:
    with zip_entries.opened(path) as found:
        return {entry.name: found.read(entry) for entry in found.entries}


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    return path


FILES = {"b/../../etc/passwd": b"1" * 100_000, "a": b"", "é": b"three"}


@pytest.mark.parametrize("method", [0, 8, 93])
def test_entries_come_in_the_order_in_which_they_were_written(tmp_path, method):
    assert list(entries(written(tmp_path, archive(FILES, method))).items()) == list(FILES.items())
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"], "names are no paths"


def test_an_unknown_method_and_encryption_are_told(tmp_path):
    data = bytearray(archive({"x": b"abc"}, 0))
    central = data.index(b"PK\x01\x02")
    data[central + 10 : central + 12] = struct.pack("<H", 12)
    with pytest.raises(FormatError, match=r"a\.zip, entry 'x': compressed by method 12"):
        entries(written(tmp_path, bytes(data)))
    data[central + 8] |= 1
    with pytest.raises(FormatError, match="encrypted"):
        entries(written(tmp_path, bytes(data)))


@pytest.mark.parametrize("method", [8, 93])
def test_a_bomb_is_refused_before_it_is_unfolded(tmp_path, method):
    bomb = archive({"x": b"\0" * 120_000_000}, method)
    assert len(bomb) < 200_000
    if method == 93:
        with pytest.raises(FormatError, match="unfolds to 120,000,000 bytes"):
            entries(written(tmp_path, bomb))
    lying = bytearray(bomb)
    central = lying.index(b"PK\x01\x02")
    lying[central + 24 : central + 28] = struct.pack("<L", 1000)
    with pytest.raises(FormatError, match="unfolds to more than it says"):
        entries(written(tmp_path, bytes(lying)))


def test_entries_that_overlap_are_refused(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x", bytes(range(256)) * 4000)
        for name in "yz":
            same = zipfile.ZipInfo(name)
            for field in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(same, field, getattr(file.filelist[0], field))
            file.filelist.append(same)
    with pytest.raises(FormatError, match="overlap"):
        entries(written(tmp_path, stream.getvalue()))


def test_damage_is_told_by_the_checksum(tmp_path):
    data = archive({"x": b"abcdef"}, 0).replace(b"abcdef", b"abcdeg", 1)
    with pytest.raises(FormatError, match="damaged"):
        entries(written(tmp_path, data))


def test_what_is_left_of_an_archive_without_its_end_is_read(tmp_path):
    data = archive(FILES, 8)
    for stop in range(0, len(data), 7):
        with zip_entries.opened(written(tmp_path, data[:stop])) as found:
            assert len(found.problems) == 1
            for entry in found.entries:
                assert found.read(entry) == FILES[entry.name]


def test_the_first_name(tmp_path):
    assert zip_entries.first_name(archive(FILES)) == "b/../../etc/passwd"
    assert zip_entries.first_name(b"PK\x03\x04") == ""
    assert zip_entries.first_name(b"x" * 100) == ""
