"""Which formats hold requests whole: what such a file has no word of, the model was not given.

Agents keep the conversation and leave out what they add to it on every request, the system prompt
and the definitions of the tools. There, what is missing is *not recorded*; docs/formats says so for
each of them.
"""

from __future__ import annotations

WHOLE_REQUESTS = frozenset(
    {
        "anthropic",
        "inspect",
        "llm",
        "messages",
        "mini-swe-agent",
        "responses",
        "sharegpt",
        "swe-agent",
    }
)
"""Names of formats."""
