"""What is not needed for the first paint, or for a quick command, is not imported for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.helpers.data import REPOSITORY

MODELS = ("pydantic_ai", "openai", "anthropic", "genai_prices", "httpx2", "keyring", "xllamacpp")
LARGE = ("_hashlib", "importlib.metadata", "scrubber.formats.claude_code")
SLOW = (
    "sqlite_utils", "pygments", "zstandard", "scrubber.store", "scrubber.formats", "hypothesis",
    *MODELS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("scrubber.app", (*SLOW, "scrubber.ui.panes", "scrubber.models", "scrubber.core")),
        ("scrubber.ui.workplace", (*SLOW, *LARGE)),
        ("scrubber.cli", (*SLOW, "PySide6", "sqlite3")),
        ("scrubber", (*SLOW, "PySide6", "sqlite3")),
        ("scrubber.live.providers.choosing", ("PySide6", *MODELS)),
        ("scrubber.api.endpoints", ("PySide6", *MODELS)),
        ("scrubber.api", ("PySide6", "sqlite_utils", "pygments", *LARGE, *MODELS)),
    ],
)
def test_importing_stays_light(module: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()).isdisjoint(unwanted)
