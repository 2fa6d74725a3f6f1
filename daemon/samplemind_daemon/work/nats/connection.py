"""A connection to NATS that is made again for ever, and never holds more than it may."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import nats
import structlog
from nats.aio.client import Client

from samplemind_daemon.refusals import CannotServe
from samplemind_daemon.work.nats.place import Place

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 10.0  # that NATS gets at the start
AGAIN_SECONDS = 0.5  # between attempts to connect again
PING_SECONDS = (
    10  # between looks whether the server is still there; two that are not answered end a connection
)
MOST_WAITING = 8 * 2**20  # bytes that wait for the server; what is said past them fails


def unconnected() -> Client:
    """A connection that is still to be made, by `connect`."""
    return Client()


async def connect(
    client: Client,
    place: Place,
    who: str,
    credentials: Path | None = None,
    again: Callable[[], Awaitable[None]] | None = None,
    seconds: float | None = CONNECT_SECONDS,
) -> None:
    """Connect; `again` is called each time that it was lost and made again.

    `credentials` is a .creds file, or the seed of an nkey. Raises CannotServe where NATS does not answer for so long
    (None: it is waited for, however long that takes), or does not let us in.
    """
    notes = _Notes(client, again)
    creds, seed = _secrets(credentials)
    try:
        async with asyncio.timeout(seconds):
            await client.connect(
                list(place.servers),
                name=f"samplemind {who}",
                error_cb=notes.failed,
                disconnected_cb=notes.lost,
                reconnected_cb=notes.back,
                max_reconnect_attempts=-1,
                reconnect_time_wait=AGAIN_SECONDS,  # type: ignore[arg-type]
                ping_interval=PING_SECONDS,
                pending_size=MOST_WAITING,
                no_echo=True,
                user=place.user,
                password=place.password,
                user_credentials=creds,
                nkeys_seed=seed,
            )
    except (TimeoutError, OSError, nats.errors.Error) as error:
        why = notes.last or error
        raise CannotServe(f"engine: NATS cannot be reached: {type(why).__name__} {why}".strip()) from None


class _Notes:
    """What becomes of a connection, in the log: each loss once, however often it is tried again."""

    def __init__(self, client: Client, again: Callable[[], Awaitable[None]] | None) -> None:
        self._client, self._again = client, again
        self.last: Exception | None = None

    async def failed(self, error: Exception) -> None:
        if repr(error) != repr(self.last):
            log.warning("trouble with NATS", why=f"{type(error).__name__} {error}".strip())
        self.last = error

    async def lost(self) -> None:
        if not self._client.is_closed:
            log.warning("NATS is gone; jobs wait until it is back")

    async def back(self) -> None:
        log.info("NATS is back")
        self.last = None
        if self._again is not None:
            await self._again()


def _secrets(credentials: Path | None) -> tuple[str | None, str | None]:
    """The paths of a .creds file and of an nkey's seed: of one of them at most."""
    if credentials is None:
        return None, None
    if not credentials.is_file():
        raise CannotServe(f"engine_credentials: there is no file {credentials}")
    is_seed = credentials.suffix in (".nk", ".seed")
    return (None, str(credentials)) if is_seed else (str(credentials), None)
