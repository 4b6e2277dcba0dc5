"""Writes GGUF files (version 3) with plain numbers in them: small models for tests.

The package ``gguf`` would do, but brings numpy along, which slows down what else is tested.
Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_ALIGNMENT = 32
_F32_TENSOR = 0

Tensor = tuple[tuple[int, ...], bytes]
"""Its extent, the fastest dimension first, and its 32-bit floats."""


def write(path: Path, facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
    """Write a model: what is told of it, and its weights."""
    out = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts)))
    for key, value in facts.items():
        kind, data = _value(value)
        out += _string(key) + struct.pack("<I", kind) + data
    offset = 0
    for name, (extent, data) in tensors.items():
        out += _string(name) + struct.pack("<I", len(extent))
        out += struct.pack(f"<{len(extent)}Q", *extent)
        out += struct.pack("<IQ", _F32_TENSOR, offset)
        offset += len(data) + _gap(len(data))
    out += bytes(_gap(len(out)))
    for _, data in tensors.values():
        out += data + bytes(_gap(len(data)))
    path.write_bytes(out)


def zeros(*extent: int) -> Tensor:
    size = 4
    for length in extent:
        size *= length
    return extent, bytes(size)


def ones(length: int) -> Tensor:
    return (length,), struct.pack("<f", 1.0) * length


def with_ones(columns: int, rows: int, places: Mapping[int, int]) -> Tensor:
    """A matrix of zeros with a one in each of these (column → row)."""
    data = bytearray(4 * columns * rows)
    for column, row in places.items():
        struct.pack_into("<f", data, 4 * (row * columns + column), 1.0)
    return (columns, rows), bytes(data)


def _value(value: Any) -> tuple[int, bytes]:
    if isinstance(value, bool):
        return _BOOL, struct.pack("<?", value)
    if isinstance(value, int):
        return _UINT32, struct.pack("<I", value)
    if isinstance(value, float):
        return _FLOAT32, struct.pack("<f", value)
    if isinstance(value, str):
        return _STRING, _string(value)
    kinds = {_value(item)[0] for item in value}
    (kind,) = kinds
    data = b"".join(_value(item)[1] for item in value)
    kind = _INT32 if kind == _UINT32 else kind
    return _ARRAY, struct.pack("<IQ", kind, len(value)) + data


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _gap(size: int) -> int:
    return -size % _ALIGNMENT
