"""MessagePack to plain values, without ever making an object of a class that the data names.

LangGraph's extension types name a module, a class and its arguments, one within the other: its own
decoder imports and calls them. Here they become objects with the class's name in ``$class``. A
decoder of our own, since depth and number of values have to be bounded across extensions, and keys
of maps may be anything; it is small because it only reads.
"""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.core.content import JSON

_DEEPEST = 100
_NUMBERS = {
    0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_SIZES = {0: ">B", 1: ">H", 2: ">I"}
_SINGLE, _POSITIONAL, _KEYWORDS, _METHOD, _PYDANTIC_1, _PYDANTIC_2, _ARRAY, _DELTA = range(8)


def unpack(data: bytes) -> JSON:
    """The value that some bytes stand for; a ValueError if they stand for none."""
    try:
        return _Decoder(data).value(0)
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"no MessagePack: {error}") from error


class _Decoder:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def value(self, depth: int) -> JSON:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        sign = self._data[self._at]
        self._at += 1
        if sign <= 0x7F or sign >= 0xE0:
            return sign if sign <= 0x7F else sign - 0x100
        if sign <= 0x8F:
            return self._map(sign & 0x0F, depth)
        if sign <= 0x9F:
            return self._list(sign & 0x0F, depth)
        if sign <= 0xBF:
            return self._take(sign & 0x1F).decode(errors="replace")
        return self._other(sign, depth)

    def _other(self, sign: int, depth: int) -> JSON:
        if sign in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[sign]
        if sign in _NUMBERS:
            return _plain(self._number(_NUMBERS[sign]))
        if 0xC4 <= sign <= 0xC6:
            return {"$base64": base64.b64encode(self._sized(sign - 0xC4)).decode()}
        if 0xD9 <= sign <= 0xDB:
            return self._sized(sign - 0xD9).decode(errors="replace")
        if sign in (0xDC, 0xDD):
            return self._list(self._number(_SIZES[sign - 0xDB]), depth)
        if sign in (0xDE, 0xDF):
            return self._map(self._number(_SIZES[sign - 0xDD]), depth)
        if 0xC7 <= sign <= 0xC9:
            size = self._number(_SIZES[sign - 0xC7])
            return self._extension(size, depth)
        if 0xD4 <= sign <= 0xD8:
            return self._extension(1 << (sign - 0xD4), depth)
        raise ValueError(f"byte {sign:#x} is no type")

    def _number(self, shape: str) -> Any:
        size = struct.calcsize(shape)
        (value,) = struct.unpack(shape, self._take(size))
        return value

    def _take(self, size: int) -> bytes:
        data = self._data[self._at : self._at + size]
        if len(data) < size:
            raise ValueError("cut off")
        self._at += size
        return data

    def _sized(self, width: int) -> bytes:
        return self._take(self._number(_SIZES[width]))

    def _list(self, length: int, depth: int) -> list[JSON]:
        self._check(length)
        return [self.value(depth + 1) for _ in range(length)]

    def _map(self, length: int, depth: int) -> dict[str, JSON]:
        self._check(2 * length)
        found: dict[str, JSON] = {}
        for _ in range(length):
            key = self.value(depth + 1)
            found[key if isinstance(key, str) else repr(key)] = self.value(depth + 1)
        return found

    def _check(self, values: int) -> None:
        """Each value takes a byte at least: what claims to be longer is not made room for."""
        if values > len(self._data) - self._at:
            raise ValueError("cut off")

    def _extension(self, size: int, depth: int) -> JSON:
        code = self._take(1)[0]
        data = self._take(size)
        try:
            inner = _Decoder(data)
            return _named(code, inner.value(depth + 1))
        except (IndexError, struct.error, ValueError):
            return {"$extension": code, "$base64": base64.b64encode(data).decode()}


def _plain(number: Any) -> JSON:
    """A number as JSON has it; what JSON has not becomes a word."""
    return str(number) if number != number or number in (float("inf"), float("-inf")) else number


def _named(code: int, value: JSON) -> JSON:
    """An object of a class, told by the class's name and what it is made of."""
    if code == _DELTA or not isinstance(value, list) or len(value) < 3:
        return value if code == _DELTA else {"$extension": code, "value": value}
    name, made_of = f"{value[0]}.{value[1]}", value[2]
    if code in (_KEYWORDS, _PYDANTIC_1, _PYDANTIC_2) and isinstance(made_of, dict):
        return {"$class": name, **made_of}
    return {"$class": name, "value": made_of}
