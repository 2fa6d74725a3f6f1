"""Connections are bounded by where they come from: no address can take them all."""

import asyncio
import os
import socket
from collections import defaultdict
from collections.abc import Set
from contextlib import suppress

import structlog

from samplemind_daemon.access.places import place_of

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.5  # between two looks
OWN_FILES = "/proc/self/fd"  # Linux only: elsewhere nothing is bounded here

Peer = tuple[str, int]


class Connections:
    """Closes what an address opens at our ports beyond `most`, the newest first: gRPC itself has no such bound."""

    def __init__(self, ports: Set[int], most: int) -> None:
        self._ports, self._most = ports, most
        self._since: dict[Peer, int] = {}  # those seen at the last look, by the look that saw them first
        self._looks = 0
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look again and again from now on."""
        if os.path.isdir(OWN_FILES):
            self._looking = asyncio.create_task(self._look_on())

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if closed := await asyncio.to_thread(self._look):
                log.warning("an address has too many connections; the newest were closed", closed=closed)

    def _look(self) -> int:
        """Close what is too much; how many connections it were."""
        files = os.listdir(OWN_FILES)
        if len(files) <= self._most:
            return 0  # so few files are open that no address can have too many
        self._looks += 1
        found = {peer: twin for file in files if (twin := _twin(int(file))) for peer in self._peers(twin)}
        self._since = {peer: self._since.get(peer, self._looks) for peer in found}
        closed = 0
        by_place: defaultdict[str, list[Peer]] = defaultdict(list)
        for peer in sorted(found, key=lambda peer: self._since[peer]):
            by_place[place_of(peer[0])].append(peer)
        for peer in (peer for peers in by_place.values() for peer in peers[self._most :]):
            with suppress(OSError):
                found[peer].shutdown(socket.SHUT_RDWR)
                closed += 1
        for twin in found.values():
            twin.close()
        return closed

    def _peers(self, twin: socket.socket) -> list[Peer]:
        """Who is at the other end, if this is a connection to a port of ours; else it is closed."""
        with suppress(OSError):  # not connected
            if twin.family in (socket.AF_INET, socket.AF_INET6) and twin.getsockname()[1] in self._ports:
                return [twin.getpeername()[:2]]
        twin.close()
        return []


def _twin(file: int) -> socket.socket | None:
    """A second handle on an open socket, which stays that one though the first is closed meanwhile."""
    try:
        second = os.dup(file)
    except OSError:
        return None
    try:
        return socket.socket(fileno=second)
    except OSError:  # no socket
        os.close(second)
        return None
