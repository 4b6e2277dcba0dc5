"""What a tool call says: the telling argument on one line, everything when unfolded."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrubber.core.events import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_TELLING = (
    "command", "cmd", "file_path", "notebook_path", "pattern", "query", "url", "path", "prompt",
    "description", "code", "skill", "input", "patch", "text", "name",
)  # fmt: skip
_PAIRS = (("old_string", "new_string"), ("old_str", "new_str"), ("old_text", "new_text"))
_CODE = {"command": "bash", "cmd": "bash", "code": "python", "script": "bash", "sql": "sql"}
_FILES = ("content", "file_text", "new_source", "contents")
_PATHS = ("file_path", "path", "notebook_path", "filename")
_LANGUAGES = {
    "py": "python", "js": "javascript", "jsx": "jsx", "ts": "typescript", "tsx": "tsx",
    "rs": "rust", "go": "go", "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "java": "java",
    "json": "json", "yml": "yaml", "yaml": "yaml", "toml": "toml", "sh": "bash", "html": "html",
    "css": "css", "sql": "sql", "md": "markdown", "rb": "ruby", "kt": "kotlin", "swift": "swift",
}  # fmt: skip
_PATCH_STARTS = ("*** Begin Patch", "diff --git", "--- a/")
_DIFF_LINES = 2_000
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a call's arguments: text in a language, ``diff`` among them."""

    text: str
    language: str = ""
    label: str = ""


def summary(arguments: Any) -> tuple[str, str]:
    """The argument that tells this call from the next, and the other short ones as key=value."""
    if not isinstance(arguments, dict):
        return "" if arguments is None else one_line(_short(arguments)), ""
    first = next((key for key in _TELLING if arguments.get(key)), None)
    rest = []
    for key, value in list(arguments.items())[:8]:
        short = _short(value) if key != first and value not in (None, "") else ""
        if 0 < len(short) <= _SHORT and "\n" not in short:
            rest.append(f"{key}={short}")
    return one_line(_short(arguments[first])) if first else "", "  ".join(rest)


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value[:50]):
        shell = len(value) == 3 and value[1] in ("-lc", "-c")
        return str(value[2]) if shell else " ".join(value[:50])
    return pretty(value, 400, None)


def sections(arguments: Any, limit: int) -> list[Section]:
    """The arguments in full, at most ``limit`` characters of JSON, the most telling part first."""
    if isinstance(arguments, str):
        return [Section(arguments, "diff" if _is_patch(arguments) else "")]
    if not isinstance(arguments, dict):
        return [] if arguments is None else [Section(pretty(arguments, limit), "json")]
    rest = dict(arguments)
    found = [*_code_sections(rest), *_pair_sections(rest), *_text_sections(rest)]
    if rest:
        found.append(Section(pretty(rest, limit), "json"))
    return found


def _code_sections(rest: dict[str, Any]) -> Iterator[Section]:
    path = next((rest[key] for key in _PATHS if isinstance(rest.get(key), str)), "")
    for key in [key for key in rest if key in _CODE or key in _FILES]:
        if key in _FILES and isinstance(rest[key], str):
            yield Section(rest.pop(key), language_of(path), f"{path or key}")
        elif key in _CODE and isinstance(rest[key], str | list):
            yield Section(_short(rest.pop(key)), _CODE[key])


def _pair_sections(rest: dict[str, Any]) -> Iterator[Section]:
    edits = rest.get("edits")
    batch = edits if isinstance(edits, list) and edits and all(map(_pair_of, edits)) else []
    if batch:
        del rest["edits"]
    for edit in [rest, *(dict(edit) for edit in batch)]:
        if pair := _pair_of(edit):
            yield Section(_diff(edit.pop(pair[0]), edit.pop(pair[1])), "diff")


def _pair_of(edit: Any) -> tuple[str, str] | None:
    if not isinstance(edit, dict):
        return None
    return next((pair for pair in _PAIRS if all(isinstance(edit.get(k), str) for k in pair)), None)


def _text_sections(rest: dict[str, Any]) -> Iterator[Section]:
    for key, value in list(rest.items()):
        if isinstance(value, str) and ("\n" in value or len(value) > 120):
            del rest[key]
            yield Section(value, "diff" if _is_patch(value) else "", key)


def _diff(old: str, new: str) -> str:
    before, after = old.split("\n"), new.split("\n")
    if len(before) + len(after) > _DIFF_LINES:
        return "\n".join([*("-" + line for line in before), *("+" + line for line in after)])
    return "\n".join(list(difflib.unified_diff(before, after, lineterm="", n=3))[3:])


def _is_patch(text: str) -> bool:
    return text.lstrip().startswith(_PATCH_STARTS)


def language_of(path: str) -> str:
    """The language of a file by its ending, ``""`` where it is not known."""
    return _LANGUAGES.get(path.rpartition(".")[2].lower(), "")


def pretty(value: Any, limit: int, indent: int | None = 2) -> str:
    """A value as JSON, cut at about ``limit`` characters, in time that the limit bounds."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=indent, default=str)
    parts: list[str] = []
    size = 0
    try:
        for part in encoder.iterencode(value):
            parts.append(part)
            size += len(part)
            if size > limit:
                break
    except RecursionError:
        parts.append(" … (nested too deeply)")
    return "".join(parts) if size <= limit else "".join(parts)[:limit] + " …"
