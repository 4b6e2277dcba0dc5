"""The screenshot in the sample: a login page by the sea, drawn with the standard library alone.

zlib's output differs between its implementations, and the sample has to come out the same, byte
for byte, on every machine; so the picture is compressed here, by a small deflate encoder.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

WIDTH, HEIGHT = 480, 300

Colour = tuple[int, int, int]
Shape = Callable[[float, float], float]
"""The signed distance of a point from an outline; negative inside."""

SKY, FOAM, SHALLOWS, SEA, DEEP = (
    (226, 243, 245),
    (178, 222, 226),
    (122, 193, 203),
    (70, 153, 170),
    (42, 112, 134),
)
SUN, SAND, CORAL, INK, GREY, PALE, WHITE = (
    (255, 221, 150),
    (247, 231, 206),
    (240, 108, 86),
    (33, 61, 74),
    (128, 148, 156),
    (239, 245, 246),
    (255, 255, 255),
)

SMOOTHNESS = 4
"""An edge pixel is one of so many steps between two colours: few enough for a palette."""

GLYPHS = {
    "a": "12 32 43 46/44 14 05 16 36 45", "b": "00 06 36 45 43 32 02",
    "c": "43 32 12 03 05 16 36 45", "d": "40 46 16 05 03 12 42",
    "e": "04 44 43 32 12 03 05 16 36 45", "g": "42 47 38 18/42 12 03 05 16 46",
    "h": "00 06/03 12 32 43 46", "i": "02 06/00 00", "k": "00 06/42 04 46", "l": "00 05 16",
    "m": "02 06/03 12 23 26/23 32 43 46", "n": "02 06/03 12 32 43 46",
    "o": "12 32 43 45 36 16 05 03 12", "p": "02 08/02 32 43 45 36 06", "r": "02 06/04 13 22 32",
    "s": "43 32 12 03 14 34 45 36 16 05", "t": "10 15 26 36/02 32", "u": "02 05 16 36 45/42 46",
    "w": "02 16 23 36 42", "x": "02 46/42 06", ".": "06 06", "/": "40 06",
    "?": "01 10 30 41 42 23 24/26 26", "=": "03 43/05 45",
    "%": "40 06/00 10 11 01 00/35 45 46 36 35", "0": "10 30 41 45 36 16 05 01 10",
    "2": "01 10 30 41 42 06 46", "F": "40 00 06/03 33", "L": "00 06 46", "N": "06 00 46 40",
    "P": "06 00 30 41 42 33 03", "W": "00 16 22 36 40", "Y": "00 23 40/23 26",
}  # fmt: skip
"""Letters as strokes: points "xy" on a grid, x 0-4, y 0 (top) to 6 (baseline) and 8 (below)."""

NARROW = {"i": 0, "l": 1, ".": 0, "r": 3, "t": 3}


class Canvas:
    """An indexed picture; shapes are blended onto it in a few fixed steps."""

    def __init__(self, ground: Colour) -> None:
        self.pixels = [[ground] * WIDTH for _ in range(HEIGHT)]

    def fill(self, shape: Shape, colour: Colour, box: tuple[float, float, float, float]) -> None:
        """Paint a shape, looking only at the pixels in its box (left, top, right, bottom)."""
        left, top, right, bottom = box
        for y in range(max(0, int(top) - 1), min(HEIGHT, math.ceil(bottom) + 1)):
            for x in range(max(0, int(left) - 1), min(WIDTH, math.ceil(right) + 1)):
                cover = min(1.0, max(0.0, 0.5 - shape(x + 0.5, y + 0.5)))
                step = round(cover * SMOOTHNESS)
                if step:
                    self.pixels[y][x] = _mix(self.pixels[y][x], colour, step)

    def panel(
        self, left: int, top: int, right: int, bottom: int, radius: float, colour: Colour
    ) -> None:
        """A rectangle with round corners."""
        cx, cy = (left + right) / 2, (top + bottom) / 2
        w, h = (right - left) / 2 - radius, (bottom - top) / 2 - radius

        def shape(x: float, y: float) -> float:
            dx, dy = abs(x - cx) - w, abs(y - cy) - h
            return math.hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - radius

        self.fill(shape, colour, (left, top, right, bottom))

    def disc(self, cx: float, cy: float, radius: float, colour: Colour) -> None:
        """A circle."""
        box = (cx - radius, cy - radius, cx + radius, cy + radius)
        self.fill(lambda x, y: math.hypot(x - cx, y - cy) - radius, colour, box)

    def wave(
        self, level: float, height: float, length: float, shift: float, colour: Colour
    ) -> None:
        """Water from a wavy line down to the bottom."""

        def shape(x: float, y: float) -> float:
            return level + height * math.sin((x + shift) * math.tau / length) - y

        self.fill(shape, colour, (0, level - height, WIDTH, HEIGHT))

    def line(
        self, a: tuple[float, float], b: tuple[float, float], width: float, colour: Colour
    ) -> None:
        """A stroke with round ends."""
        (ax, ay), (bx, by) = a, b
        length = (bx - ax) ** 2 + (by - ay) ** 2

        def shape(x: float, y: float) -> float:
            along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length if length else 0.0
            t = min(1.0, max(0.0, along))
            return math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) - width / 2

        box = (min(ax, bx) - width, min(ay, by) - width, max(ax, bx) + width, max(ay, by) + width)
        self.fill(shape, colour, box)

    def text(
        self, x: float, y: float, words: str, unit: float, colour: Colour, width: float = 1.4
    ) -> float:
        """Write on the line whose letters start at ``y``; returns where the text ends."""
        for letter in words:
            for stroke in GLYPHS.get(letter, "").split("/") if letter != " " else ():
                points = [(x + int(p[0]) * unit, y + int(p[1]) * unit) for p in stroke.split()]
                for a, b in pairwise(points):
                    self.line(a, b, width, colour)
            x += (NARROW.get(letter, 4) + 2.1) * unit if letter != " " else 4 * unit
        return x


def _mix(under: Colour, over: Colour, step: int) -> Colour:
    """A colour ``step`` of SMOOTHNESS steps on the way from one to another."""
    if step == SMOOTHNESS:
        return over
    red, green, blue = (
        (u * (SMOOTHNESS - step) + o * step) // SMOOTHNESS for u, o in zip(under, over, strict=True)
    )
    return red, green, blue


def login_page() -> bytes:
    """The picture as a PNG file."""
    canvas = Canvas(SKY)
    _shore(canvas)
    _window(canvas)
    _form(canvas)
    return _png(canvas.pixels)


def _shore(canvas: Canvas) -> None:
    """The page's background: a low sun, and waves."""
    canvas.disc(404, 122, 34, SUN)
    canvas.wave(176, 5, 160, 20, FOAM)
    canvas.wave(204, 6, 200, 90, SHALLOWS)
    canvas.wave(236, 6, 150, 40, SEA)
    canvas.wave(268, 5, 220, 130, DEEP)


def _window(canvas: Canvas) -> None:
    """The browser's frame with the address that matters, and the shop's header with its badge."""
    canvas.panel(0, 0, WIDTH, 34, 0, PALE)
    for x, colour in ((16, CORAL), (32, SUN), (48, SHALLOWS)):
        canvas.disc(x, 17, 5, colour)
    canvas.panel(68, 7, 464, 27, 10, WHITE)
    canvas.text(82, 12, "tidepool.example/login?next=%2Fcheckout", 1.36, GREY, 1.15)
    canvas.panel(0, 34, WIDTH, 70, 0, WHITE)
    canvas.disc(25, 52, 8, SEA)
    canvas.text(42, 45, "tidepool", 2.0, INK, 1.9)
    end = canvas.text(352, 46, "Your cart", 1.7, INK)
    canvas.disc(end + 13, 52, 11, CORAL)
    canvas.text(end + 9.4, 46.6, "0", 1.8, WHITE, 1.5)


def _form(canvas: Canvas) -> None:
    """The card: two fields and a button."""
    canvas.panel(132, 92, 352, 280, 14, DEEP)
    canvas.panel(130, 88, 350, 276, 14, WHITE)
    canvas.text(152, 104, "Welcome back", 2.3, INK, 2.0)
    for y, label in ((132, "Name"), (182, "Password")):
        canvas.text(152, y, label, 1.4, GREY, 1.2)
        canvas.panel(150, y + 13, 330, y + 40, 7, FOAM)
        canvas.panel(151, y + 14, 329, y + 39, 6, WHITE)
    canvas.text(162, 152, "marina", 1.7, INK)
    for dot in range(10):
        canvas.disc(166 + dot * 11, 208.5, 3, INK)
    canvas.panel(150, 236, 330, 264, 14, CORAL)
    canvas.text(218, 243.5, "Log in", 2.0, WHITE, 1.9)


def _png(rows: list[list[Colour]]) -> bytes:
    """An indexed PNG of rows of colours."""
    palette = sorted({colour for row in rows for colour in row})
    if len(palette) > 256:
        raise ValueError(f"{len(palette)} colours do not fit a palette")
    index = {colour: number for number, colour in enumerate(palette)}
    raw = b"".join(b"\0" + bytes(index[colour] for colour in row) for row in rows)
    packed = b"\x78\x01" + deflate(raw) + struct.pack(">I", zlib.adler32(raw))
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", bytes(c for p in palette for c in p)),
        (b"IDAT", packed),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


# --- deflate, RFC 1951: one block, fixed codes, greedy matches


class _Bits:
    """Bits, packed from the low end of each byte."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.held = 0
        self.count = 0

    def put(self, value: int, width: int) -> None:
        self.held |= value << self.count
        self.count += width
        while self.count >= 8:
            self.out.append(self.held & 0xFF)
            self.held >>= 8
            self.count -= 8

    def put_code(self, code: int, width: int) -> None:
        """A Huffman code goes in with its highest bit first."""
        self.put(int(f"{code:0{width}b}"[::-1], 2), width)


def deflate(data: bytes) -> bytes:
    """Compress: what zlib.decompress(…, -15) turns back into ``data``."""
    bits = _Bits()
    bits.put(0b011, 3)  # the last block, with the fixed codes
    for length, value in _matches(data):
        if length == 1:
            _put_symbol(bits, value)
        else:
            symbol, extra, width = _slot(length, 3, 257, 4) if length < 258 else (285, 0, 0)
            _put_symbol(bits, symbol)
            bits.put(extra, width)
            symbol, extra, width = _slot(value, 1, 0, 2)
            bits.put_code(symbol, 5)
            bits.put(extra, width)
    _put_symbol(bits, 256)
    bits.put(0, -bits.count % 8)
    return bytes(bits.out)


def _put_symbol(bits: _Bits, symbol: int) -> None:
    """A literal or length in the fixed code."""
    if symbol < 144:
        bits.put_code(0x30 + symbol, 8)
    elif symbol < 256:
        bits.put_code(0x190 + symbol - 144, 9)
    elif symbol < 280:
        bits.put_code(symbol - 256, 7)
    else:
        bits.put_code(0xC0 + symbol - 280, 8)


def _slot(value: int, least: int, first: int, per_width: int) -> tuple[int, int, int]:
    """Symbol, extra bits and their number, for a length or a distance."""
    rest, symbol, width = value - least, first, 0
    for slot in range(30):
        width = max(0, slot // per_width - 1)
        if rest < 1 << width:
            symbol = first + slot
            break
        rest -= 1 << width
    return symbol, rest, width


def _matches(data: bytes) -> Iterator[tuple[int, int]]:
    """(1, byte) for a literal, (length, distance) for a repetition of what came before."""
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        best, place = 1, 0
        for earlier in reversed(seen.get(data[at : at + 3], [])[-24:]):
            length = _common(data, earlier, at) if at - earlier <= 32768 else 0
            if length > best:
                best, place = length, earlier
        yield (best, at - place) if best >= 3 else (1, data[at])
        step = best if best >= 3 else 1
        for position in range(at, min(at + step, at + 8)):
            seen.setdefault(data[position : position + 3], []).append(position)
        at += step


def _common(data: bytes, a: int, b: int) -> int:
    """How far two places in the data agree, up to 258 bytes."""
    length, limit = 0, min(258, len(data) - b)
    while length < limit and data[a + length] == data[b + length]:
        length += 1
    return length
