"""Transcripts to test with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real transcripts of many programs, kept outside the repository; without them it skips."""
    folder = Path(os.environ.get("SCRUBBER_TEST_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no real transcripts here: set SCRUBBER_TEST_DATA to a folder with some")
    return folder


@pytest.fixture(scope="session")
def bundled_sample() -> Path:
    """The folder with the sample that Scrubber brings along."""
    return REPOSITORY / "resources" / "sample"
