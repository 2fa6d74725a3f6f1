"""A6 and I3: a database server that dies, and a library that moves from one kind of database to the other and back."""

import asyncio
import hashlib
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import postgres
from daemon_process import DaemonProcess
from outages import suffer
from rig import NotHere

from samplemind_daemon.library.check import violations
from samplemind_daemon.model import Descriptor, Lane, Media, Result, Role
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, jobs, sounds, users
from samplemind_daemon.store.moments import now
from samplemind_daemon.store.transfer import transfer

FOUND = (Result("key", 1, "f" * 32, (Descriptor("key.key", "A minor", "", 0.9, "ok", (), "", "key", 1),)),)


def run(folder: Path, short: bool) -> str:
    if postgres.programs() is None:
        raise NotHere("it needs a PostgreSQL server")
    cluster = postgres.Cluster(fsync="on", synchronous_commit="on", full_page_writes="on").start()
    try:
        return f"{_deaths(cluster, folder, 2 if short else 10)}; {_moves(cluster, folder, 500 if short else 10_000)}"
    finally:
        cluster.stop()


def _deaths(cluster: postgres.Cluster, folder: Path, kills: int) -> str:
    url = cluster.empty()
    settings = {"SAMPLEMIND_DATABASE": url, "SAMPLEMIND_MAX_OPEN_UPLOADS": "1000000"}
    daemon = DaemonProcess(folder / "home", settings).start()
    came = suffer(daemon, cluster, url.rpartition("/")[2], kills, away_seconds=3)
    assert came.lost == 0 and came.others == set(), came
    assert came.slowest <= 2 and came.healing <= 5, came
    assert violations(Settings(home=daemon.home, database=url)) == []
    assert daemon.stop() == 0
    return (
        f"{kills} deaths of the server, {came.kept} uploads promised: {came.lost} lost; {came.refused} calls refused "
        f"as UNAVAILABLE, the slowest after {came.slowest:.2f} s; all done again {came.healing:.2f} s after it was back"
    )


def _moves(cluster: postgres.Cluster, folder: Path, many: int) -> str:
    """Take a library there and back."""
    first, there, back = folder / "first.db", cluster.empty(), folder / "back.db"
    asyncio.run(_fill(first, many))
    began = time.monotonic()
    moved = transfer(first, there)
    forth, began = time.monotonic() - began, time.monotonic()
    assert transfer(there, back) == moved
    rows = sum(one.rows for one in moved)
    assert next(one.rows for one in moved if one.table == "jobs") == many
    return (
        f"{many} jobs, {rows} rows: there in {forth:.1f} s and back in {time.monotonic() - began:.1f} s, "
        "rows and digests of all tables equal"
    )


async def _fill(place: Path, many: int) -> None:
    with closing(Store(place)) as store:
        store.migrate()
        await store.write(users.add, "ada", "ada@example.org", None, Role.MEMBER, now())
        await asyncio.gather(*(_add(store, number) for number in range(many)))
        while (lease := await store.write(jobs.claim, list(Lane))) is not None:
            if hash(lease.job.sha256) % 3:
                await store.write(jobs.complete, lease, Media("wav", "pcm_s16", 44_100, 2, 16, 1.5), FOUND)


async def _add(store: Store, number: int) -> None:
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    audio = await store.write(sounds.add, "ada", str(uuid4()), f"{number} é 🥁.wav", 1_000 + number, sha256)
    await store.write(jobs.add, audio)
