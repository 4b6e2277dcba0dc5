"""Text of a transcript made safe to show: nothing in it acts, nothing in it hides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]+[0-~])"
)

_NAMED = {
    0x061C: "ALM", 0x200B: "ZWSP", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LS", 0x2029: "PS",
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM", 0xFFFC: "OBJ",
}  # fmt: skip


def _visible_table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
    table |= {0x7F: "␡"} | {code: f"⟦{code:02X}⟧" for code in range(0x80, 0xA0)}
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    # QTextDocument uses these non-characters for its own frames.
    table |= dict.fromkeys([*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF], "\ufffd")
    # Invisible copies of ASCII that are used to smuggle words past a reader.
    table |= {0xE0000 + code: f"⟦tag {chr(code)}⟧" for code in range(0x20, 0x7F)}
    return table | {code: f"⟦{name}⟧" for code, name in _NAMED.items()}


_VISIBLE = _visible_table()


def visible(text: str) -> str:
    """The text with everything that is invisible or would act on the page spelled out."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)


def output(text: str) -> str:
    """What a program printed: colour and cursor escapes left out, the rest made visible."""
    return visible(_ANSI.sub("", text))


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a text, and how much there is in all."""

    text: str
    size: int
    lines: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.text) == self.size


def cut(text: str, characters: int, lines: int) -> Cut:
    """The first so many characters or lines, ending at the end of a line where one is near."""
    total = text.count("\n") + 1
    end = min(len(text), characters)
    if total > lines:
        end = min(end, _nth_newline(text, lines))
    if end < len(text):
        newline = text.rfind("\n", end * 2 // 3, end + 1)
        end = newline if newline > 0 else end
    return Cut(text[:end], len(text), total)


def _nth_newline(text: str, count: int) -> int:
    position = -1
    for _ in range(count):
        position = text.index("\n", position + 1)
    return position


def human_size(size: int) -> str:
    """Characters as people read them: ``812 B``, ``48 kB``, ``1.2 MB``."""
    if size < 1000:
        return f"{size} B"
    if size < 999_500:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def counted(number: int, noun: str) -> str:
    """``1 line``, ``1,204 lines``."""
    plural = "es" if noun.endswith(("s", "ch")) else "s"
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def clock(ts: int | None, pattern: str = "%H:%M:%S") -> str:
    """A time in milliseconds since 1970 as the local time of day, ``""`` where there is none."""
    if ts is None:
        return ""
    try:
        return datetime.fromtimestamp(ts / 1000).strftime(pattern)
    except (ValueError, OverflowError, OSError):
        return ""
