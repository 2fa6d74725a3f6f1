"""G1: half an hour of mixed work, and whether memory, descriptors, threads or the database grow with it."""

import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from commanding import wait_for
from crashing import Crashing
from raw_calls import Channel
from senders import Senders

LOOK_SECONDS = 5.0
SETTLING = 0.2  # of the time that is left out of the slopes
MIB = 2**20


@dataclass(frozen=True)
class Look:
    """The daemon's own process at a moment."""

    seconds: float
    done: int  # jobs
    memory: int  # bytes
    files: int
    threads: int
    database: int  # bytes


def run(folder: Path, short: bool) -> str:
    seconds = 180 if short else 1_800
    home, over = Crashing(folder), threading.Event()
    daemon = home.start()
    bothers = [
        threading.Thread(target=one, args=(daemon, over), daemon=True)
        for one in (_follow, _cancel, _kill_workers)
    ]
    for bother in bothers:
        bother.start()
    looks: list[Look] = []
    with Senders(daemon.address, daemon.owner_key, home.acks, many=2, size=20_000, pause=0.6):
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            time.sleep(LOOK_SECONDS)
            looks.append(_look(daemon, home, time.monotonic() - began))
    over.set()
    for bother in bothers:
        bother.join(30)
    told = _judge(looks[int(len(looks) * SETTLING) :], len(home.promised()), seconds)
    wait_for(lambda: home.count("queued", "processing") == 0, 3_600)
    zombies = [
        one for one in psutil.Process(daemon.process.pid).children(recursive=True) if one.status() == "zombie"
    ]
    assert not zombies and daemon.stop() == 0
    assert (wrongs := home.wrongs()) == [], wrongs[:5]
    return told


def _judge(looks: list[Look], promised: int, seconds: int) -> str:
    jobs = looks[-1].done - looks[0].done
    memory = _slope([one.done for one in looks], [one.memory for one in looks]) * 1_000 / MIB
    grown = (looks[-1].memory - looks[0].memory) / MIB
    files = _slope([one.seconds for one in looks], [one.files for one in looks]) * seconds
    threads = {one.threads for one in looks}
    rows = (looks[-1].database - looks[0].database) / max(jobs, 1)
    told = (
        f"{seconds} s, {promised} uploads, {jobs} jobs in the measured part: memory {memory:+.2f} MiB a 1,000 jobs "
        f"({grown:+.1f} MiB in all, {looks[-1].memory / MIB:.0f} MiB at the end), descriptors {files:+.1f}, "
        f"threads {min(threads)} to {max(threads)}, database {rows / 1_000:.1f} kB a job"
    )
    assert grown <= 40 and abs(files) <= 5 and max(threads) - min(threads) <= 5, told
    return told


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
            seconds, done, process.memory_info().rss, process.num_fds(), process.num_threads(), pages * 4_096
        )


def _follow(daemon, over: threading.Event) -> None:
    """Subscribe, hear a few events, go away, and come back."""
    while not over.wait(0.3):
        channel = Channel(daemon.address)
        channel.call("EventService/Subscribe", [("x-api-key", daemon.owner_key)], cursor="0")
        channel.close()


def _cancel(daemon, over: threading.Event) -> None:
    """Cancel a waiting sound now and then, and have it analysed after all."""
    channel, headers = Channel(daemon.address), [("x-api-key", daemon.owner_key)]
    while not over.wait(2):
        listed = channel.call("AudioService/List", headers, page_size=1, filter="state = queued")
        for sound in listed.answer.audios if listed.code == "OK" else ():
            channel.call("AnalysisService/Cancel", headers, audio_id=sound.id)
    channel.close()


def _kill_workers(daemon, over: threading.Event) -> None:
    """Kill a worker every nine seconds: two hundred in half an hour."""
    chance = random.Random()
    while not over.wait(9):
        family = psutil.Process(daemon.process.pid)
        if workers := set(family.children(recursive=True)) - set(family.children()):
            os.kill(chance.choice(sorted(workers, key=lambda one: one.pid)).pid, signal.SIGKILL)
