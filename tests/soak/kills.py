"""A1: a daemon that is killed under load, a hundred times; and how soon it serves with 10,000 jobs waiting."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from crashing import Crashing

WAITING = 10_000
JOB = """
    INSERT INTO jobs (id, user, audio, open_audio, sha256, state, lane, attempts, crashes, everything, reason,
                      message, created_at, not_before)
    VALUES (?, ?, ?, ?, ?, 'queued', 'batch', 0, 0, 0, '', '', 0, 0)
"""
SOUND = """
    INSERT INTO audios (id, user, name, state, state_at, reason, message, size, sha256, folder, path, mtime_ns,
                        device, inode, created_at)
    VALUES (?, ?, ?, 'queued', 0, '', '', 1, ?, 'gone', ?, 0, 0, 0, 0)
"""


def run(folder: Path, short: bool) -> str:
    home, moment, cycles = Crashing(folder), random.Random(), 8 if short else 100
    for cycle in range(cycles):
        home.kill_under_load(moment.uniform(0.2, 3))
        assert (wrongs := home.wrongs()) == [], f"after kill {cycle + 1}: {wrongs[:5]}"
    home.finish(seconds=3_600)
    promised = len(home.promised())
    return f"{cycles} kills, {promised} uploads promised, 0 lost, 0 violations; {_start(folder / 'many')}"


def _start(folder: Path) -> str:
    """How long a start takes with very many jobs waiting."""
    folder.mkdir()
    home = Crashing(folder)
    home.start().stop()
    with closing(sqlite3.connect(home.settings.database_file)) as db, db:
        [user] = db.execute("SELECT id FROM users").fetchone()
        ids = [f"{number:064}" for number in range(WAITING)]
        db.executemany(
            "INSERT INTO contents (sha256, size, created_at) VALUES (?, 1, 0)", [[id] for id in ids]
        )
        db.executemany(SOUND, [(id[-36:], user, id[-9:], id, id.encode()) for id in ids])
        db.executemany(JOB, [(id[-36:], user, id[-36:], id[-36:], id) for id in ids])
    began = time.monotonic()
    daemon = home.start()
    took = time.monotonic() - began
    daemon.kill()
    return f"serves {took:.1f} s after a start with {WAITING:,} jobs waiting"
