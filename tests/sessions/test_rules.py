"""docs/sessions tells for each rule of a system which test holds it: the tests must be there.

And what its examples do must be so.
"""

from __future__ import annotations

import re

import pytest

from tests.helpers.data import REPOSITORY

PAGES = sorted((REPOSITORY / "docs" / "sessions").glob("*.md"))
TESTS = {
    name
    for path in (REPOSITORY / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
}


def rules(page):
    """(rule, what holds it) of a page."""
    table = page.read_text("utf-8").partition("## Rule by rule")[2]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return [row for row in rows if row[0] != "rule"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_rule_has_a_test_or_a_reason(page):
    found = rules(page)
    assert len(found) > 20
    for rule, held in found:
        named = re.findall(r"\btest_\w+", held)
        assert set(named) <= TESTS, (rule, set(named) - TESTS)
        assert named or re.match(r"no test( here)?: \w+", held), rule


EXAMPLES = [
    (page.stem, code)
    for page in [REPOSITORY / "docs" / "sessions.md", *PAGES]
    for code in re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
]


@pytest.mark.parametrize(("page", "code"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_examples_run(page, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), {})
    assert (tmp_path / "work.db").exists()
