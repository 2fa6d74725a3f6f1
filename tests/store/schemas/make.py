"""Writes, for each shape of the database that has none yet, a filled database of that shape as SQL.

Run it once with each new migration: python tests/store/schemas/make.py
"""

import hashlib
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sound_files import wave_file

from samplemind_daemon.store import Store
from samplemind_daemon.store.schema import MIGRATIONS, known

HERE = Path(__file__).parent
SENT = wave_file(bytes(range(256)) * 16)  # the one sound whose bytes a home of this kind keeps
SHA256 = hashlib.sha256(SENT).hexdigest()
DROPPED = "d" * 64
ROWS = f"""
INSERT INTO users (id, email, password, role, marks, created_at, disabled, session_version, event_sequence)
VALUES ('ada', 'ada@example.org', NULL, 'owner', '[]', 1000000, 0, 0, 9),
       ('bob', 'bob@example.org', NULL, 'member', '["beta"]', 1000000, 0, 3, 0);
INSERT INTO contents (sha256, size, media, created_at)
VALUES ('{SHA256}', {len(SENT)}, NULL, 1000000), ('{DROPPED}', 9, NULL, 1000000);
INSERT INTO folders (id, user, path, state, recursive, include, ignore, marker, created_at)
VALUES ('folder', 'ada', x'2f736f756e6473ff', 'active', 1, '[]', '["*.tmp"]', '1:2', 1000000);
INSERT INTO audios (id, user, name, state, state_at, reason, message, size, sha256, folder, path, mtime_ns,
                    device, inode, missing_at, created_at)
VALUES ('sent', 'ada', 'sent.wav', 'queued', 1000000, '', '', {len(SENT)}, '{SHA256}', NULL, NULL, 0, 0, 0, NULL,
        1000000),
       ('dropped', 'ada', 'tr\ufffd.wav', 'failed', 1000000, 'UNDECODABLE', 'It is no sound.', 9, '{DROPPED}',
        'folder', x'7472ff2e776176', 1, 2, 3, NULL, 1000000);
INSERT INTO jobs (id, user, audio, open_audio, sha256, state, lane, attempts, crashes, everything, reason,
                  message, created_at, not_before, started_at, finished_at, lease, lease_expires_at)
VALUES ('waits', 'ada', 'sent', 'sent', '{SHA256}', 'queued', 'batch', 0, 0, 0, '', '', 1000000, 1000000, NULL,
        NULL, NULL, NULL),
       ('over', 'ada', 'dropped', NULL, '{DROPPED}', 'failed', 'batch', 1, 0, 0, 'UNDECODABLE',
        'It is no sound.', 1000000, 1000000, 1000000, 1000000, NULL, NULL);
INSERT INTO results (sha256, analyzer, version, fingerprint, descriptors, created_at)
VALUES ('{SHA256}', 'level', 1, 'f', '[]', 1000000);
INSERT INTO events (user, sequence, kind, at, audio, job, folder, name, reason, message)
VALUES ('ada', 5, 'audio.added', 1000000, 'sent', '', '', 'sent.wav', '', ''),
       ('ada', 6, 'audio.queued', 1000000, 'sent', 'waits', '', 'sent.wav', '', ''),
       ('ada', 7, 'audio.added', 1000000, 'dropped', '', 'folder', 'tr\ufffd.wav', '', ''),
       ('ada', 8, 'audio.queued', 1000000, 'dropped', 'over', 'folder', 'tr\ufffd.wav', '', ''),
       ('ada', 9, 'audio.failed', 1000000, 'dropped', 'over', 'folder', 'tr\ufffd.wav', 'UNDECODABLE',
        'It is no sound.');
"""


def main() -> None:
    for name in known()[:-1]:  # the last one may change until there is another after it
        if not (HERE / f"{name}.sql").exists():
            with tempfile.TemporaryDirectory() as folder:
                (HERE / f"{name}.sql").write_text(filled(name, Path(folder)), "utf-8")
            print(f"made {name}.sql")


def filled(name: str, folder: Path) -> str:
    """A database of this shape as SQL: a few rows of the first shape, which have come that far."""
    steps = folder / "migrations"
    steps.mkdir()
    for number, past in enumerate(known()[: known().index(name) + 1]):
        shutil.copy(MIGRATIONS / f"{past}.py", steps)
        Store(folder / "samplemind.db").migrate(steps)
        if number == 0:
            with closing(sqlite3.connect(folder / "samplemind.db")) as db, db:
                db.executescript(ROWS)
    with closing(sqlite3.connect(folder / "samplemind.db")) as db:
        return "\n".join(db.iterdump()) + "\n"


if __name__ == "__main__":
    main()
