"""I1 and I2: a backup of 10,000 sounds beside a daemon at work, and how long it takes to come back from it."""

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from crashing import Crashing
from daemon_process import DaemonProcess
from raw_calls import Channel
from senders import Senders

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

SOUND = """
    INSERT INTO audios (id, user, name, state, state_at, reason, message, size, sha256, mtime_ns, device, inode,
                        created_at)
    VALUES (?, ?, ?, 'completed', 0, '', '', ?, ?, 0, 0, 0, 0)
"""


def run(folder: Path, short: bool) -> str:
    home, many = Crashing(folder), 1_000 if short else 10_000
    home.start().stop()
    _fill(home, many)
    daemon = home.start()
    with Senders(daemon.address, daemon.owner_key, home.acks, many=2, pause=0.3):
        time.sleep(2)
        quiet, _ = _slowest(daemon, seconds=10)
        promised = home.promised()
        backup = _start("backup", folder / "copy", "--home", home.home)
        busy, took = _slowest(daemon, seconds=600, until=backup)
    assert backup.returncode == 0
    daemon.kill()
    restored = Settings(home=folder / "restored")
    began = time.monotonic()
    assert _start("restore", folder / "copy", "--home", restored.home).wait(600) == 0
    back = time.monotonic() - began
    again = Crashing(folder)
    again.move(restored.home)
    assert violations(restored) == [] and promised <= again.known()
    DaemonProcess(restored.home).start().stop()
    assert violations(restored) == []
    return (
        f"{many} sounds: backup {took:.1f} s beside senders, GetMe p99 {quiet * 1e3:.0f} ms before and "
        f"{busy * 1e3:.0f} ms meanwhile; restored in {back:.1f} s, 0 violations, nothing promised before is missing"
    )


def _fill(home: Crashing, many: int) -> None:
    with closing(sqlite3.connect(home.settings.database_file)) as db, db:
        [user] = db.execute("SELECT id FROM users").fetchone()
        for number in range(many):
            data = os.urandom(20_000)
            sha256 = hashlib.sha256(data).hexdigest()
            place = home.settings.blobs_folder / "sha256" / sha256[:2] / sha256
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            row = [sha256, len(data)]
            db.execute("INSERT INTO contents (sha256, size, created_at) VALUES (?, ?, 0)", row)
            db.execute(SOUND, (sha256[:36], user, f"{number}.wav", len(data), sha256))


def _start(*words: object) -> subprocess.Popen:
    command = [sys.executable, "-m", "samplemind_daemon", *map(str, words)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def _slowest(daemon, seconds: float, until: subprocess.Popen | None = None) -> tuple[float, float]:
    """The 99th percentile of GetMe, in seconds, and for how long it was asked."""
    channel, headers, took = Channel(daemon.address), [("x-api-key", daemon.owner_key)], []
    began = time.monotonic()
    while time.monotonic() - began < seconds and (until is None or until.poll() is None):
        asked = time.monotonic()
        assert channel.call("AuthService/GetMe", headers).code == "OK"
        took.append(time.monotonic() - asked)
        time.sleep(0.01)
    channel.close()
    return sorted(took)[int(len(took) * 0.99)], time.monotonic() - began
