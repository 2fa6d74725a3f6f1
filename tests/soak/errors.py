"""A8: a disk that fails now and then. What is answered is kept; a failing fsync of the database ends the daemon."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from crashing import Crashing
from rig import library
from senders import Senders

FAULTS = (
    "enable_random name=posix/io/rw/pwrite,probability=0.01",
    "enable_random name=posix/io/sync/fdatasync,probability=0.01",
    "enable_random name=posix/io/sync/fsync,probability=0.01",
)
FSYNC_FAILED = 70  # the exit status


def run(folder: Path, short: bool) -> str:
    preload = f"{library('fiu_run_preload.so')} {library('fiu_posix_preload.so')}"
    home, wanted, ends = Crashing(folder), 200 if short else 3_000, []
    home.start().stop()
    while len(home.promised()) < wanted:
        daemon = home.start(LD_PRELOAD=preload, FIU_ENABLE="\n".join(FAULTS))
        if daemon.process.poll() is None:
            with Senders(daemon.address, daemon.owner_key, home.acks, many=4):
                deadline = time.monotonic() + 30
                while time.monotonic() < deadline and daemon.process.poll() is None:
                    time.sleep(0.1)
            daemon.stop()
        ends.append(daemon.process.returncode)
        home.start().stop()  # what a failed write left at work is queued again at the next start
        assert (wrongs := home.wrongs()) == [], wrongs[:5]
        with closing(sqlite3.connect(home.settings.database_file)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(ends) < 400, ends
    home.finish(seconds=1_200)
    return (
        f"{len(home.promised())} uploads promised, 0 lost, 0 violations; {len(ends)} starts, of which "
        f"{ends.count(FSYNC_FAILED)} ended with status {FSYNC_FAILED} at a failed fsync of the database"
    )
