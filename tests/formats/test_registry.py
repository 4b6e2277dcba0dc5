"""Formats of this package, and those that other packages bring."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from scrubber.api import open_store
from scrubber.core.errors import BadArgumentError, FormatError
from scrubber.core.session import SessionInfo
from scrubber.formats import registry
from scrubber.formats.own import OwnReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ADDED = '{"kind":"message","role":"user","content":{"blocks":[{"type":"text","text":"hello"}]}}\n'


class Diary:
    """A format of another package: one event a line."""

    name = "diary"
    title = "Diary"
    version = 1

    def sniff(self, path: Path, head: bytes) -> int:
        return 100 if head.startswith(b'{"kind":"message"') else 0

    def reader(self, path: Path) -> OwnReader:
        reader = OwnReader()
        reader.infos[""] = SessionInfo(title="a diary")
        return reader

    def content(self, raw: bytes, part: int) -> object:
        return registry.get("scrubber").content(raw, part)

    def places(self) -> list[object]:
        return []


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if a package had been installed that brings a format, and a broken one."""
    module = ModuleType("diary_format")
    module.FORMAT = Diary()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "diary_format", module)
    points = [
        EntryPoint("diary", "diary_format:FORMAT", registry.ENTRY_POINTS),
        EntryPoint("broken", "no_such_module:FORMAT", registry.ENTRY_POINTS),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    registry.formats.cache_clear()
    yield
    registry.formats.cache_clear()


def test_an_installed_format_is_recognised_and_a_broken_one_is_told(
    installed: None, tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("format 'broken' of no_such_module:FORMAT cannot be loaded")
    path = tmp_path / "diary.jsonl"
    path.write_text(ADDED * 3)
    with open_store(tmp_path / "store.db") as store:
        (result,) = store.import_paths([path])
        assert (result.format, result.status, result.events) == ("diary", "new", 3)
        assert store.content(store.events(result.session or "", 1, 2)[0]).text == "hello"
        assert list(store.verify()) == []


def test_every_format_is_known_by_its_own_name() -> None:
    assert {name: found.name for name, found in registry.formats().items()} == {
        name: name for name in registry.names()
    }
    assert all(registry.get(name) is found for name, found in registry.formats().items())


def test_a_format_is_imported_without_the_others() -> None:
    code = "import sys; from scrubber.formats import registry; registry.get('codex'); " + (
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint(
        ("scrubber.formats.aider", "scrubber.formats.claude_code", "importlib.metadata", "email")
    )


def test_nobody_is_asked_behind_a_format_that_is_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each looks at 256 KB, and there are dozens: a folder of small files would wait for that."""
    asked: list[Path] = []

    def sniff(format: object, path: Path, head: bytes) -> int:
        asked.append(path)
        return 0

    monkeypatch.setattr(type(registry.get("pi")), "sniff", sniff)
    path = tmp_path / "session.jsonl"
    path.write_text('{"type":"user","sessionId":"b","message":{"content":"hello"}}\n')
    assert registry.recognise(path).name == "claude-code"
    assert asked == [path]
    path.write_text('{"type":"user","uuid":"a","sessionId":"b","message":{"content":"hello"}}\n')
    assert registry.recognise(path).name == "claude-code"
    assert asked == [path]


def test_unknown_names_and_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadArgumentError, match=r"no format 'nonsense': use one of .*claude-code"):
        registry.get("nonsense")
    with pytest.raises(BadArgumentError, match="nothing writes the format 'scrubber'"):
        registry.writer("scrubber")
    path = tmp_path / "words.txt"
    path.write_text("only words")
    with pytest.raises(FormatError, match=r"words\.txt: not a transcript"):
        registry.recognise(path)
    path.write_text("  \n")
    with pytest.raises(FormatError, match="the file is empty"):
        registry.recognise(path)
