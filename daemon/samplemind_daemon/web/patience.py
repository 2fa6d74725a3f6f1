"""HTTP from those who mean it: who connects and then asks for nothing is let go."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 5.0  # that the head of a request may take


class Patience(H11Protocol):
    """HTTP/1.1 that does not wait for ever for a request; uvicorn itself would."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._waiting is not None:
            self._waiting.cancel()

    def _look(self) -> None:
        """Begin to wait where no request is there, and stop waiting where one is."""
        is_asked = self.cycle is not None and not self.cycle.response_complete
        is_asked |= self.transport.get_protocol() is not self  # but a WebSocket, since this very request
        if is_asked and self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        elif not is_asked and self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self._let_go)

    def _let_go(self) -> None:
        self._waiting = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
