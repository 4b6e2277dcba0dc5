"""Replaces secrets in records and texts, so that whatever is made of them holds none.

A record that is JSON stays JSON: its strings are taken one by one, decoded, and only those that
hold a secret are written anew; a string that is JSON itself is gone into. In what is no JSON, a
secret is found in the forms that escaping gives it.

Not found: what is encoded (base64, compressed), split over several records, or spelled as a number.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from scrubber.core.redaction import SHORTEST, LeakError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scrubber.core.redaction import Finding

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BESIDE = re.compile(r"[\s\d{}\[\],:truefalsnE+.\-]*")
"""What JSON has beside its strings."""

_PLAIN = re.compile(r"[A-Za-z0-9_.\-]+")
"""Characters that no encoder escapes."""

_CUT = re.compile("…|\\\\u2026")
_LONGEST_CUT = 200
_AFTER_BACKSLASH = frozenset('bfnrtu"\\/')


class Redactor:
    """Replaces some texts by others wherever they stand."""

    def __init__(self, replacements: Mapping[str, str]) -> None:
        """``replacements``: what is written for each secret."""
        self.replacements = dict(sorted(replacements.items(), key=lambda one: -len(one[0])))
        self._values = tuple(self.replacements)
        self._needles = _needles(self.replacements)
        self._loose = _loose(self.replacements)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Redactor:
        """What replaces those of the findings that are to be replaced."""
        return cls({one.value: one.placeholder for one in findings if one.replace})

    def __bool__(self) -> bool:
        return bool(self.replacements)

    def record(self, raw: bytes) -> bytes:
        """A record without secrets; the same bytes if it has none."""
        if not self.replacements or not self._needles.search(raw):
            return raw
        text = raw.decode("utf-8", "surrogateescape")
        changed = self._json(text) if _is_json(text) else self._replace(text)
        return raw if changed == text else changed.encode("utf-8", "surrogateescape")

    def text(self, text: str) -> str:
        """A text without secrets; what of one stands in front of a … goes too."""
        if not self.replacements or not self._needles.search(text.encode("utf-8", "replace")):
            return text
        if text[:1] in ("{", "[", '"') and _is_json(text):
            return self._json(text)
        return self._replace(text)

    def _json(self, text: str) -> str:
        return _STRING.sub(self._string, text)

    def _string(self, found: re.Match[str]) -> str:
        token = found[0]
        try:
            value = json.loads(token, strict=False)
        except ValueError:
            return self._replace(token)
        changed = self.text(value)
        if changed == value:
            return token
        return json.dumps(changed, ensure_ascii=token.isascii())

    def _replace(self, text: str) -> str:
        changed = self._loose.sub(self._in_place, text)
        return self._cut_ones(changed) if _CUT.search(changed) else changed

    def _in_place(self, found: re.Match[str]) -> str:
        group = str(found.lastgroup)
        value = self._values[int(group[1:])]
        # Behind a backslash the first letter may be the end of an escape: "\nKEY" is no "nKEY".
        kept = found[0][:1] if _may_be_escape(found) else ""
        return kept + self.replacements[value]

    def _cut_ones(self, text: str) -> str:
        """Previews end in the middle of a secret: what there is of it goes."""
        parts, at = [], 0
        for found in _CUT.finditer(text):
            before = text[at : found.start()]
            parts += [self._without_beginning(before), found[0]]
            at = found.end()
        return "".join([*parts, text[at:]])

    def _without_beginning(self, text: str) -> str:
        tail = text[-_LONGEST_CUT:]
        for value, placeholder in self.replacements.items():
            flat = " ".join(value.split())
            if flat[:SHORTEST] not in tail:
                continue
            for length in range(min(len(flat) - 1, len(tail)), SHORTEST - 1, -1):
                if tail.endswith(flat[:length]):
                    return text[:-length] + placeholder
        return text

    # Making sure

    def guarded(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of a file; a LeakError as soon as one of the secrets is in them."""
        forms = {form: value for value in self.replacements for form in _forms(value)}
        if not forms:
            yield from pieces
            return
        pattern = re.compile(b"|".join(map(re.escape, forms)))
        keep, tail = max(map(len, forms)) - 1, b""
        for piece in pieces:
            window = tail + piece
            if found := pattern.search(window):
                name = self.replacements[forms[found[0]]]
                raise LeakError(f"{name} could not be replaced everywhere; nothing was written")
            tail = window[-keep:] if keep else b""
            yield piece


def _forms(value: str) -> set[bytes]:
    """What a secret looks like in a file, as it is and as JSON writes it."""
    if value.isdigit():
        return set()  # it may be a number, or a part of one
    spelled = (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    return {form.encode("utf-8", "surrogateescape") for form in spelled}


def _is_json(text: str) -> bool:
    """Whether a text is JSON, or a piece of it with all its strings whole."""
    return '"' in text and _BESIDE.fullmatch(_STRING.sub("", text)) is not None


def _may_be_escape(found: re.Match[str]) -> bool:
    start = found.start()
    return found[0][:1] in _AFTER_BACKSLASH and found.string[start - 1 : start] == "\\"


def _needles(values: Iterable[str]) -> re.Pattern[bytes]:
    """Finds any record that may hold one of the values, or its beginning, however escaped."""
    found: set[bytes] = set()
    for value in values:
        runs = _PLAIN.findall(value)
        longest = max(runs, key=len, default="")
        if len(longest) < 3:
            return re.compile(b"")  # it could be spelled in any way
        found.add(re.escape(longest.encode()))
        found.add(re.escape(runs[0][:SHORTEST].encode()))
    longest_first: list[bytes] = sorted(found, key=len, reverse=True)
    return re.compile(b"|".join(longest_first))


def _loose(values: Iterable[str]) -> re.Pattern[str]:
    """Finds the values as they are, and in any form that JSON or HTML may have given them."""
    patterns = (
        f"(?P<v{number}>{''.join(map(_run, _RUN.findall(value)))})"
        for number, value in enumerate(values)
    )
    return re.compile("|".join(patterns) or r"(?!)")


_RUN = re.compile(r"\\+|[^\\]", re.DOTALL)


def _run(one: str) -> str:
    """A character, or backslashes in a row, which in a pattern each would multiply the ways."""
    if one[0] == "\\":
        return rf"(?:\\{{{len(one)},{len(one) * 16}}}|{'&#92;' * len(one)})"
    return _character(one)


def _character(one: str) -> str:
    if one.isascii() and one.isalnum():
        return one
    if one in "\n\r\t":
        letter = {"\n": "n", "\r": "r", "\t": "t"}[one]
        return rf"(?:{re.escape(one)}[ \t>]{{0,16}}| |\\{{1,8}}{letter}|\\{{1,8}}u{ord(one):04x})"
    units = one.encode("utf-16-be", "surrogatepass")
    escaped = "".join(
        rf"\\{{1,8}}u(?i:{units[at : at + 2].hex()})" for at in range(0, len(units), 2)
    )
    # Each way once: a second way to the same text would double the tries at every character.
    html = f"{re.escape(escape(one))}|" if escape(one) != one else ""
    return rf"(?:\\{{0,8}}{re.escape(one)}|{html}{escaped})"
