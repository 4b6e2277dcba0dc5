"""Sources that are no plain files: compressed, archives, folders of many small files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson
import pytest
import zstandard

from scrubber.core.session import SessionInfo
from scrubber.formats import registry
from scrubber.formats.containers import Stamp, files_stamp, open_plain
from scrubber.formats.own import OwnReader
from scrubber.formats.streams import PieceStream
from scrubber.transfer import exporting
from tests.bench import corpus
from tests.transfer.comparing import import_one, source_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def line(text: str) -> bytes:
    block = {"type": "text", "text": text}
    return orjson.dumps({"kind": "message", "role": "user", "content": {"blocks": [block]}}) + b"\n"


class Pages:
    """A diary whose pages are the members of an archive, or the numbered files of a folder."""

    name = "pages"
    title = "Pages"
    version = 1
    endings = (".pages",)

    def sniff(self, path: Path, head: bytes) -> int:
        return 100 if head.startswith(b"PK") or path.name == "0.page.json" else 0

    def reader(self, path: Path) -> OwnReader:
        reader = OwnReader()
        reader.infos[""] = SessionInfo(title="pages")
        return reader

    def content(self, raw: bytes, part: int) -> Any:
        return registry.get("scrubber").content(raw, part)

    def places(self) -> list[Any]:
        return []

    def open(self, path: Path) -> BinaryIO:
        pieces = self._members(path) if path.suffix == ".pages" else self._files(path)
        return cast("BinaryIO", io.BufferedReader(PieceStream(pieces)))

    def _members(self, path: Path) -> Iterator[bytes]:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                yield archive.read(name)

    def _files(self, path: Path) -> Iterator[bytes]:
        for file in sorted(path.parent.glob("*.page.json")):
            yield file.read_bytes()

    def stamp(self, path: Path) -> Stamp:
        return files_stamp(path, path.parent.glob("*.page.json"))

    def belongs_to(self, path: Path) -> Path | None:
        return path.with_name("0.page.json") if path.name.endswith(".page.json") else None


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that another package could bring."""
    known = registry.formats() | {"pages": Pages()}
    monkeypatch.setattr(registry, "formats", lambda: known)


def texts(store, result) -> list[str]:
    return [event.text for event in store.events(result.session)]


def test_an_archive_in_a_folder_is_found_read_and_gone_on_with(store, tmp_path):
    path = tmp_path / "diary.pages"
    (tmp_path / "other.bin").write_bytes(b"PK but nobody asks for this ending")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1", line("one"))
    (result,) = import_one(store, tmp_path)
    assert (result.format, result.status, result.warnings) == ("pages", "new", ())
    assert texts(store, result) == ["one"]
    assert import_one(store, path)[0].status == "unchanged"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("2", line("two"))
    assert import_one(store, path)[0].status == "extended"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1", line("another"))
    (result,) = import_one(store, path)
    assert (result.status, texts(store, result)) == ("rewritten", ["another"])


def test_exporting_an_archive_says_that_it_gives_its_records(store, tmp_path):
    path = tmp_path / "diary.pages"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1", line("one"))
    (result,) = import_one(store, path)
    session = store.session(result.session)
    (loss,) = store.export_losses(session.id, None, "source")
    assert "not written again" in loss
    assert source_bytes(store, session.id) == line("one")
    assert exporting.suffix_of("source", session) == ".jsonl"
    fork = store.fork(session.id, session.events).session
    assert store.export_losses(fork.id, None, "source") == [loss]


def test_a_folder_of_many_files_is_one_source(store, tmp_path):
    for number, word in enumerate(["zero", "one"]):
        (tmp_path / f"{number}.page.json").write_bytes(line(word))
    (result,) = import_one(store, tmp_path)
    assert texts(store, result) == ["zero", "one"]
    assert result.source == str(tmp_path / "0.page.json")
    assert import_one(store, tmp_path)[0].status == "unchanged"
    (tmp_path / "2.page.json").write_bytes(line("two"))
    (result,) = import_one(store, tmp_path / "1.page.json")
    assert (result.status, texts(store, result)) == ("extended", ["zero", "one", "two"])


def test_a_compressed_session_goes_on(store, tmp_path):
    lines = corpus.lines("packed", 30, 0.01)
    path = tmp_path / "5ea51de0-0000-4000-8000-000000000001.jsonl.zst"
    path.write_bytes(zstandard.compress(b"".join(lines[:20])))
    (result,) = import_one(store, tmp_path)
    session = store.session(result.session)
    assert (result.format, session.events) == ("claude-code", 20)
    assert session.native_id == "5ea51de0-0000-4000-8000-000000000001"
    assert store.export_losses(session.id, None, "source") != []
    first, second = (zstandard.compress(b"".join(part)) for part in (lines[:25], lines[25:]))
    path.write_bytes(first + second[:-1])
    (result,) = import_one(store, path)
    assert result.status == "extended"
    assert ["cut off" in warning.reason for warning in result.warnings] == [True]
    path.write_bytes(first + second)
    (result,) = import_one(store, path)
    assert (result.events, result.warnings) == (30, ())
    assert source_bytes(store, session.id) == b"".join(lines)


def test_binary_files_are_no_transcripts(store, tmp_path):
    (tmp_path / "a.json").write_bytes(bytes(900_000))
    (tmp_path / "b.jsonl").write_bytes(bytes(range(256)) * 4000)
    (tmp_path / "c.json.zst").write_bytes(b"\x28\xb5\x2f\xfd rubbish")
    assert import_one(store, tmp_path) == []


def test_the_plain_stream_of_a_file_is_its_bytes(tmp_path):
    (tmp_path / "empty").touch()
    with open_plain(tmp_path / "empty") as stream:
        assert stream.read() == b""
