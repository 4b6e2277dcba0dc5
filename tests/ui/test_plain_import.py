"""What is imported once the window is there leaves no copy of its source behind."""

from __future__ import annotations

import builtins
import importlib
import linecache
from typing import TYPE_CHECKING

from scrubber.ui import plain_import

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_sources_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    sources = {name: tmp_path / f"{name}.py" for name in ("imports_one_more", "one_more")}
    sources["one_more"].write_text("here = True\n")
    sources["imports_one_more"].write_text("import one_more\n")
    plain_import.restore()
    assert importlib.import_module("imports_one_more").one_more.here
    assert not {str(path) for path in sources.values()} & linecache.cache.keys()


def test_restoring_twice_changes_nothing() -> None:
    plain_import.restore()
    kept = builtins.__import__
    plain_import.restore()
    assert builtins.__import__ is kept
