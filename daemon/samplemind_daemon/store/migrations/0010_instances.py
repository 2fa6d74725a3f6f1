"""Daemons that share a database, and which of them watches a folder."""

from typing import Any

TABLES = """
CREATE TABLE instances (
    id VARCHAR(36) NOT NULL PRIMARY KEY, host VARCHAR(255) NOT NULL, signing VARCHAR(64) NOT NULL,
    engine VARCHAR(16) NOT NULL, blobs TEXT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT);

ALTER TABLE folders ADD COLUMN instance VARCHAR(36) NOT NULL DEFAULT '';
DROP INDEX folders_user_path;
CREATE UNIQUE INDEX folders_user_instance_path ON folders ("user", instance, path)
"""


def up(migrator: Any, db: Any) -> None:
    for statement in TABLES.split(";"):
        db.execute_sql(statement)
