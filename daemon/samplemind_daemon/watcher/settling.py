"""Files that may still be changing: each counts once it has stayed as it is for long enough."""

from dataclasses import dataclass

from samplemind_daemon.watcher.stamp import Stamp

MOST_WAITING = 20_000


@dataclass(slots=True)
class _Waiting:
    stamp: Stamp | None  # None while the file is gone: that, too, must last
    due: float


class Settling:
    """Waits `quiet` seconds after a file was last seen to change, `closed` after its writer closed it."""

    def __init__(self, quiet: float, closed: float) -> None:
        self._quiet, self._closed = quiet, closed
        self._waiting: dict[bytes, _Waiting] = {}
        self.overflowed = False  # whether files were passed over since it was last set to False

    def __len__(self) -> int:
        return len(self._waiting)

    def see(self, path: bytes, stamp: Stamp | None, now: float, closed: bool = False) -> None:
        """Note how a file is now; `closed` says that its writer has just let go of it."""
        if stamp is not None and stamp.size == 0:
            self._waiting.pop(path, None)  # empty files wait for their first byte
            return
        due = now + (self._closed if closed and stamp is not None else self._quiet)
        known = self._waiting.get(path)
        if known is not None and known.stamp == stamp:
            known.due = min(known.due, due)
        elif known is None and len(self._waiting) >= MOST_WAITING:
            self.overflowed = True
        else:
            self._waiting[path] = _Waiting(stamp, due)

    def due(self, now: float, most: int) -> list[tuple[bytes, Stamp | None]]:
        """Up to `most` files that have waited long enough, as they were seen; those that are gone last.

        So a move is known as one before anything is missed.
        """
        ready = [(path, one.stamp) for path, one in self._waiting.items() if one.due <= now]
        ready.sort(key=lambda one: one[1] is None)
        return ready[:most]

    def next_due(self) -> float | None:
        """When the next file will have waited long enough."""
        return min((one.due for one in self._waiting.values()), default=None)

    def postpone(self, path: bytes, until: float) -> None:
        """Let a file that has settled wait for something else."""
        if (known := self._waiting.get(path)) is not None:
            known.due = until

    def restart(self, path: bytes, now: float) -> None:
        """Let a file that changed after all settle anew."""
        self.postpone(path, now + self._quiet)

    def drop(self, path: bytes) -> None:
        """Wait no longer for a file."""
        self._waiting.pop(path, None)

    def clear(self) -> None:
        """Wait for nothing."""
        self._waiting.clear()
