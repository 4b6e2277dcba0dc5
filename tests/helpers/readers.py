"""Other projects' own readers, which packaging/others.sh installs beside our environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

PLACE = REPOSITORY / ".venv" / "readers"
_PYTHON = PLACE / "bin" / "python"
_WHY = "is not here: packaging/others.sh installs it where the package index is reachable"


def ask(package: str, script: Path, *arguments: Path | str) -> list[Any]:
    """What a script prints that uses a package: JSON values, one a line; without it, it skips."""
    if not list(PLACE.glob(f"lib/python*/site-packages/{package}/__init__.py")):
        pytest.skip(f"{package} {_WHY}")
    return _said([_PYTHON, "-I", script, *arguments])


def ask_node(package: str, script: Path, *arguments: Path | str) -> list[Any]:
    """The same for a script of node, which is given the package's folder first."""
    return _said(["node", script, node_package(package), *arguments])


def node_package(package: str) -> Path:
    """The folder of a package of npm; without it, or node, it skips."""
    folder = PLACE / "node" / "node_modules" / package
    if shutil.which("node") is None:
        pytest.skip(f"node is not here, which {package} runs on")
    if not folder.is_dir():
        pytest.skip(f"{package} {_WHY}")
    return folder


def _said(command: list[Path | str]) -> list[Any]:
    quiet = os.environ | {"OPENAI_AGENTS_DISABLE_TRACING": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=200, env=quiet
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
