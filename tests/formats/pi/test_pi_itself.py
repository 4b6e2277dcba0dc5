"""pi's own code reads what we write, and what it gives a model is what we say it does."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from scrubber.core.events import Kind
from scrubber.formats.closing import ClosedTranscript
from scrubber.formats.pi.writer import PiWriter
from scrubber.transfer.exporting import StoredTranscript
from tests.formats.corpus import CORPUS
from tests.formats.pi.context import ours, theirs
from tests.formats.pi.rules import check_rules
from tests.formats.reading import FakeTranscript, read
from tests.helpers.readers import ask_node, node_package
from tests.transfer.comparing import import_one
from tests.transfer.conftest import store as store  # a fixture

STRAY = "call_9"
"""The result of this call stands in the corpus without the call; pi sends it all the same."""

PACKAGE = "@earendil-works/pi-coding-agent"
WRITER = PiWriter(lambda transcript: f"fork-{transcript.index}")
FILES = sorted((CORPUS / "pi").iterdir())
OTHERS = [
    CORPUS / "claude-code" / "1c0ffee0-0000-4000-8000-000000000001.jsonl",
    CORPUS / "messages" / "lines.jsonl",
]


@pytest.fixture(scope="module")
def package() -> str:
    """pi as npm installs it; skips where it is not, before anything is done."""
    node_package(PACKAGE)
    return PACKAGE


def told_by(package: str, files: list[Path]):
    script = Path(__file__).with_name("told.mjs")
    return [theirs(told) for told in ask_node(package, script, *files)]


def cuts(store, source: Path):
    """Every beginning of every session of a file."""
    for result in import_one(store, source):
        session = store.session(result.session)
        events = [*store.events(session.id), None]
        for last, after in pairwise(events):
            # A cut within a compaction is in front of it for pi, and halfway through it for us.
            if after is None or last.record != after.record or last.kind is not Kind.COMPACTION:
                yield StoredTranscript(store.store, session, last.index + 1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_cut_gives_pi_the_context_that_we_tell(store, package, path, tmp_path):
    transcripts, files = [], []
    for number, transcript in enumerate(cuts(store, path)):
        files.append(tmp_path / f"{number}.jsonl")
        files[-1].write_bytes(b"".join(WRITER.write(transcript)))
        check_rules(files[-1].read_bytes())
        transcripts.append(transcript)
    for transcript, told in zip(transcripts, told_by(package, files), strict=True):
        wanted = ours(ClosedTranscript(transcript))
        told = [said for said in told if ("answers", STRAY) not in said[1]]
        assert told[: len(wanted)] == wanted
        assert all("[Interrupted" in said[1] for _, said in told[len(wanted) :])


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.parent.name)
def test_sessions_of_others_are_taken(store, package, path, tmp_path):
    files = []
    for number, transcript in enumerate(cuts(store, path)):
        files.append(tmp_path / f"{number}.jsonl")
        files[-1].write_bytes(b"".join(WRITER.write(transcript)))
        check_rules(files[-1].read_bytes())
    assert all(isinstance(told, list) for told in told_by(package, files))


def test_the_file_itself_is_read_as_pi_reads_it(package, tmp_path):
    """The last entry of the tree is where pi goes on."""
    path = next(file for file in FILES if "000000000002" in file.name)
    shutil.copy(path, tmp_path / "a.jsonl")
    (told,) = told_by(package, [tmp_path / "a.jsonl"])
    assert told == ours(FakeTranscript(read("pi", path.read_bytes(), path.name)))
