"""Ids that sort by the moment at which they were made."""

from __future__ import annotations

import os
import time


def uuid7() -> str:
    """A fresh UUID of version 7 (RFC 9562): ids sort by the moment at which they were made."""
    stamp = time.time_ns() // 1_000_000
    number = (stamp & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
