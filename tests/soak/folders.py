"""B1, B2, B3, B9, B10 and B11: what becomes of a watch folder in a storm, a flood, a pause and an absence."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import soundfile
from commanding import wait_for
from daemon_process import DaemonProcess
from rig import do

from samplemind_client import Client
from samplemind_sdk import RATE

LENGTH = (Path(__file__).parents[2] / "docs" / "examples" / "length.py").read_text()


def run(folder: Path, short: bool) -> str:
    size = 5 if short else 1
    parts = [
        _burst(folder / "burst", 10_000 // size),
        _overflow(folder / "overflow", 20_000 // (3 if short else 1)),
        _writers(folder / "writers", 20 if short else 50, 5 if short else 20),
        _absence(folder / "absence", 5 if short else 30),
        _few_watches(folder / "watches", 1_000 // size),
    ]
    return "; ".join(parts)


@contextmanager
def _daemon(folder: Path):
    """A daemon at home in a folder whose only analyzer does next to nothing, and a client of it."""
    (folder / "home" / "plugins").mkdir(parents=True)
    (folder / "home" / "plugins" / "length.py").write_text(LENGTH)
    daemon = DaemonProcess(folder / "home", {"SAMPLEMIND_SWEEP_SECONDS": "10"}, workers=2).start()
    try:
        with Client(daemon.address, key=daemon.owner_key) as client:
            for plugin in client.plugins.list():
                if plugin.name != "length":
                    client.plugins.disable(plugin.name)
            yield daemon, client
    finally:
        daemon.stop()


def _sound(path: Path, seed: int) -> None:
    burst = np.random.default_rng(seed).standard_normal(2_000) / 10
    soundfile.write(path, burst, RATE, subtype="PCM_16", format="WAV")


def _known(client: Client) -> int:
    return sum(client.status().sounds.values())


def _done(client: Client) -> int:
    return client.status().sounds.get("completed", 0)


def _once(client: Client, many: int) -> None:
    """AssertionError unless so many sounds are known, each once and with one end."""
    paths = [one.name for one in client.sounds.list()]
    assert len(paths) == len(set(paths)) == many, f"{len(paths)} sounds, {len(set(paths))} names"
    ends = [one.audio_id for one in client.past_events("0") if one.kind == "audio.completed"]
    assert len(ends) == len(set(ends)) == many, f"{len(ends)} ends of {len(set(ends))}"


def _burst(folder: Path, many: int) -> str:
    with _daemon(folder) as (daemon, client):
        pile, before = folder / "pile", psutil.Process(daemon.process.pid).memory_info().rss
        pile.mkdir()
        for number in range(many):
            _sound(pile / f"{number}.wav", number)
        began, moment = time.monotonic(), random.Random()
        do("cp", "-r", pile, daemon.inbox)
        wait_for(lambda: _known(client) == many, 600)
        known = time.monotonic() - began
        grown = (psutil.Process(daemon.process.pid).memory_info().rss - before) >> 20
        for _ in range(3):
            time.sleep(moment.uniform(0.5, 3))
            daemon.kill()
            daemon.start()
        wait_for(lambda: _done(client) == many, 1_800)
        _once(client, many)
        took = time.monotonic() - began
        heard = sum(one.kind == "audio.processing" for one in client.past_events("0"))
    assert grown < 100, f"+{grown} MiB"
    assert heard - many <= 3 * 3, f"{heard - many} were begun twice"
    return (
        f"{many:,} at once: known after {known:.0f} s, memory +{grown} MiB, 3 kills meanwhile, "
        f"analysed after {took:.0f} s, {heard - many} begun twice, doubles 0"
    )


def _overflow(folder: Path, many: int) -> str:
    with _daemon(folder) as (daemon, client):
        daemon.process.send_signal(signal.SIGSTOP)
        for number in range(many):
            (daemon.inbox / f"{number}.wav").write_bytes(b"%d" % number)
        daemon.process.send_signal(signal.SIGCONT)
        began = time.monotonic()
        wait_for(lambda: _known(client) == many, 900)
        took = time.monotonic() - began
        assert "More changed at once than the system tells" in daemon.log.read_text()
    return f"{many:,} while it was halted: known after {took:.0f} s, and the loss is said"


def _writers(folder: Path, many: int, seconds: float) -> str:
    """Writers that add to their files; every tenth of them pauses for long before it ends."""
    with _daemon(folder) as (daemon, client):
        threads = [
            threading.Thread(target=_write, args=(daemon.inbox / f"{number}.wav", number, seconds))
            for number in range(many)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in daemon.inbox.iterdir()}
        wait_for(lambda: {one.name: one.sha256 for one in client.sounds.list()} == files, 300)
        changed = [one.audio_id for one in client.past_events("0") if one.kind == "audio.changed"]
        names = {one.id: one.name for one in client.sounds.list()}
        early = [names[id] for id in changed if int(names[id].split(".")[0]) % 10]
    assert not early, f"{early} were taken in before they were whole"
    return f"{many} slow writers: {len(early)} taken in half, {len(set(changed))} that paused have a newer version"


def _write(path: Path, number: int, seconds: float) -> None:
    with path.open("wb", buffering=0) as file:
        for _ in range(int(seconds / 0.1)):
            file.write(os.urandom(8_192))
            time.sleep(0.1)
        if number % 10 == 0:
            time.sleep(5)
            file.write(os.urandom(8_192))


def _absence(folder: Path, seconds: float) -> str:
    """A disk that is unmounted, and mounted again with the same files and one more."""
    if os.geteuid() != 0:
        return "a disk that goes: left out, it needs root"
    disk, place = folder / "disk", folder / "place"
    for one in (disk, place):
        one.mkdir(parents=True)
    do("mount", "-t", "tmpfs", "-o", "size=64m", "none", disk)
    do("mount", "--bind", disk, place)
    try:
        with _daemon(folder) as (_, client):
            for number in range(100):
                _sound(place / f"{number}.wav", number)
            watched = client.folders.add(str(place))
            wait_for(lambda: _done(client) == 100, 300)
            do("umount", place)
            began = time.monotonic()
            wait_for(lambda: client.folders.get(watched.id).state == "offline", 30)
            noticed = time.monotonic() - began
            _sound(disk / "new.wav", 1_000)
            time.sleep(seconds)
            do("mount", "--bind", disk, place)
            began = time.monotonic()
            wait_for(lambda: _done(client) == 101, 300)
            took = time.monotonic() - began
            kinds = [one.kind for one in client.past_events("0")]
            assert "audio.missing" not in kinds and kinds.count("audio.completed") == 101
    finally:
        subprocess.run(["umount", "-l", place, disk], check=False, capture_output=True)
    return f"a disk that goes: offline after {noticed:.1f} s, back {took:.1f} s after it, 0 missing, 0 heard again"


def _few_watches(folder: Path, many: int) -> str:
    """A daemon that may watch 64 folders, and gets 200."""
    limit = "echo 64 > /proc/sys/user/max_inotify_watches && exec"
    real, sys.executable = sys.executable, str(folder / "python")
    folder.mkdir()
    Path(sys.executable).write_text(f'#!/bin/sh\nexec unshare -Ur sh -c \'{limit} "$0" "$@"\' {real} "$@"\n')
    Path(sys.executable).chmod(0o755)
    try:
        with _daemon(folder) as (daemon, client):
            for number in range(many):
                place = daemon.inbox / str(number % 200)
                place.mkdir(exist_ok=True)
                _sound(place / f"{number}.wav", number)
            wait_for(lambda: _done(client) == many, 600)
            [inbox] = client.folders.list()
            assert inbox.health.mode == "polled", inbox.health
            assert "fs.inotify.max_user_watches" in " ".join(inbox.health.problems), inbox.health
    finally:
        sys.executable = real
    return f"{many:,} files in 200 folders with 64 watches: all analysed, polled, and the limit is named"
