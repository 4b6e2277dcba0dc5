"""Runs small tests under the project's real rules, in a process of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.helpers.data import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[[str], dict[str, str]]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run the tests in this text; gives each one's name with what went wrong, "" for nothing."""
    harness = REPOSITORY / "tests" / "conftest.py"
    pytester.makeconftest(harness.read_text(encoding="utf-8"))

    def run(text: str) -> dict[str, str]:
        pytester.makepyfile(test_inner=text)
        pytester.runpytest_subprocess(
            f"--config-file={REPOSITORY / 'pyproject.toml'}",
            f"--rootdir={pytester.path}",
            "--junit-xml=report.xml",
            "test_inner.py",
        )
        return outcomes(pytester.path / "report.xml")

    return run


def outcomes(report: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        words = [f"{trouble.tag}: {trouble.get('message')} {trouble.text}" for trouble in case]
        # A test that fails and then cannot clean up is reported twice.
        found[case.attrib["name"]] = found.get(case.attrib["name"], "") + "\n".join(words)
    return found
