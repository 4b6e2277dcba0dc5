"""Requests as they are sent: from the context of a branch to the bytes of an API's body.

``anthropic`` and ``openai`` each have a function from a Request to a body, and one that says what
of the request the API cannot take. Bodies are compact JSON, the messages last: a longer prefix of
the same branch gives bytes that begin with the same ones, so that providers' caches hit.
docs/live/wire.md lists where a body differs from what was recorded, and why.
"""
