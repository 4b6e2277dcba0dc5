"""Draws how the costs grow; ``make bench-plot`` measures and draws.

Reads the results of ``growing`` as JSON Lines, writes an SVG picture; both axes are logarithmic.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Point = tuple[int, float]
"""(events, milliseconds)"""

_NAME = re.compile(r"growth of (\w+), ([\d,]+) events")
_COLOURS = ("#2563eb", "#7c3aed", "#b45309", "#be185d", "#0f766e", "#64748b")
_WIDTH, _HEIGHT, _LEFT, _FOOT, _RIGHT = 760, 460, 64, 44, 110


def curves(lines: Iterable[bytes]) -> dict[str, list[Point]]:
    """The points of each kind of work, from results as JSON Lines; others are passed over."""
    found: dict[str, list[Point]] = defaultdict(list)
    for line in lines:
        result = orjson.loads(line)
        if match := _NAME.fullmatch(result["name"]):
            found[match[1]].append((int(match[2].replace(",", "")), result["value"]))
    return dict(found)


def picture(drawn: Mapping[str, Sequence[Point]]) -> str:
    """The SVG."""
    events = [point[0] for points in drawn.values() for point in points]
    spent = [point[1] for points in drawn.values() for point in points]
    across = range(math.floor(math.log10(min(events))), math.ceil(math.log10(max(events))) + 1)
    up = range(math.floor(math.log10(min(spent))), math.ceil(math.log10(max(spent))) + 1)

    def place(point: Point) -> tuple[float, float]:
        x = (math.log10(point[0]) - across[0]) / max(len(across) - 1, 1)
        y = (math.log10(point[1]) - up[0]) / max(len(up) - 1, 1)
        return (
            _LEFT + x * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _FOOT - y * (_HEIGHT - _FOOT - 20),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for power in up:
        y = place((10 ** across[0], 10.0**power))[1]
        parts.append(_line(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 8, y + 4, _duration(10.0**power), "end"))
    for power in across:
        x = place((10**power, 10.0 ** up[0]))[0]
        parts.append(_line(x, 20, x, _HEIGHT - _FOOT))
        parts.append(_text(x, _HEIGHT - _FOOT + 18, f"{10**power:,}", "middle"))
    parts.append(_text(_WIDTH / 2, _HEIGHT - 8, "events in the session", "middle"))
    for colour, (name, points) in zip(_COLOURS, drawn.items(), strict=False):
        path = " ".join("{:.1f},{:.1f}".format(*place(point)) for point in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        x, y = place(points[-1])
        parts.append(_text(x + 8, y + 4, name, "start", colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _duration(ms: float) -> str:
    return f"{ms:g} ms" if ms < 1000 else f"{ms / 1000:g} s"


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dfe2e7"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#636b76") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"


if __name__ == "__main__":
    sys.stdout.write(picture(curves(sys.stdin.buffer)))
