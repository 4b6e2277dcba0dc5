"""Made-up words, the same each time: prose, and the files that an agent works on.

What matters is that a parser and a compressor find as much to do in them as in real ones: escapes,
letters beyond ASCII, lines that come again.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from random import Random

LENGTH = 2_000_000
"""Characters of prose, and of all that looks random."""

_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"
_MARKS = (
    *([" "] * 60 + [", ", ". ", ".\n", "\n- ", " `", "` ", " **", "** ", "\n\n"]) * 20,
    *(" — ", " ✓ ", " “", "” "),
)
_LINES = (
    *("{a} := {b}.{C}({d})", "if {a} != nil {{", "return {a}, {b}", "}}", "}}", "", ""),
    *(
        "// {C} {a} {b} {d} {a}.",
        "{a}.{B} = append({a}.{B}, {d})",
        'log.Info("{a} {b}", "{d}", {d})',
    ),
    *("func ({a} *{B}) {C}({d} string) error {{", "for _, {a} := range {b}.{C} {{", "{B}:\t{d},"),
    *('return fmt.Errorf("{a} {b}: %w", err)', 'require.Equal(t, "{a}/{b}", {d}.{C})'),
)


@dataclass(frozen=True)
class File:
    """A file of the workspace."""

    path: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def part(self, start: int, count: int) -> str:
        """Some of its lines."""
        return "\n".join(self.lines[start : start + count])

    def numbered(self, start: int, count: int) -> str:
        """The same as agents are shown them."""
        lines = self.lines[start : start + count]
        return "\n".join(f"{number:>6}→{line}" for number, line in enumerate(lines, start + 1))


@cache
def prose() -> str:
    """A long text, some words of which are much more frequent than others."""
    random, words = Random("text"), _words()
    weights = [1 / (rank + 2) ** 1.3 for rank in range(len(words))]
    pieces: list[str] = []
    length = 0
    while length < LENGTH:
        for word in random.choices(words, weights, k=1000):
            pieces.append(word + random.choice(_MARKS))
            length += len(pieces[-1])
    return "".join(pieces)


@cache
def noise() -> str:
    """What signatures and pictures look like: nothing to be pressed together in it."""
    return b64encode(Random("noise").randbytes(LENGTH)).decode()


@cache
def files() -> tuple[File, ...]:
    """The workspace."""
    random = Random("files")
    return tuple(_file(random, number) for number in range(80))


def _words() -> list[str]:
    random = Random("words")
    return ["".join(random.choices(_LETTERS, k=random.randint(1, 11))) for _ in range(3000)]


def _file(random: Random, number: int) -> File:
    words = random.sample(_words(), 60)
    stock = [_line(random, words) for _ in range(120)]
    count = int(100 * 30 ** random.random())
    lines = [
        random.choice(stock) if random.random() < 0.5 else _line(random, words)
        for _ in range(count)
    ]
    return File(f"/home/ada/shop/{words[0]}/{words[1]}_{number}.go", tuple(lines))


def _line(random: Random, words: list[str]) -> str:
    a, b, c, d = random.choices(words, k=4)
    made = random.choice(_LINES).format(a=a, b=b, d=d, B=b.title(), C=c.title())
    return "\t" * random.choice([0, 1, 1, 1, 2, 2, 3]) + made if made else ""
