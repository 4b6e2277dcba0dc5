"""What stands in the history as said by the user, or by the developer, but Codex put there.

Codex knows its own insertions by their marks, and so do we: a prompt is what has none. The same
rule decides what counts as a turn when turns are rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.content import Text

if TYPE_CHECKING:
    from scrubber.core.content import Content

_WRAPPED = (
    ("# agents.md instructions", "</instructions>"),
    ("<user_instructions>", "</user_instructions>"),
    ("<environment_context>", "</environment_context>"),
    ("<environments>", "</environments>"),
    ("<skill>", "</skill>"),
    ("<user_shell_command>", "</user_shell_command>"),
    ("<turn_aborted>", "</turn_aborted>"),
    ("<subagent_notification>", "</subagent_notification>"),
    ("<recommended_plugins>", "</recommended_plugins>"),
    ("<codex_internal_context", "</codex_internal_context>"),
    ("<internal_model_context", "</internal_model_context>"),
    ("<goal_context>", "</goal_context>"),
    ("<hook_prompt", "</hook_prompt>"),
    ("<user_action>", "</user_action>"),
)
"""How insertions in the user's name begin and end; letters in either case."""

_WARNINGS = (
    "warning: the maximum number of unified exec processes",
    "warning: apply_patch was requested via",
    "warning: your account was flagged",
)

_DEVELOPER = (
    "<permissions instructions>",
    "approved command prefix saved:",
    "<model_switch>",
    "<managed_developer_instructions>",
    "<persistent_mode>",
    "<apps_instructions>",
    "<collaboration_mode>",
    "<multi_agent_role>",
    "<multi_agent_mode>",
    "<environments_instructions>",
    "<git_attribution>",
    "<plugins_instructions>",
    "<realtime_conversation>",
    "<skills_instructions>",
    "<tools>",
    "<personality_spec>",
    "<token_budget>",
    "<context_window>",
    "<context_window_guidance>",
    "<rollout_budget>",
)


def is_injected(content: Content) -> bool:
    """Whether a user's message is context that Codex put there: one marked text is enough."""
    return any(isinstance(block, Text) and _is_marked(block.text) for block in content.blocks)


def _is_marked(text: str) -> bool:
    begin, end = text[:80].lstrip().lower(), text[-80:].rstrip().lower()
    if begin.startswith(_WARNINGS):
        return True
    return any(begin.startswith(first) and end.endswith(last) for first, last in _WRAPPED)


def is_state_update(content: Content) -> bool:
    """Whether a developer's message tells of settings: it goes when its turn is rolled back."""
    return any(
        isinstance(block, Text) and block.text[:80].lstrip().lower().startswith(_DEVELOPER)
        for block in content.blocks
    )
