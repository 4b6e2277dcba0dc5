"""A log record of level WARNING or above fails the test, unless the test expects it.

    def test_broken_file(expect_log):
        expect_log("line 3 is not JSON")  # a regular expression
        ...

An expected record that does not come fails the test as well.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watch(logging.Handler):
    """Sorts the records of one test into expected and unexpected ones."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.unmet: list[str] = []
        self.met: list[str] = []
        self.unexpected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        for pattern in [*self.unmet, *self.met]:
            if re.search(pattern, message):
                if pattern in self.unmet:
                    self.unmet.remove(pattern)
                    self.met.append(pattern)
                return
        self.unexpected.append(f"{record.levelname} {record.name}: {message}")

    def complaints(self) -> list[str]:
        return [
            *(f"unexpected log record: {text}" for text in self.unexpected),
            *(f"expected log record did not come: {pattern}" for pattern in self.unmet),
        ]


@pytest.fixture(autouse=True)
def _log_watch() -> Iterator[Watch]:
    watch = Watch()
    root = logging.getLogger()
    root.addHandler(watch)
    yield watch
    root.removeHandler(watch)
    if complaints := watch.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(_log_watch: Watch) -> Callable[[str], None]:
    """Expect a record whose message matches this regular expression, from now on, once or more."""
    return _log_watch.unmet.append
