"""H1: how long a database of each earlier shape takes to come to today's with 10,000 jobs in it, and that it works."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from samplemind_daemon.library.check import violations
from samplemind_daemon.model import Lane
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, jobs
from samplemind_daemon.store.schema import known

SCHEMAS = Path(__file__).parents[1] / "store" / "schemas"
MANY = 10_000
DESCRIPTORS = json.dumps(  # about as much as is kept of a loop of a few seconds
    [{"name": f"level.{number}", "value": number / 7, "unit": "", "confidence": None, "status": "ok",
      "candidates": [], "reason": "", "made_by": "level", "version": 1} for number in range(60)]
)  # fmt: skip
STATEMENTS = (
    "INSERT INTO contents (sha256, size, media, created_at) VALUES (:sha, 9, NULL, 1000000)",
    """
    INSERT INTO audios (id, user, name, state, state_at, reason, message, size, sha256, folder, path, mtime_ns, device,
                        inode, missing_at, created_at)
    VALUES (:id, 'ada', 'a.wav', :state, 1000000, '', '', 9, :sha, 'folder', :path, 1, 2, 3, NULL, 1000000)
    """,
    """
    INSERT INTO jobs (id, user, audio, open_audio, sha256, state, lane, attempts, crashes, everything, reason, message,
                      created_at, not_before, started_at, finished_at, lease, lease_expires_at)
    VALUES (:id, 'ada', :id, :open, :sha, :state, 'batch', 0, 0, 0, '', '', 1000000, 1000000, NULL, :finished, NULL,
            NULL)
    """,
    """
    INSERT INTO results (sha256, analyzer, version, fingerprint, descriptors, created_at)
    SELECT :sha, 'level', 1, 'f', :descriptors, 1000000 WHERE :finished IS NOT NULL
    """,
    """
    INSERT INTO events (user, sequence, kind, at, audio, job, folder, name, reason, message)
    VALUES ('ada', :number + 10, 'audio.' || :state, 1000000, :id, :id, 'folder', 'a.wav', '', '')
    """,
)


def run(folder: Path, short: bool) -> str:
    many = MANY // 10 if short else MANY
    names = sorted(path.stem for path in SCHEMAS.glob("*.sql"))
    took = [f"from {name[:4]} {_upgrade(folder / name, name, many):.1f} s" for name in names]
    return f"{many:,} jobs in a database, brought to {known()[-1]}: {', '.join(took)}; 0 violations, a job done in each"


def _upgrade(home: Path, name: str, many: int) -> float:
    """How many seconds the way to today's shape takes; AssertionError unless all is whole there and goes on."""
    home.mkdir()
    settings = Settings(home=home)
    with closing(sqlite3.connect(settings.database_file)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript((SCHEMAS / f"{name}.sql").read_text("utf-8"))
        rows = [_row(number) for number in range(many)]
        for statement in STATEMENTS:
            db.executemany(statement, rows)
        db.execute("UPDATE users SET event_sequence = ? WHERE id = 'ada'", [many + 9])
    store, began = Store(settings.database_file), time.monotonic()
    store.migrate()
    took = time.monotonic() - began
    assert took <= 10, f"{name}: {took:.1f} s"
    found = [
        one for one in violations(settings) if one.invariant != "I2"
    ]  # the one sound that was sent has no bytes
    assert found == [], found[:5]
    lease = asyncio.run(_done(store))
    assert lease, f"{name}: there was no job to do"
    store.close()
    return took


async def _done(store: Store) -> bool:
    lease = await store.write(jobs.claim, list(Lane))
    return lease is not None and await store.write(jobs.complete, lease, None, [])


def _row(number: int) -> dict[str, object]:
    """A sound of a watch folder whose job waits, or is done: every other one."""
    done, id = bool(number % 2), f"sound-{number}"
    return {
        "number": number,
        "id": id,
        "sha": f"{number:064x}",
        "path": f"{number}.wav".encode(),
        "state": "completed" if done else "queued",
        "open": None if done else id,
        "finished": 1_000_000 if done else None,
        "descriptors": DESCRIPTORS,
    }
