"""D5: one user asks for five times the work that may wait; what is more is refused, and the database stays small."""

import asyncio
import sqlite3
from pathlib import Path

from crowd_of_calls import Crowd
from daemon_process import DaemonProcess
from mix import Client
from raw_calls import Channel, Person
from senders import any_sound
from timing import slower

TIMES, SENDERS = 5, 16
MOST_MIB = 50


def run(folder: Path, short: bool) -> str:
    most = 300 if short else 20_000
    settings = {"SAMPLEMIND_MAX_OPEN_JOBS": str(most), "SAMPLEMIND_MAX_OPEN_UPLOADS": "1000000"}
    daemon = DaemonProcess(folder / "home", workers=1, settings=settings).start()
    try:
        return asyncio.run(_measure(daemon, most))
    finally:
        daemon.stop()


async def _measure(daemon: DaemonProcess, most: int) -> str:
    channel = Channel(daemon.address)
    client = Client(person := Person(channel), person.upload(any_sound(2_000)))
    before, crowd, left, waiting = _size(daemon.home), Crowd(daemon.address, 8), [TIMES * most], []

    async def send_on() -> None:
        while left[0] > 0:
            left[0] -= 1
            await client.send(crowd)
            if left[0] % 100 == 0:
                waiting.append(_waiting(daemon.home))

    await asyncio.gather(*(send_on() for _ in range(SENDERS)))
    await crowd.close()
    channel.close()
    refused = crowd.seconds.get("RESOURCE_EXHAUSTED TOO_MANY_JOBS", [])
    grown = _size(daemon.home) - before
    told = (
        f"{TIMES * most:,} sounds sent where {most:,} may wait: at most {max(waiting):,} waited, {len(refused):,} were "
        f"refused, p99 {slower(refused, 0.99) if refused else 0:.0f} ms; database +{grown / 2**20:.1f} MiB"
    )
    assert max(waiting) <= most and refused, f"{told}; {crowd.tell()}"
    assert set(crowd.seconds) == {"OK", "RESOURCE_EXHAUSTED TOO_MANY_JOBS"}, f"{told}; {crowd.tell()}"
    assert not crowd.without_time and grown <= MOST_MIB * 2**20, told
    return told


def _waiting(home: Path) -> int:
    """How many jobs are still to be done."""
    with sqlite3.connect(f"file:{home / 'samplemind.db'}?mode=ro", uri=True) as db:
        return db.execute("SELECT COUNT(*) FROM jobs WHERE open_audio IS NOT NULL").fetchone()[0]


def _size(home: Path) -> int:
    """How many bytes the database has, its log included."""
    return sum(path.stat().st_size for path in home.glob("samplemind.db*"))
