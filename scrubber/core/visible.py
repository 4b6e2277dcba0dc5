"""The text of a transcript made safe to show: nothing in it acts, nothing in it hides."""

from __future__ import annotations

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
