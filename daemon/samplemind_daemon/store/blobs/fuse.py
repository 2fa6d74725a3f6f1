"""What keeps a store that is away from holding everybody up who asks for it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from samplemind_daemon.refusals import Unavailable

PAUSE_SECONDS = 2.0  # that nobody is let through after trouble


class Fuse:
    """After trouble, refuses at once; after a pause, whoever comes first looks whether it is over.

    `probe` asks the store for something small, and raises Unavailable where it does not answer.
    """

    def __init__(self, probe: Callable[[], None]) -> None:
        self._probe, self._lock = probe, Lock()
        self._blown, self._probing, self._again_at = False, False, 0.0

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Let through what asks the store, or raise Unavailable; an Unavailable from inside is trouble."""
        if self._blown:
            self._look()
        try:
            yield
        except Unavailable:
            self._blow()
            raise

    def _look(self) -> None:
        with self._lock:
            if self._probing or time.monotonic() < self._again_at:
                raise away()
            self._probing = True
        try:
            self._probe()
            self._blown = False
        except Unavailable:
            self._blow()
            raise
        finally:
            self._probing = False

    def _blow(self) -> None:
        self._again_at = time.monotonic() + PAUSE_SECONDS
        self._blown = True


def away() -> Unavailable:
    """The refusal of whatever needs bytes that are not to be had now."""
    why = "The place where the bytes of sounds are kept does not answer; nothing is lost, try again."
    return Unavailable("BLOBS_UNAVAILABLE", why, retry_seconds=5)
