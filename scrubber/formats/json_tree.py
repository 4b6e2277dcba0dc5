"""Files that are one JSON object with long lists in it, read element by element.

Many agents keep a session as one object: some facts about it, and a list of messages or steps.
The elements of such lists become records, and so do the other members of the object; brackets
and keys that lead into a list are records without a value. The records, one after the other,
are the file, and no more than one of them is in memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import orjson

from scrubber.formats.json_stream import BLANKS, ValueReader
from scrubber.formats.parsing import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scrubber.core.content import JSON
    from scrubber.formats.jsonl import Line

TreePath = tuple[str | int, ...]
"""Where a value stands: number of the object in the file, then keys and positions."""

_KEY = re.compile(r'"((?:[^"\\]|\\.){0,4096})"\s*:\s*', re.ASCII | re.DOTALL)
_CLOSING = re.compile(r"[\]}][\s,]*", re.ASCII)
_OPENING = re.compile(r"[\[{]\s*", re.ASCII)
_LONGEST_KEY = 4096


class Part(NamedTuple):
    """One record: its bytes, its value and where that stands, and why it has none.

    The value of an object's member is ``{key: value}``, that of a list's element the element.
    """

    raw: bytes
    value: JSON
    path: TreePath
    number: int
    problem: str | None = None


class TreeReader(ValueReader):
    """Splits objects, one or several in a file, into the parts that are worth a record.

    ``opens`` tells which lists and objects are taken apart (the object itself always is);
    ``accepts`` tells an element of the file's own kind, to find the next one behind damage.
    """

    def __init__(self, opens: Callable[[TreePath], bool], accepts: Callable[[JSON], bool]) -> None:
        super().__init__(in_array=False, accepts=accepts)
        self._opens = opens
        self._stack: list[tuple[str, TreePath]] = []
        self._next: list[int] = [0]

    def parts(self, stream: BinaryIO) -> Iterator[Part]:
        """The parts in order."""
        if start := self._begin(stream):
            yield self._part(self._take(start, None, None), ())
        while self._at < len(self._text) or self._fill():
            part = self._closed() or self._opened(self._at, self._place) or self._content()
            if part is None:
                self.pending = self._text[self._at :].encode("latin-1")
                return
            yield part

    @property
    def _in_object(self) -> bool:
        return bool(self._stack) and self._stack[-1][0] == "}"

    @property
    def _place(self) -> TreePath:
        """The path of the next element where the reader stands."""
        return (*(self._stack[-1][1] if self._stack else ()), self._next[-1])

    def _closed(self) -> Part | None:
        """A bracket that closes what is open; one too many is passed over."""
        end = self._end_of(_CLOSING, self._at)
        if not end:
            return None
        bracket = self._text[self._at]
        if any(bracket == closer for closer, _ in self._stack):
            while self._pop() != bracket:
                pass
        return self._part(self._take(end, None, None), ())

    def _pop(self) -> str:
        self._next.pop()
        closer, _ = self._stack.pop()
        return closer

    def _opened(self, start: int, path: TreePath) -> Part | None:
        """The beginning of what is taken apart, with the key before it."""
        end = self._end_of(_OPENING, start)
        if not end or (self._in_object and start == self._at):
            return None
        bracket = self._text[start]
        if not self._stack and bracket == "[":
            return self._part(self._take(end, None, None), ())  # a list of such objects
        if self._stack and not self._opens(path):
            return None
        self._next[-1] += 1
        self._stack.append(("]" if bracket == "[" else "}", path))
        self._next.append(0)
        return self._part(self._take(end, None, None), ())

    def _content(self) -> Part | None:
        """A member, an element, or damage; None if the file ends within it."""
        key = self._key() if self._text.startswith('"', self._at) else None
        if not self._in_object and (key is None or not self._has_object()):
            return self._element()
        if not self._in_object and (found := self._resync()):
            return self._part(self._take(found, None, "a key, where an element was expected"), ())
        while not self._in_object:
            self._pop()  # the bracket that ends the list is missing
        if key is not None:
            return self._member(key, (*self._stack[-1][1], _name(key[1])))
        if not self._text.startswith('"', self._at):
            return self._element()
        _, problem, is_cut = self._scan(self._at)
        line = self._damage(problem or "a key without a value", is_cut or self._ended)
        return self._part(line, ()) if line is not None else None

    def _element(self) -> Part | None:
        path, line = self._place, self._value()
        self._next[-1] += 1
        return self._part(line, path) if line is not None else None

    def _has_object(self) -> bool:
        return any(closer == "}" for closer, _ in self._stack)

    def _key(self) -> re.Match[str] | None:
        """The key at hand with the colon behind it, read as far as its value's first sign."""
        while True:
            found = _KEY.match(self._text, self._at)
            if found is not None and found.end() < len(self._text):
                return found
            if len(self._text) - self._at > _LONGEST_KEY or not self._fill():
                return None

    def _member(self, key: re.Match[str], path: TreePath) -> Part | None:
        if opened := self._opened(key.end(), path):
            return opened
        end, problem, is_cut = self._scan(key.end())
        if not end:
            line = self._damage(problem, is_cut)
            return self._part(line, path) if line is not None else None
        value, fault = load_part(self._text[self._at : end].encode("latin-1"))
        return self._part(self._take(self._end_of(BLANKS, end) or end, value, fault), path)

    @staticmethod
    def _part(line: Line, path: TreePath) -> Part:
        return Part(line.raw, line.value, path, line.number, line.problem)


def _name(key: str) -> str:
    """A key as it is meant; ``key`` is as it stands in the file, as Latin-1 text."""
    try:
        return str(loads(b'"' + key.encode("latin-1") + b'"'))
    except orjson.JSONDecodeError:
        return key


def load_part(raw: bytes) -> tuple[JSON, str | None]:
    """The value of a part from its bytes alone, and why it has none."""
    text = raw.removeprefix(b"\xef\xbb\xbf").strip(b", \t\r\n")
    try:
        return loads(text), None
    except orjson.JSONDecodeError as error:
        if not text.startswith(b'"'):
            return None, str(error)
    try:
        return loads(b"{" + text + b"}"), None
    except orjson.JSONDecodeError as error:
        return None, str(error)


def part_value(raw: bytes) -> JSON:
    """The value of a part from its bytes alone, None if it has none."""
    return load_part(raw)[0]
