"""Users' values of descriptors, beside what was heard."""

from typing import Any

TABLE = """
CREATE TABLE corrections (
    audio VARCHAR(36) NOT NULL, name VARCHAR(64) NOT NULL, "user" VARCHAR(36) NOT NULL, value TEXT NOT NULL,
    at BIGINT NOT NULL, PRIMARY KEY (audio, name))
"""


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(TABLE)
