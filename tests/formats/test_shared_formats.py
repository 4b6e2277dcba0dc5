"""Every real file there is, kept outside the repository: what its formats make of it, as a table.

``pytest -s tests/formats/test_shared_formats.py`` prints it.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scrubber.api import open_store
from scrubber.core.events import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from scrubber.api import OpenStore

EXPECTED = {
    "claude-code": "claude-code",
    "codex": "codex",
    "copilot-cli": "copilot-cli",
    "gemini-cli": "gemini-cli",
    "inspect_scout/atif_source": "atif",
    "inspect_scout/claude_code_source": "claude-code",
    "pi": "pi",
    "polylogue/providers/chatgpt": "chatgpt",
    "polylogue/providers/claude-ai": "claude-ai",
    "sharegpt": "sharegpt",
}
"""Folders, and the format that all recognised files of theirs must be."""


class Row(NamedTuple):
    """What was read of one format."""

    format: str
    files: int
    megabytes: float
    records: int
    sessions: int
    events: int
    unknown: int
    warnings: int


@pytest.fixture(scope="module")
def imported(shared_data, tmp_path_factory):
    """A store with all that is recognised, the results, and the seconds that took."""
    with open_store(tmp_path_factory.mktemp("shared") / "store.db") as store:
        begun = time.monotonic()
        results = store.import_paths(sorted(p for p in shared_data.iterdir() if p.is_dir()))
        yield store, results, time.monotonic() - begun


def test_every_file_that_is_recognised_is_read(imported, shared_data):
    store, results, seconds = imported
    assert [r.warnings for r in results if r.status == "failed"] == []
    print_table(list(rows(store)), seconds)
    print_others(store, shared_data)
    for source in store.store.sources():
        assert source.complete
        assert source.records, source.path


@pytest.mark.parametrize("folder", EXPECTED)
def test_a_folder_is_of_its_format(imported, shared_data, folder):
    store, _, _ = imported
    inside = [
        source for source in store.store.sources() if str(shared_data / folder) in str(source.path)
    ]
    assert inside or not (shared_data / folder).is_dir()
    assert {source.format for source in inside} <= {EXPECTED[folder]}


def rows(store: OpenStore) -> list[Row]:
    """A row for each format."""
    query = store.store.connections.get().execute
    sources = defaultdict(list)
    for source in store.store.sources():
        sources[source.format].append(source)
    found = []
    for name, read in sorted(sources.items()):
        events = unknown = sessions = 0
        for source in read:
            sessions += len(store.store.followers(source.id))
            for log, _, length in store.store.logs_of(source.id):
                events += length
                unknown += query(
                    "SELECT count(*) FROM events WHERE id >= ? AND id < ? AND kind = ?",
                    (log << 32, (log + 1) << 32, int(Kind.UNKNOWN)),
                ).fetchone()[0]
        size = sum(source.read_upto for source in read) / 1e6
        records = sum(source.records for source in read)
        warnings = sum(len(source.warnings) for source in read)
        found.append(Row(name, len(read), size, records, sessions, events, unknown, warnings))
    return found


def print_table(found: list[Row], seconds: float) -> None:
    size = sum(row.megabytes for row in found)
    print(f"\n{size:.1f} MB in {seconds:.1f} s: {size / seconds:.1f} MB/s")
    print(f"{'':16}" + "".join(f"{name:>10}" for name in Row._fields[1:]))
    for row in found:
        cells = [f"{v:>10.1f}" if isinstance(v, float) else f"{v:>10}" for v in row[1:]]
        print(f"{row.format:16}" + "".join(cells))


def print_others(store: OpenStore, folder: Path) -> None:
    """How many files of each folder nothing recognises."""
    known = {source.path for source in store.store.sources()}
    others = [path for path in folder.rglob("*") if path.is_file() and str(path) not in known]
    count = Counter("/".join(path.relative_to(folder).parts[:2]) for path in others)
    print("not read: " + ", ".join(f"{name} {number}" for name, number in sorted(count.items())))
