"""What sessions tell their user: when they were last used, where they were signed in from, and by what."""

from typing import Any

COLUMNS = """
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT;
ALTER TABLE sessions ADD COLUMN place VARCHAR(64);
ALTER TABLE sessions ADD COLUMN agent VARCHAR(200)
"""


def up(migrator: Any, db: Any) -> None:
    for statement in COLUMNS.split(";"):
        db.execute_sql(statement)
