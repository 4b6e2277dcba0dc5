from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest

from scrubber.core.events import Kind, Role
from scrubber.core.track import AgentSpan, Flag, ForkMark, Track
from scrubber.models.cursor import Cursor
from scrubber.ui.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_700_000_000_000
TURN = (
    (Kind.MESSAGE, Role.USER),
    (Kind.REASONING, Role.ASSISTANT),
    (Kind.MESSAGE, Role.ASSISTANT),
    (Kind.TOOL_CALL, Role.ASSISTANT),
    (Kind.TOOL_RESULT, Role.TOOL),
)


def make_track(count: int) -> Track:
    turns = [TURN[i % len(TURN)] for i in range(count)]
    flags = bytearray(role for _, role in turns)
    for i in range(4, count, 10):
        flags[i] |= Flag.ERROR
    for i in range(count * 8 // 10, count * 9 // 10):
        flags[i] |= Flag.ADDED
    return Track(
        kinds=bytes(kind for kind, _ in turns),
        flags=bytes(flags),
        times=array("q", [START + i * 1000 for i in range(count)]),
        sizes=array("I", [40 + i % 7 * 100 for i in range(count)]),
        contexts=array("I", [1000 + i * 3 if i % 5 == 2 else 0 for i in range(count)]),
        forks=(
            ForkMark(count // 4, "child", "a <b>bold</b> title"),
            ForkMark(count // 2, "left", "left & right"),
            ForkMark(count // 2, "right", "right"),
        ),
        spans=(AgentSpan(count * 6 // 10, count * 7 // 10, "agent", "look around"),),
    )


@pytest.fixture
def cursor(qapp):
    return Cursor()


@pytest.fixture
def show(qtbot, cursor) -> Callable[..., Timeline]:
    def build(count: int = 100, index: int = 0, width: int = 1000) -> Timeline:
        cursor.open("session", count, index)
        timeline = Timeline(cursor)
        qtbot.addWidget(timeline)
        timeline.resize(width, 180)
        timeline.set_track(make_track(count))
        timeline.show()
        qtbot.waitExposed(timeline)
        return timeline

    return build
