"""The daemon's home: the folder that holds all it keeps, for one daemon at a time."""

import fcntl
import json
import os
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from samplemind_daemon.address import Address
from samplemind_daemon.refusals import CannotServe


class CannotMoveIn(CannotServe):
    """The home cannot be used; the message says why."""


class House:
    """A home that is taken until it is left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = _take(path)
        self.was_left_open = (path / "ready.json").exists()  # by a daemon that was killed
        self.instance = _instance(path / "instance")

    def announce(
        self,
        address: Address,
        web: Address | None,
        name: str = "",
        certificate: Path | None = None,
        metrics: str = "",
    ) -> None:
        """Write ready.json: programs on this machine find the daemon by it.

        Where TLS is spoken it names the certificate to trust (none if the system's trust will do), and a
        name that it is for: whoever reads this need not call the daemon by that name.
        """
        ready: dict[str, Any] = {"grpc": str(address.here), "pid": os.getpid(), "scheme": "http"}
        if web is not None:
            ready["web"] = f"{'https' if name else 'http'}://{web.here}"
        if metrics:
            ready["metrics"] = metrics
        if name:
            ready |= {
                "scheme": "https",
                "name": name,
                "certificate": str(certificate) if certificate else None,
            }
        fresh = self.path / ".ready.json"
        fresh.write_text(json.dumps(ready) + "\n", "utf-8")
        fresh.replace(self.path / "ready.json")

    def leave(self) -> None:
        """Take ready.json away and let another daemon in."""
        (self.path / "ready.json").unlink(missing_ok=True)
        self._lock.close()


def _instance(path: Path) -> str:
    """What this home is known by among those on the same database, for ever."""
    with suppress(FileNotFoundError, ValueError):
        return str(UUID(path.read_text("ascii").strip()))
    fresh, instance = path.with_name(".instance"), str(uuid4())
    fresh.write_text(f"{instance}\n", "ascii")
    fresh.replace(path)
    return instance


def _take(path: Path) -> TextIOWrapper:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (path / "daemon.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotMoveIn(f"the home {path} cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read(20).strip() or "unknown"
        lock.close()
        raise CannotMoveIn(f"another daemon (process {holder}) is at home in {path}") from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
