"""What the README says can be done, can be done."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from scrubber.cli import main
from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

README = (REPOSITORY / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_example_runs(tmp_path: Path, bundled_sample: Path) -> None:
    (code,) = blocks("python")
    sample = next(bundled_sample.glob("*/*.jsonl"))
    (tmp_path / "session.jsonl").write_bytes(sample.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert "new 132" in done.stdout
    assert (tmp_path / "fork.jsonl").read_bytes().startswith(b'{"messages":[')


def test_the_commands_run(
    tmp_path: Path, bundled_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = [block for block in blocks("") if "scrubber import" in block]
    monkeypatch.chdir(tmp_path)
    projects = tmp_path / ".claude" / "projects"
    projects.parent.mkdir()
    projects.symlink_to(bundled_sample)
    for line in code.strip().splitlines():
        words = shlex.split(line.replace("~", str(tmp_path)))
        assert words[0] == "scrubber"
        assert main(words[1:]) == 0, line
    assert (tmp_path / "prefix.jsonl").read_bytes().startswith(b'{"messages":[')


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) > 5
    for link in links:
        assert (REPOSITORY / link).exists(), link
