"""Export of what was not edited: its bytes, as fast as they can be written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scrubber.api import open_store
from tests.bench import corpus
from tests.bench.measuring import Result, Size, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(folder: Path, size: Size) -> Iterator[Result]:
    """Measure."""
    source, copy, target = (folder / name for name in ("session.jsonl", "copy", "target"))
    corpus.write(source, size.source_bytes)
    floor = seconds(lambda: write(source.read_bytes(), copy), size.rounds)
    copied = seconds(lambda: shutil.copyfile(source, copy), size.rounds)
    with open_store(folder / "store.db") as store:
        (result,) = store.import_paths([source])
        session = str(result.session)
        spent = seconds(
            lambda: store.export_to(target, session, format="source", overwrite=True), size.rounds
        )
        native = seconds(
            lambda: store.export_to(folder / "native", session, overwrite=True), size.rounds
        )
    assert target.read_bytes() == source.read_bytes()
    mega = source.stat().st_size / 1e6
    told = f"read and write of {mega:.0f} MB: {floor:.3f} s, copy {copied:.3f} s"
    yield Result("export as source", spent / floor, "x write", 6, told)
    yield Result("export as source, rate", mega / spent, "MB/s")
    yield Result("export as snapshot, rate", mega / native, "MB/s")


def write(data: bytes, path: Path) -> None:
    """The floor."""
    path.write_bytes(data)
