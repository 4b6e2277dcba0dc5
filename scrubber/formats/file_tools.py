"""Which tools of which agent change files: a table for each agent.

Names that agents share are the same tool; ``EDITORS`` holds for any agent, since SDKs and MCP
servers bring them along. What a shell command does to files is not known, but for a patch that is
handed to ``apply_patch`` in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrubber.core.files.changes import FileChange, Verb
from scrubber.formats.file_rules import (
    by_command,
    each,
    either,
    inserts,
    patches,
    replaces,
    replaces_several,
    searches,
    text_of,
    touches,
    writes,
)

if TYPE_CHECKING:
    from scrubber.core.content import JSON
    from scrubber.formats.file_rules import Rule

_EDITOR = by_command(
    "command",
    {
        "create": writes("path", "file_text", Verb.CREATE),
        "str_replace": replaces("path", "old_str", "new_str"),
        "insert": either(inserts("path", "new_str"), inserts("path", "insert_text")),
        "undo_edit": touches("path"),
        "delete": touches("path", verb=Verb.DELETE),
    },
)
_PATCH = patches("input", "patch", "patchText", "patch_text", "raw")
_SHELL = patches("command", "cmd", "input")

EDITORS: dict[str, Rule] = {
    "str_replace_editor": _EDITOR,
    "str_replace_based_edit_tool": _EDITOR,
    "apply_patch": _PATCH,
    "ApplyPatch": _PATCH,
    "edit_file": either(
        replaces("path", "old_str", "new_str"),
        replaces("path", "old_string", "new_string"),
        replaces_several("path", "edits", "oldText", "newText"),
        writes("path", "content"),
        touches("path", "target_file"),
    ),
    "write_file": either(writes("path", "content"), writes("file_path", "content")),
    "create_file": either(
        writes("path", "content", Verb.CREATE), writes("path", "file_text", Verb.CREATE)
    ),
    "delete_file": touches("path", "target_file", "file_path", verb=Verb.DELETE),
}
"""Tools of SDKs, MCP servers and several agents."""

_CLAUDE: dict[str, Rule] = {
    "Write": writes("file_path", "content"),
    "Edit": replaces("file_path", "old_string", "new_string", "replace_all"),
    "MultiEdit": replaces_several("file_path", "edits", "old_string", "new_string", "replace_all"),
    "NotebookEdit": inserts("notebook_path", "new_source"),
}
_GEMINI: dict[str, Rule] = {
    "write_file": writes("file_path", "content"),
    "replace": replaces("file_path", "old_string", "new_string"),
    "edit": replaces("file_path", "old_string", "new_string", "replace_all"),
}
_SWE: dict[str, Rule] = {
    "create": touches("filename", verb=Verb.CREATE),
    "edit": either(replaces("file", "search", "replace"), touches("file")),
    "insert": inserts("file", "text"),
}

TABLES: dict[str, dict[str, Rule]] = {
    "claude-code": _CLAUDE,
    "codex": {
        "shell": _SHELL,
        "shell_command": _SHELL,
        "local_shell": _SHELL,
        "exec_command": _SHELL,
        "container.exec": _SHELL,
    },
    "pi": {
        "write": writes("path", "content"),
        "edit": either(
            replaces("path", "oldText", "newText"),
            replaces_several("path", "edits", "oldText", "newText"),
        ),
    },
    "gemini-cli": _GEMINI,
    "qwen-code": _GEMINI,
    "opencode": {
        "write": writes("filePath", "content"),
        "edit": either(
            replaces("filePath", "oldString", "newString", "replaceAll"),
            writes("filePath", "content"),
        ),
        "multiedit": replaces_several("filePath", "edits", "oldString", "newString", "replaceAll"),
        "patch": _PATCH,
    },
    "cline": {
        "write_to_file": writes("path", "content"),
        "replace_in_file": searches("path", "diff"),
        "apply_diff": either(searches("path", "diff"), each("args", searches("path", "diff"))),
        "insert_content": inserts("path", "content"),
        "search_and_replace": replaces("path", "search", "replace"),
        "search_replace": replaces("file_path", "old_string", "new_string"),
    },
    "droid": {
        "Create": writes("file_path", "content", Verb.CREATE),
        "Write": writes("file_path", "content"),
        "Edit": either(
            replaces("file_path", "old_str", "new_str", "change_all"),
            replaces("file_path", "old_string", "new_string", "replace_all"),
        ),
        "MultiEdit": either(
            replaces_several("file_path", "changes", "old_str", "new_str", "change_all"),
            replaces_several("file_path", "edits", "old_string", "new_string", "replace_all"),
        ),
    },
    "copilot-cli": {
        "create": writes("path", "file_text", Verb.CREATE),
        "edit": replaces("path", "old_str", "new_str"),
        "create_file": writes("filePath", "content", Verb.CREATE),
        "replace_string_in_file": replaces("filePath", "oldString", "newString"),
        "multi_replace_string_in_file": each(
            "replacements", replaces("filePath", "oldString", "newString")
        ),
        "insert_edit_into_file": inserts("filePath", "code"),
    },
    "cursor": {
        "Write": either(writes("path", "contents"), writes("file_path", "content")),
        "StrReplace": replaces("path", "old_string", "new_string", "replace_all"),
        "Edit": replaces("file_path", "old_string", "new_string", "replace_all"),
        "search_replace": replaces("file_path", "old_string", "new_string"),
        "edit_file": inserts("target_file", "code_edit"),
        "Delete": touches("path", verb=Verb.DELETE),
    },
    "swe-agent": _SWE,
    "openhands": {
        "write": writes("path", "content"),
        "edit": either(
            replaces("path", "old_str", "new_str"), writes("path", "content"), touches("path")
        ),
        "edit_file": either(inserts("path", "content"), touches("path")),
    },
}
"""For each format, its agent's tools."""

OPENING = {"swe-agent": {"open": "path", "create": "filename"}}
"""Tools that choose the file which later edits without a path are of."""

_UNKNOWN = {
    name: rule
    for table in (_CLAUDE, TABLES["copilot-cli"], TABLES["cline"], TABLES["pi"], EDITORS)
    for name, rule in table.items()
}
"""For formats that hold any agent's calls (messages, traces, evals): what a name means mostly."""


def rule_for(format: str, tool: str | None) -> Rule | None:
    """The rule of a tool of a format's agent; None: it changes no file that we know of."""
    if tool is None:
        return None
    table = TABLES.get(format)
    if table is None:
        return _UNKNOWN.get(tool)
    return table.get(tool) or EDITORS.get(tool)


def changes_of(format: str, tool: str | None, arguments: JSON) -> list[FileChange]:
    """The changes that a call makes; a file without a name has an empty path."""
    rule = rule_for(format, tool)
    if rule is None:
        return []
    return list(rule(_object(arguments)))


def opened_by(format: str, tool: str | None, arguments: JSON) -> str | None:
    """The file that a call opens, for the edits that follow it."""
    key = OPENING.get(format, {}).get(tool or "")
    return text_of(_object(arguments), key) if key else None


def former_of(detail: JSON) -> str | None:
    """What a file held before, where the source records that beside a result; nothing, if it was
    not there."""
    if isinstance(detail, dict) and detail.get("type") == "create":  # Claude Code
        return ""
    for holder in (detail, detail.get("resultDisplay") if isinstance(detail, dict) else None):
        for key in _FORMER:
            if isinstance(holder, dict) and isinstance(holder.get(key), str):
                return str(holder[key])
    return None


_FORMER = ("originalFile", "originalFileContents", "originalContent", "old_content")
"""Claude Code; its MultiEdit; Gemini CLI and Qwen Code; OpenHands."""


def _object(arguments: JSON) -> dict[str, Any]:
    """Arguments as an object; raw text, as Codex's patches are, as its one member."""
    if isinstance(arguments, dict):
        return arguments
    if not isinstance(arguments, str):
        return {}
    try:
        value = json.loads(arguments)
    except ValueError:
        return {"input": arguments}
    return value if isinstance(value, dict) else {"input": arguments}
