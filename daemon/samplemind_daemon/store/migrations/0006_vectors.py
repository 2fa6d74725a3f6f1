"""What sounds are compared by, apart from their results: 100,000 of them are read in a second, and not in minutes.

What was heard before is put there by and by, as the daemon runs: see library/housekeeping.py.
"""

from typing import Any

TABLE = """
CREATE TABLE vectors (
    serial INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, sha256 VARCHAR(64) NOT NULL, fingerprint VARCHAR(32) NOT NULL,
    edges VARCHAR(64) NOT NULL, numbers BLOB, bands BLOB, keys BLOB, tuning REAL, bpm REAL, loudness REAL,
    kind VARCHAR(16) NOT NULL);
CREATE UNIQUE INDEX vectors_sha256 ON vectors (sha256)
"""


def up(migrator: Any, db: Any) -> None:
    for statement in TABLE.split(";"):
        db.execute_sql(statement)
