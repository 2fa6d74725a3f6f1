"""docs/scaling.md: what a job costs each process where daemons and workers share PostgreSQL, NATS and S3."""

import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import ledger
from commanding import wait_for
from ledger import Ledger
from machines import DURABLE, Machines
from ordeal import only, write_waiting
from raw_calls import Channel, Person
from scaling_page import tell
from senders import any_sound

WORKERS = (1, 2, 4)
JOBS_A_WORKER, FEW = 150, 10  # the latter before it counts
HEARING, HEARD = 2, 80  # workers, and jobs, where all analyzers are asked
WAITS_SECONDS = 0.1  # the analyzer, with each sound
SOUND_BYTES = 88_200  # a second
SETTLE_SECONDS, IDLE_SECONDS = 2.0, 20.0
SETTINGS = {"SAMPLEMIND_METRICS": "127.0.0.1:0"}
COUNTING = {"shared_preload_libraries": "pg_stat_statements"}


@dataclass(frozen=True)
class Run:
    """What was measured with so many workers: a second without work, an upload, and a job."""

    workers: int
    jobs_a_second: float
    idle: Ledger
    upload: Ledger
    job: Ledger
    writer_share: float  # of the time of the jobs, that the writer was at work
    load: float  # beside it


def write_scaling(page: Path) -> None:
    """Measure, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        waiting = [_measure(Path(folder) / str(many), many, JOBS_A_WORKER * many) for many in WORKERS]
        heard = _measure(Path(folder) / "heard", HEARING, HEARD, waits=False)
    page.write_text(tell(waiting, heard, WAITS_SECONDS))


def _measure(folder: Path, workers: int, jobs: int, waits: bool = True) -> Run:
    """So many jobs, once all sounds are there; by an analyzer that waits, or by all others."""
    plugin, load = write_waiting(folder, WAITS_SECONDS), os.getloadavg()[0]
    with (
        Machines(
            folder / "machines", 1, workers, 1, plugin if waits else None, SETTINGS, **DURABLE | COUNTING
        ) as machines,
        closing(Channel(machines.daemons[0].address)) as channel,
    ):
        machines.database.do("CREATE EXTENSION pg_stat_statements")
        if waits:
            only(machines, "waiting")
        idle = _idle(machines)
        for worker in machines.workers:
            worker.stop()
        person, before, began = Person(channel), ledger.read(machines), time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: person.upload(any_sound(SOUND_BYTES)), range(jobs)))
        upload = _since(machines, before, idle, began).over(jobs)
        return _do_jobs(machines, jobs, idle, upload, load)


def _do_jobs(machines: Machines, jobs: int, idle: Ledger, upload: Ledger, load: float) -> Run:
    for worker in machines.workers:
        worker.start()
    wait_for(lambda: _done(machines) >= FEW, 120)
    first, before, began = _done(machines), ledger.read(machines), time.monotonic()
    wait_for(lambda: _done(machines) >= jobs, 1_200)
    seconds, many = time.monotonic() - began, jobs - first
    used = _since(machines, before, idle, began)
    return Run(
        len(machines.workers),
        many / seconds,
        idle,
        upload,
        used.over(many),
        used.writing_seconds / seconds,
        load,
    )


def _idle(machines: Machines) -> Ledger:
    """What a second takes in which there is nothing to do."""
    time.sleep(SETTLE_SECONDS)
    before, began = ledger.read(machines), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return ledger.read(machines).less(before).over(time.monotonic() - began)


def _since(machines: Machines, before: Ledger, idle: Ledger, began: float) -> Ledger:
    """What was used since then, without what is used where there is nothing to do."""
    time.sleep(SETTLE_SECONDS)  # PostgreSQL counts a little late
    return ledger.read(machines).less(before).less(idle, time.monotonic() - began)


def _done(machines: Machines) -> int:
    return int(machines.database.do("SELECT COUNT(*) FROM jobs WHERE state = 'completed'")[0][0])
