"""A daemon that is measured."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ours import COMMAND

WAIT_SECONDS = 900.0


@contextmanager
def serving(home: Path, workers: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """A daemon at this home, that serves, and counts nobody's calls."""
    command = [COMMAND, "serve", "--home", home, "--listen", "127.0.0.1:0", "--workers", str(workers)]
    limits = {"SAMPLEMIND_CALLS_A_MINUTE": "1000000", "SAMPLEMIND_CALLS_AN_HOUR": "1000000"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | limits
    )
    try:
        wait_until(lambda: (home / "ready.json").exists() and address(home) != "")
        yield process
    finally:
        process.terminate()
        process.wait(60)


def address(home: Path) -> str:
    """Where it listens."""
    return str(json.loads((home / "ready.json").read_text())["grpc"])


def key(home: Path) -> str:
    """The key of its owner."""
    return (home / "owner.key").read_text().strip()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return once it is so; RuntimeError where it does not become so."""
    until = time.monotonic() + WAIT_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError("bench: the daemon does not get ready")
        time.sleep(0.2)
