"""Kinds and roles by plain names, for what runs once for each event of an import.

Python 3.11 takes five times as long to find a member in the class of its enumeration.
"""

from __future__ import annotations

from scrubber.core.events import Kind, Mark, Role

UNKNOWN, MESSAGE, REASONING = Kind.UNKNOWN, Kind.MESSAGE, Kind.REASONING
TOOL_CALL, TOOL_RESULT, TOOL_DETAIL = Kind.TOOL_CALL, Kind.TOOL_RESULT, Kind.TOOL_DETAIL
COMMAND, CONTEXT, MIRROR = Kind.COMMAND, Kind.CONTEXT, Kind.MIRROR
COMPACTION, BRANCH_SUMMARY = Kind.COMPACTION, Kind.BRANCH_SUMMARY
ERROR, TITLE, LABEL = Kind.ERROR, Kind.TITLE, Kind.LABEL

NOBODY, SYSTEM, DEVELOPER = Role.NONE, Role.SYSTEM, Role.DEVELOPER
USER, ASSISTANT, TOOL = Role.USER, Role.ASSISTANT, Role.TOOL

UNMARKED = Mark.NONE
