"""The tools that an agent of the corpus calls, and what they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.bench import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.bench.words import File

Record = dict[str, Any]

_HOOK = {"type": "hook_progress", "hookEvent": "PostToolUse", "hookName": "PostToolUse:any"}
_LONG = 12_000
"""Of so many calls one gives several megabytes, another one a picture."""


@dataclass
class Call:
    """A call with all that comes of it."""

    id: str
    name: str
    input: Record
    content: Any
    """The result, as the model is told it."""
    told: Any
    """The same with its structure."""
    progress: list[Record] = field(default_factory=list)
    failed: bool = False

    @property
    def block(self) -> Record:
        """The part of a message that calls it."""
        return {"type": "tool_use", "id": self.id, "name": self.name, "input": self.input}


class Toolbox:
    """Makes calls in the mix of real sessions, on a few files at a time."""

    def __init__(self, random: Random, scale: float) -> None:
        self._random = random
        self._scale = scale
        self._calls = 0
        self._makers: tuple[tuple[Callable[[str], Call], ...], tuple[float, ...]] = (
            (self.bash, self.read, self.edit, self.grep, self.note, self.agent),
            (34, 26, 15, 16, 8, 1),
        )

    def call(self) -> Call:
        """The next call."""
        self._calls += 1
        id = f"toolu_{self._random.getrandbits(96):024x}"
        odd = self._random.randrange(_LONG)
        if odd < 2:
            return self.bash(id, long=True) if odd else self.picture(id)
        (maker,) = self._random.choices(*self._makers)
        made = maker(id)
        if self._random.random() < 0.45:
            made.progress.append({**_HOOK, "command": "callback"})
        return made

    def text(self, low: int, high: int) -> str:
        """Prose, short texts more often than long ones."""
        return self._slice(words.prose(), low, high)

    def noise(self, low: int, high: int) -> str:
        """What has no words in it."""
        return self._slice(words.noise(), low, high)

    def _slice(self, whole: str, low: int, high: int) -> str:
        length = self._length(low, high)
        at = self._random.randrange(words.LENGTH - min(length, words.LENGTH - 1))
        return whole[at : at + length]

    def _length(self, low: int, high: int) -> int:
        return int(low * (high / low) ** self._random.random() * self._scale) + 1

    def near(self, count: int) -> list[File]:
        """Files out of those that are worked on now."""
        known, first = words.files(), self._calls // 40
        return [known[(first + self._random.randrange(6)) % len(known)] for _ in range(count)]

    def bash(self, id: str, *, long: bool = False) -> Call:
        """A command, with what it printed meanwhile."""
        output = self._output(id, *((2_000_000, 4_000_000) if long else (40, 16_000)))
        asked = {"command": self.text(40, 400), "description": self.text(20, 60)}
        told = {"stdout": output, "stderr": "", "interrupted": False, "isImage": False}
        waited = self._random.choice([0, 0, 0, 0, 0, 0, 1, 3, self._random.randint(5, 60)])
        signs = [self._sign(second, output) for second in range(waited)]
        return Call(id, "Bash", asked, output, told, signs, self._random.random() < 0.1)

    def _sign(self, second: int, output: str) -> Record:
        seen = output[:256] if second % 8 == 7 else ""
        told = {"output": seen, "fullOutput": seen, "elapsedTimeSeconds": second, "totalLines": 0}
        return {"type": "bash_progress", **told, "timeoutMs": 600_000}

    def _output(self, id: str, low: int, high: int) -> str:
        """What a program prints: lines of files, with their names, or words."""
        length = self._length(low, high)
        if self._random.random() < 0.3:
            return self.text(low, high)
        (one,) = self.near(1)
        start = self._random.randrange(len(one.lines))
        lines = one.lines[start:] + one.lines
        lines = lines * (length // (30 * len(lines)) + 1)
        return "\n".join(lines[: length // 30 + 1])[:length]

    def read(self, id: str) -> Call:
        """A part of a file."""
        (one,) = self.near(1)
        count = min(self._length(15, 1200), len(one.lines))
        start = self._random.randrange(len(one.lines) - count + 1)
        told: Record = {"filePath": one.path, "content": one.part(start, count), "numLines": count}
        told = {**told, "startLine": start + 1, "totalLines": len(one.lines)}
        asked = {"file_path": one.path, "offset": start + 1, "limit": count}
        return Call(id, "Read", asked, one.numbered(start, count), {"type": "text", "file": told})

    def edit(self, id: str) -> Call:
        """A change of a file; its result holds the whole file as it was."""
        (one,) = self.near(1)
        at = self._random.randrange(len(one.lines))
        old, new = one.part(at, self._length(2, 40)), self._output(id, 60, 2500)
        asked = {"replace_all": False, "file_path": one.path, "old_string": old, "new_string": new}
        lines = [f"-{line}" for line in old.split("\n")] + [f"+{line}" for line in new.split("\n")]
        whole = one.part(0, int(len(one.lines) * min(self._scale, 1)))
        told: Record = {
            "filePath": one.path,
            "oldString": old,
            "newString": new,
            "originalFile": whole,
        }
        patch = [{"oldStart": at, "oldLines": 7, "newStart": at, "newLines": 9, "lines": lines}]
        told |= {"structuredPatch": patch, "userModified": False, "replaceAll": False}
        return Call(id, "Edit", asked, f"{one.path} was changed:\n{one.numbered(at, 8)}", told)

    def grep(self, id: str) -> Call:
        """Lines of several files, each with its place."""
        found = [
            f"{one.path}:{at + 1}:{one.lines[at]}"
            for one in self.near(self._length(1, 180) - 1)
            for at in (self._random.randrange(len(one.lines)),)
        ]
        told = {"mode": "content", "numFiles": 0, "filenames": [], "numLines": len(found)}
        content = "\n".join(found) or "No matches found"
        asked = {"pattern": self.text(5, 30), "path": "/home/ada/shop", "output_mode": "content"}
        return Call(id, "Grep", asked, content, {**told, "content": content})

    def note(self, id: str) -> Call:
        """The list of what is to be done."""
        todos = [{"content": self.text(20, 90), "status": "pending"} for _ in range(6)]
        return Call(
            id, "TodoWrite", {"todos": todos}, "Noted.", {"oldTodos": [], "newTodos": todos}
        )

    def picture(self, id: str) -> Call:
        """A picture that was looked at."""
        source = {"type": "base64", "media_type": "image/png", "data": self.noise(100_000, 800_000)}
        told = {"type": "image", "file": {"type": "image/png", "originalSize": 300_000}}
        asked = {"file_path": "/home/ada/shop/till.png"}
        return Call(id, "Read", asked, [{"type": "image", "source": source}], told)

    def agent(self, id: str) -> Call:
        """A sub-agent; each of its messages is told as it comes, with all that it was asked."""
        prompt, agent = self.text(500, 6000), f"a{self._random.getrandbits(24):06x}"
        frame = {"type": "agent_progress", "prompt": prompt, "agentId": agent}
        told = [one for _ in range(self._random.randint(4, 28)) for one in self._exchange()]
        progress = [
            {"message": one, "normalizedMessages": self._said_again(told[:number]), **frame}
            for number, one in enumerate(told)
        ]
        answer = [{"type": "text", "text": self.text(500, 5000)}]
        done = {"status": "completed", "prompt": prompt, "agentId": agent, "content": answer}
        asked = {"description": self.text(20, 50), "prompt": prompt, "subagent_type": "Explore"}
        return Call(id, "Task", asked, answer, done, progress)

    def _said_again(self, before: list[Record]) -> list[Record]:
        """Now and then a report holds former ones, too."""
        return before[-6:] if self._random.random() < 0.2 else []

    def _exchange(self) -> tuple[Record, Record]:
        """A call of a sub-agent, and its result."""
        id = f"toolu_{self._random.getrandbits(96):024x}"
        inner = self._random.choice((self.read, self.read, self.grep, self.bash))(id)
        result = {"tool_use_id": id, "type": "tool_result", "content": inner.content}
        asked = {"model": "claude-haiku-4-5", "role": "assistant", "content": [inner.block]}
        return (
            {"type": "assistant", "message": asked, "uuid": id},
            {"type": "user", "message": {"role": "user", "content": [result]}, "uuid": id},
        )
