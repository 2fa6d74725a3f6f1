"""G1: half an hour of mixed work, and whether memory, descriptors, threads or the database grow with it.

It goes on until so much was done, however long that takes.
"""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from commanding import wait_for
from crashing import Crashing
from raw_calls import Channel
from senders import Senders

from samplemind.v1 import analysis_pb2

SECONDS, LONGEST_SECONDS = 1_800, 7_200
ENOUGH = {"jobs": 30_000, "uploads": 5_000, "reconnects": 5_000, "cancels": 500, "kills": 200}
SHORTER = 10  # times, where it is to be short
LOOK_SECONDS = 5.0
SETTLING = 0.2  # of the time that is left out of the slopes
AGAIN, WAITING = 20, 200  # sounds a second that are heard anew, unless so many jobs wait
MIB = 2**20


@dataclass(frozen=True)
class Look:
    """The daemon's own process at a moment."""

    seconds: float
    done: int  # jobs
    sent: int  # sounds
    memory: int  # bytes
    files: int
    threads: int
    database: int  # bytes


def run(folder: Path, short: bool) -> str:
    shorter = SHORTER if short else 1
    home, over, did = Crashing(folder), threading.Event(), Counter[str]()
    daemon = home.start()
    bothers = [
        threading.Thread(target=one, args=(daemon, home, over, did), daemon=True)
        for one in (_hear_again, _follow, _cancel, _kill_workers)
    ]
    for bother in bothers:
        bother.start()
    with Senders(daemon.address, daemon.owner_key, home.acks, many=2, size=20_000, pause=0.6):
        looks = _look_on(daemon, home, did, shorter)
    over.set()
    for bother in bothers:
        bother.join(30)
    told = _judge(looks, did, shorter)
    wait_for(lambda: home.count("queued", "processing") == 0, 3_600)
    zombies = [
        one for one in psutil.Process(daemon.process.pid).children(recursive=True) if one.status() == "zombie"
    ]
    assert not zombies and daemon.stop() == 0
    assert (wrongs := home.wrongs()) == [], wrongs[:5]
    return told


def _look_on(daemon, home: Crashing, did: Counter[str], shorter: int) -> list[Look]:
    """The daemon every few seconds, until it is long enough and enough was done."""
    looks, began = [], time.monotonic()
    while (since := time.monotonic() - began) < LONGEST_SECONDS:
        time.sleep(LOOK_SECONDS)
        looks.append(_look(daemon, home, since))
        did["jobs"], did["uploads"] = looks[-1].done, looks[-1].sent
        if since > SECONDS / shorter and all(did[what] >= ENOUGH[what] / shorter for what in ENOUGH):
            break
    return looks


def _judge(looks: list[Look], did: Counter[str], shorter: int) -> str:
    settled = looks[int(len(looks) * SETTLING) :]
    late = settled[len(settled) // 2 :]
    grown = (settled[-1].memory - settled[0].memory) / MIB
    files = _slope([one.seconds for one in settled], [one.files for one in settled]) * settled[-1].seconds
    threads = {one.threads for one in settled}
    memory, astray = _growth(settled), _stray(settled)
    rows = (settled[-1].database - settled[0].database) / (settled[-1].done - settled[0].done)
    told = (
        f"{settled[-1].seconds:.0f} s, {', '.join(f'{did[what]:,} {what}' for what in ENOUGH)}: memory {memory:+.2f} "
        f"MiB a 1,000 jobs, {_growth(late):+.2f} in the second half ({grown:+.1f} MiB in all, "
        f"{settled[-1].memory / MIB:.0f} MiB at the end), descriptors {files:+.1f}, "
        f"threads {min(threads)} to {max(threads)}, database {rows / 1_000:.1f} kB a job, "
        f"{astray:.0%} astray from so much a sound and so much a job"
    )
    assert all(did[what] >= ENOUGH[what] / shorter for what in ENOUGH), told
    assert grown <= 40 and abs(files) <= 5 and max(threads) - min(threads) <= 5, told
    if shorter == 1:  # before, it is what it takes to begin that is seen
        assert memory <= 1 and astray <= 0.1, told
    return told


def _growth(looks: list[Look]) -> float:
    """MiB of memory a 1,000 jobs."""
    return _slope([one.done for one in looks], [one.memory for one in looks]) * 1_000 / MIB


def _stray(looks: list[Look]) -> float:
    """How far the database was, of its growth, from as many bytes for every sound and for every job."""
    over = np.array([[one.sent, one.done, 1.0] for one in looks])
    size = np.array([one.database for one in looks], float)
    apart = size - over @ np.linalg.lstsq(over, size, rcond=None)[0]
    return float(abs(apart).max() / (size[-1] - size[0]))


def _slope(over: list[float], values: list[float]) -> float:
    """By least squares."""
    return float(np.polyfit(over, values, 1)[0]) if len(set(over)) > 1 else 0.0


def _look(daemon, home: Crashing, seconds: float) -> Look:
    process = psutil.Process(daemon.process.pid)
    with closing(sqlite3.connect(home.settings.database_file, timeout=15)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        done = db.execute("SELECT COUNT(*) FROM jobs WHERE state IN ('completed', 'cancelled')").fetchone()[0]
    with process.oneshot():
        return Look(
            seconds,
            done,
            len(home.promised()),
            process.memory_info().rss,
            process.num_fds(),
            process.num_threads(),
            pages * 4_096,
        )


def _hear_again(daemon, home: Crashing, over: threading.Event, did: Counter[str]) -> None:
    """Have all sounds heard anew, page by page: most of the jobs, where few sounds are sent."""
    channel, headers, token = Channel(daemon.address), [("x-api-key", daemon.owner_key)], ""
    while not over.wait(1):
        if home.count("queued", "processing") > WAITING:
            continue
        listed = channel.call("AudioService/List", headers, page_size=AGAIN, page_token=token)
        for sound in listed.answer.audios:
            channel.call("AnalysisService/Reanalyze", headers, audio_id=sound.id, everything=True)
        token = listed.answer.next_page_token
    channel.close()


def _follow(daemon, home: Crashing, over: threading.Event, did: Counter[str]) -> None:
    """Subscribe, hear an event, go away, and come back."""
    while not over.wait(0.3):
        channel = Channel(daemon.address)
        heard = channel.call("EventService/Subscribe", [("x-api-key", daemon.owner_key)], cursor="0")
        did["reconnects"] += heard.code == "OK"
        channel.close()


def _cancel(daemon, home: Crashing, over: threading.Event, did: Counter[str]) -> None:
    """Cancel a waiting sound now and then; its turn comes again."""
    channel, headers = Channel(daemon.address), [("x-api-key", daemon.owner_key)]
    while not over.wait(2):
        listed = channel.call("AudioService/List", headers, page_size=1, filter="state = queued")
        for sound in listed.answer.audios if listed.code == "OK" else ():
            ended = channel.call("AnalysisService/Cancel", headers, audio_id=sound.id)
            did["cancels"] += ended.answer.job.state == analysis_pb2.JOB_STATE_CANCELLED
    channel.close()


def _kill_workers(daemon, home: Crashing, over: threading.Event, did: Counter[str]) -> None:
    """Kill a worker every nine seconds: two hundred in half an hour."""
    chance = random.Random()
    while not over.wait(9):
        family = psutil.Process(daemon.process.pid)
        if workers := set(family.children(recursive=True)) - set(family.children()):
            os.kill(chance.choice(sorted(workers, key=lambda one: one.pid)).pid, signal.SIGKILL)
            did["kills"] += 1
