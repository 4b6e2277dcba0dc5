"""Whether a tool's output tells of a failure: Codex records no mark, but words and exit codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrubber.formats.codex.records import Record, inner

if TYPE_CHECKING:
    from scrubber.core.content import Content

_HEAD = 600
_EXIT = re.compile(r"^(?:Process exited with code|Exit code:) (-?\d+)\s*$", re.MULTILINE)
_FAILED = re.compile(
    r"aborted|unsupported c|exec_command failed|apply_patch verification failed|patch rejected"
    r"|failed to parse|execution error|write_stdin failed|script failed|tool call error",
    re.IGNORECASE,
)


def has_failed(item: Record, content: Content) -> bool:
    """Whether a result reports a failure."""
    told = content.detail if isinstance(content.detail, dict) else {}
    for given in (item, inner(item, "output"), told):
        if given.get("success") is False or given.get("isError") is True:
            return True
    code = inner(told, "metadata").get("exit_code")
    if isinstance(code, int):
        return code != 0
    head = content.text[:_HEAD].partition("\nOutput:\n")[0]
    if "xit" in head and (found := _EXIT.search(head)):
        return int(found[1]) != 0
    return _FAILED.match(head) is not None


def detail_failed(payload: Record) -> bool:
    """Whether a line that tells more of a call reports that it failed."""
    item = inner(payload, "item") or payload
    code = item.get("exit_code")
    if isinstance(code, int) and code != 0:
        return True
    result = inner(item, "result")
    failed = "Err" in result or inner(result, "Ok").get("isError") or result.get("isError")
    return bool(failed) or item.get("success") is False or item.get("status") == "failed"
