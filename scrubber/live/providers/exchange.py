"""One request and its reply, through the library's reader of streams.

Imported when something is to be sent: the library takes seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest

from scrubber.live.providers.failing import Asked, told
from scrubber.live.providers.replying import Reply
from scrubber.live.providers.transport import Posting, client_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scrubber.live.parts import Part
    from scrubber.live.providers.apis import Api

_REPLACED = [ModelRequest.user_text_prompt("This is replaced by the posting.")]


async def exchange(api: Api, posting: Posting, model: str, asked: Asked) -> AsyncGenerator[Part]:
    """Send a posting, give the reply as it comes in; closing it closes the connection.

    A ProviderError says what failed.
    """
    reply = Reply(api.is_chat)
    with told(asked):
        async with (
            client_for(posting) as http,
            model_request_stream(api.reader(http, model), _REPLACED, instrument=False) as stream,
        ):
            async for event in stream:
                for part in reply.take(event):
                    yield part
            for part in reply.end(stream.get()):
                yield part
