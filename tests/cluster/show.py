"""`make cluster`: daemons, workers, brokers, a database and a bucket on this machine, to be tried and killed."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from broker import program
from daemon_process import DaemonProcess
from machines import Machines
from postgres import programs

AWAY_SECONDS = 5.0  # that what was killed is away
LOOK_SECONDS = 0.5
BRINGS = {"SAMPLEMIND_WEB": "127.0.0.1:0", "SAMPLEMIND_LOG_FORMAT": "text"}


def main() -> int:
    """Have it run until ^C, and start again what was killed; nothing is left behind."""
    if programs() is None or program() is None:
        print("It takes the servers of PostgreSQL (apt install postgresql) and NATS (make test installs it).")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    many = int(os.environ.get("WORKERS", "3"))
    with tempfile.TemporaryDirectory(prefix="samplemind-cluster-") as folder:
        machines = Machines(Path(folder), workers=many, settings=BRINGS)
        try:
            print("Starting, which takes some ten seconds ...", flush=True)
            machines.start()
            print(welcome(machines), flush=True)
            _watch_over(machines)
        except KeyboardInterrupt:
            print("\nEnding ...", flush=True)
        finally:
            machines.stop()
    return 0


def welcome(machines: Machines) -> str:
    """Where everything is, how to sign in, and what to kill."""
    first, last = machines.daemons[0], machines.daemons[-1]
    asking = [f"  samplemind --server {one.address} --key {one.owner_key}" for one in machines.daemons]
    browsing = [f"  {_web(one)}" for one in machines.daemons if one.web]
    return "\n".join(
        [
            "These are one program. In another terminal, at any of the daemons:",
            *(f"{one} ls" for one in asking),
            f"{asking[0]} analyze a-loop.wav",
            f"{asking[-1]} events --since 0",
            f"  cp a-loop.wav {first.inbox}/   (a folder that is watched, and the other: {last.inbox}/)",
            *(["In a browser (each code is good once):", *browsing] if browsing else []),
            "",
            f"  database  {machines.database.url()}",
            f"  brokers   {machines.engine}",
            f"  bucket    {machines.environment['SAMPLEMIND_BLOBS']} at {machines.bucket.url()}",
            "",
            f"Kill any of these; it comes again after {AWAY_SECONDS:.0f} seconds:",
            *(f"  kill -9 {pid}   # {name}" for name, pid in machines.pids().items()),
            "",
            "^C ends all of it.",
        ]
    )


def _web(daemon: DaemonProcess) -> str:
    """The address that signs a browser in."""
    return next(word for word in daemon.welcome.split() if word.startswith("http"))


def _watch_over(machines: Machines) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        for name in machines.gone():
            print(f"{name} is gone", flush=True)
            time.sleep(AWAY_SECONDS)
            machines.start_again(name)
            print(f"{name} is there again: kill -9 {machines.pids()[name]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
