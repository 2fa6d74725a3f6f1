"""How a caller shows who it is."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

from samplemind_client.line.signin import SignIn
from samplemind_client.line.tokens import Tokens
from samplemind_client.line.tries import Headers

Refresh = Callable[[str], Awaitable[Tokens]]  # trades a refresh token for new tokens


class Credential(Protocol):
    """Something to show with each call."""

    async def headers(self, refresh: Refresh) -> Headers:
        """What to send along."""

    async def renew(self, spent: Headers, refresh: Refresh) -> bool:
        """Replace what the daemon refused; False where there is nothing to replace it with."""


class Nobody:
    """No credential: enough for a few calls only."""

    async def headers(self, refresh: Refresh) -> Headers:
        return ()

    async def renew(self, spent: Headers, refresh: Refresh) -> bool:
        return False


class ApiKey:
    """An API key, or the owner's."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def headers(self, refresh: Refresh) -> Headers:
        return (("x-api-key", self._secret),)

    async def renew(self, spent: Headers, refresh: Refresh) -> bool:
        return False


class Session:
    """Tokens that are renewed in time, by one request at once, and kept in a file if one is given."""

    def __init__(self, tokens: Tokens, kept: SignIn | None = None) -> None:
        self.tokens, self.kept = tokens, kept
        self._flight: asyncio.Task[None] | None = None

    async def headers(self, refresh: Refresh) -> Headers:
        if self.tokens.due(datetime.now(UTC)):
            await self._renew_once(refresh)
        return self._headers()

    async def renew(self, spent: Headers, refresh: Refresh) -> bool:
        if spent == self._headers():  # else somebody else's request has renewed it already
            await self._renew_once(refresh)
        return True

    def _headers(self) -> Headers:
        return (("authorization", f"Bearer {self.tokens.access}"),)

    async def _renew_once(self, refresh: Refresh) -> None:
        """Join the renewal under way, or begin one; a caller that goes away does not stop it."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._renew(refresh))
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    def _landed(self, flight: "asyncio.Task[None]") -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # seen, even where nobody waits any more

    async def _renew(self, refresh: Refresh) -> None:
        if self.kept is None:
            self.tokens = await refresh(self.tokens.refresh)
            return
        async with self.kept.locked():
            newer = self.kept.tokens()
            if newer and newer.access != self.tokens.access and not newer.due(datetime.now(UTC)):
                self.tokens = newer  # another process was quicker
                return
            self.tokens = await refresh((newer or self.tokens).refresh)
            self.kept.keep_tokens(self.tokens)
