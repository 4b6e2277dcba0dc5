"""The shop's files while the agent works on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.resources.sample_output import ROOT

Record = dict[str, Any]


class Shop:
    """The files the agent works on; each method answers a tool: its text, and its rich result."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = {f"{ROOT}/{name}": text for name, text in files.items()}

    def read(self, args: Record) -> tuple[str, Record]:
        path, offset = args["file_path"], args.get("offset", 1)
        lines = self.files[path].split("\n")
        shown = lines[offset - 1 :][: args.get("limit", len(lines))]
        numbered = "\n".join(f"{n:6}→{line}" for n, line in enumerate(shown, start=offset))
        file = {
            "filePath": path,
            "content": "\n".join(shown),
            "numLines": len(shown),
            "startLine": offset,
            "totalLines": len(lines),
        }
        return numbered, {"type": "text", "file": file}

    def grep(self, args: Record) -> tuple[str, Record]:
        hits = [
            f"{path.removeprefix(ROOT + '/')}:{number}:{line}"
            for path, text in self.files.items()
            if path.startswith(args["path"])
            for number, line in enumerate(text.split("\n"), start=1)
            if re.search(args["pattern"], line)
        ]
        text = "\n".join(hits)
        detail = {
            "mode": "content",
            "numFiles": 0,
            "filenames": [],
            "content": text,
            "numLines": len(hits),
        }
        return text, detail

    def glob(self, args: Record) -> tuple[str, Record]:
        found = sorted(path for path in self.files if Path(path).match(args["pattern"]))
        detail = {"filenames": found, "durationMs": 11, "numFiles": len(found), "truncated": False}
        return "\n".join(found), detail

    def edit(self, args: Record) -> tuple[str, Record]:
        path, old, new = args["file_path"], args["old_string"], args["new_string"]
        before = self.files[path]
        if before.count(old) != 1:
            raise ValueError(f"{old!r} is in {path} {before.count(old)} times")
        self.files[path] = before.replace(old, new)
        detail = {
            "filePath": path,
            "oldString": old,
            "newString": new,
            "originalFile": before,
            "structuredPatch": [_hunk(before, old, new)],
            "userModified": False,
            "replaceAll": False,
        }
        return f"The file {path} has been updated successfully.", detail

    def write(self, args: Record) -> tuple[str, Record]:
        path, text = args["file_path"], args["content"]
        self.files[path] = text
        detail = {"type": "create", "filePath": path, "content": text, "structuredPatch": []}
        detail |= {"originalFile": None, "userModified": False}
        return f"File created successfully at: {path}", detail


def _hunk(before: str, old: str, new: str) -> Record:
    """The change of one place as a unified hunk with three lines around it."""
    was, becomes = before.split("\n"), before.replace(old, new).split("\n")
    head = _common(was, becomes)
    tail = min(_common(was[::-1], becomes[::-1]), min(len(was), len(becomes)) - head)
    first, trail = max(0, head - 3), min(tail, 3)
    lines = [" " + line for line in was[first:head]]
    lines += ["-" + line for line in was[head : len(was) - tail]]
    lines += ["+" + line for line in becomes[head : len(becomes) - tail]]
    lines += [" " + line for line in was[len(was) - tail : len(was) - tail + trail]]
    return {
        "oldStart": first + 1,
        "oldLines": sum(line[0] != "+" for line in lines),
        "newStart": first + 1,
        "newLines": sum(line[0] != "-" for line in lines),
        "lines": lines,
    }


def _common(a: list[str], b: list[str]) -> int:
    return next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
