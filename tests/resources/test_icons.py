from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"
LINE_ICONS = sorted(path.stem for path in ICONS.glob("*.svg") if path.stem != "scrubber")
SVG = "{http://www.w3.org/2000/svg}"

WANTED = [
    *("import", "export", "fork", "play", "pause", "step-back", "step-forward", "first"),
    *("last", "prev-tool", "next-tool", "prev-error", "next-error", "prev-message"),
    *("next-message", "search", "undo", "delete", "rename", "reveal", "bookmark", "compare"),
    *("continue", "user", "model", "reasoning", "tool", "result", "error", "system"),
    *("subagent", "session", "message", "image", "compaction", "fold", "unfold", "copy"),
    *("palette", "settings", "zoom-in", "zoom-out", "close", "warning", "info", "check"),
    *("find-all", "stop", "filter", "sort", "budget", "siblings"),
    *("file", "usage", "label", "note"),
]


def tree(name: str) -> ElementTree.Element:
    return ElementTree.fromstring((ICONS / f"{name}.svg").read_text("utf-8"))


def painted(name: str, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray((ICONS / f"{name}.svg").read_bytes())).render(painter)
    painter.end()
    return image


def test_all_icons_are_there_and_no_others():
    assert sorted(WANTED) == LINE_ICONS
    assert {path.name for path in ICONS.iterdir()} == {f"{n}.svg" for n in [*WANTED, "scrubber"]}


@pytest.mark.parametrize("name", LINE_ICONS)
def test_one_visual_language(name):
    root = tree(name)
    assert dict(root.attrib) == {
        "viewBox": "0 0 16 16",
        "fill": "none",
        "stroke": "#000",
        "stroke-width": "1.5",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    colours = {e.get(k) for e in root.iter() for k in ("fill", "stroke")} - {None}
    assert colours <= {"none", "#000"}
    assert not any(e.get("stroke-width") for e in root.iter() if e is not root)


@pytest.mark.parametrize("name", [*LINE_ICONS, "scrubber"])
def test_only_shapes(name):
    text = (ICONS / f"{name}.svg").read_text("utf-8")
    assert {e.tag for e in tree(name).iter()} <= {
        SVG + t for t in ("svg", "path", "circle", "rect")
    }
    assert not re.search(r"href|url\(|style|script|data:|<!", text)
    assert text.endswith("</svg>\n")
    assert len(text.splitlines()) <= 8


@pytest.mark.parametrize("name", LINE_ICONS)
def test_the_drawing_stays_inside_its_frame(name):
    """Nothing is cut off at the edge, and nothing is so small that it looks lost."""
    image = painted(name, 64)
    inked = [(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 40]
    xs, ys = {x for x, _ in inked}, {y for _, y in inked}
    assert min(xs) >= 1
    assert min(ys) >= 1
    assert max(xs) <= 62
    assert max(ys) <= 62
    assert max(max(xs) - min(xs), max(ys) - min(ys)) >= 36


def test_no_two_icons_look_the_same():
    drawn = {bytes(painted(name, 24).constBits()): name for name in LINE_ICONS}
    assert len(drawn) == len(LINE_ICONS)


def test_application_icon():
    root = tree("scrubber")
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert width == height
    image = painted("scrubber", 16)
    assert image.pixelColor(0, 0).alpha() < 60
    assert image.pixelColor(8, 8).alpha() == 255
