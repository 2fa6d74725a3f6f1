"""Turns of quick calls: so few are served at a time that others can be taken in, or refused, between them.

gRPC takes calls in one by one, a step of each that is served in between: with hundreds in service it would take
seconds until a call is so much as refused.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

AT_A_TIME = 8
_V1 = "/samplemind.v1."
QUICK = frozenset(  # these wait for nothing but a read of a few rows
    f"{_V1}{name}"
    for name in """
        AuthService/GetMe AudioService/Get AudioService/List AudioService/GetUpload
        WatchService/Get PluginService/Get FlagService/Evaluate StatusService/GetInfo StatusService/GetStatus
    """.split()
)


class Turns:
    """Has quick calls wait for each other, in the order in which they came."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_A_TIME)

    def of(self, method: str) -> AbstractAsyncContextManager[None]:
        """The turn of a call of this method, which lasts as long as the call is served."""
        return self._turns if method in QUICK else nullcontext()
