"""The provider that is you: the model's turn is written by whoever sits at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.core.events import Kind, Origin
from scrubber.live.parts import Began, Ended, Replied, Stop
from scrubber.live.provider import Forecast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scrubber.live.desk import Desk
    from scrubber.live.parts import Part
    from scrubber.live.provider import Request


class Person:
    """Asks for the reply."""

    name = "person"
    origin = Origin.TYPED
    plays_user = False

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def body(self, request: Request) -> bytes:
        """Nothing is sent."""
        return b""

    def objections(self, request: Request) -> list[str]:
        """None: a person can go on from anything."""
        return []

    def takes_pictures(self, request: Request) -> bool | None:
        """Yes."""
        return True

    def forecast(self, request: Request, body: bytes) -> Forecast:
        """Free of charge."""
        return Forecast(0, is_estimate=False)

    def is_mid_reply(self, session: str) -> bool:
        """Never: calls are answered first."""
        return False

    async def stream(self, request: Request, body: bytes) -> AsyncGenerator[Part]:
        """The reply, in one piece."""
        content = await self._desk.reply(request.session)
        yield Began(0, Kind.MESSAGE)
        yield Ended(0, Kind.MESSAGE, content)
        yield Replied(Stop.END)
