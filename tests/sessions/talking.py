"""Short ways to say something in a session of a runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrubber.api import OpenStore
    from scrubber.sessions import Sessions


def message(words: Any) -> Any:
    """A message of the user's, or the message that is given."""
    return {"role": "user", "content": words} if isinstance(words, str) else words


def say(runtime: Sessions, *messages: Any, session: str | None = None) -> str:
    """Open a session and say these things in it; gives its id."""
    opened = runtime.open(session)
    for words in messages:
        runtime.inject(opened, message(words))
    return opened


def words(runtime: Sessions, session: str) -> list[Any]:
    """What was said in a session, in order."""
    return [message.get("content") for message in runtime.messages(session)]


def faults(store: OpenStore) -> list[Any]:
    """What is wrong with the store; nothing should be."""
    return list(store.verify())
