"""Where the playhead goes for "next tool call", "previous error" and the like.

An index is an exclusive cut. To stop *at* an event means to have it as the last one in front of
the playhead, so every answer here is an event's position plus one.
"""

from __future__ import annotations

import re
from enum import Enum

from scrubber.core.events import Kind, Role
from scrubber.core.track import Flag, Track

_NEAR, _FAR = 64, 65_536
"""Events that are looked at in one go: all that stop there are found, the last is taken."""


class Stop(Enum):
    """What a step looks for."""

    MESSAGE = "message"
    TOOL = "tool"
    ERROR = "error"
    TURN = "turn"
    """What the user says, as a message of its own."""


def next_stop(track: Track, index: int, stop: Stop) -> int | None:
    """The first index behind ``index`` that stops at what is looked for, None if there is none."""
    for found in _pattern(stop).finditer(_column(track, stop), index):
        if _is_meant(track, stop, found.start()):
            return found.start() + 1
    return None


def previous_stop(track: Track, index: int, stop: Stop) -> int | None:
    """The last such index in front of ``index``."""
    column, pattern = _column(track, stop), _pattern(stop)
    high, step = max(index - 1, 0), _NEAR
    while high > 0:
        low, step = max(high - step, 0), min(2 * step, _FAR)
        places = (match.start() for match in pattern.finditer(column, low, high))
        found = [place for place in places if _is_meant(track, stop, place)]
        if found:
            return found[-1] + 1
        high = low
    return None


def _column(track: Track, stop: Stop) -> bytes:
    return track.kinds if stop is Stop.TOOL else track.flags


def _pattern(stop: Stop) -> re.Pattern[bytes]:
    return _PATTERNS[stop]


def _is_meant(track: Track, stop: Stop, place: int) -> bool:
    """Whether what opens a message of the user's is one: a source may note other things as his."""
    return stop is not Stop.TURN or track.kinds[place] in _SAID


_SAID = (Kind.MESSAGE, Kind.COMMAND)


def _turns() -> re.Pattern[bytes]:
    role = int(Flag.ROLE)
    opens = (v for v in range(256) if v & Flag.OPENS_MESSAGE and v & role == int(Role.USER))
    return re.compile(b"[" + re.escape(bytes(opens)) + b"]")


def _with_flag(flag: Flag) -> re.Pattern[bytes]:
    values = bytes(value for value in range(256) if value & flag)
    return re.compile(b"[" + re.escape(values) + b"]")


_PATTERNS = {
    Stop.TOOL: re.compile(re.escape(bytes([Kind.TOOL_CALL]))),
    Stop.ERROR: _with_flag(Flag.ERROR),
    Stop.MESSAGE: _with_flag(Flag.OPENS_MESSAGE),
    Stop.TURN: _turns(),
}
