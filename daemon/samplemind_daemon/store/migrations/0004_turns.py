"""Turns, by which users take a lane's seats one after the other; those who wait already get theirs in their order."""

from typing import Any

STATEMENTS = (
    "ALTER TABLE jobs ADD COLUMN turn BIGINT NOT NULL DEFAULT 0",
    """
    UPDATE jobs SET turn = numbered.place FROM (
        SELECT id, ROW_NUMBER() OVER (PARTITION BY lane, "user" ORDER BY not_before) AS place
        FROM jobs WHERE state = 'queued') AS numbered
    WHERE jobs.id = numbered.id
    """,
    "CREATE INDEX jobs_state_lane_turn_not_before ON jobs (state, lane, turn, not_before)",
    'CREATE INDEX jobs_user_state_lane_turn ON jobs ("user", state, lane, turn)',
    "DROP INDEX jobs_user_state",
)


def up(migrator: Any, db: Any) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
