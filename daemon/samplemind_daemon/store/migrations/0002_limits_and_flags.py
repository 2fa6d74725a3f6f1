"""What calls have cost, where people sign in from, and feature flags with their overrides and changes."""

from typing import Any

TABLES = """
CREATE TABLE spendings (
    purse VARCHAR(96) NOT NULL, slot BIGINT NOT NULL, spent BIGINT NOT NULL, expires_at BIGINT NOT NULL,
    PRIMARY KEY (purse, slot));
CREATE INDEX spendings_expires_at ON spendings (expires_at);

CREATE TABLE familiars (
    "user" VARCHAR(36) NOT NULL, place VARCHAR(64) NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY ("user", place));

CREATE TABLE flags (
    name VARCHAR(64) NOT NULL PRIMARY KEY, audience VARCHAR(16) NOT NULL, percent INTEGER NOT NULL);

CREATE TABLE flag_overrides (
    flag VARCHAR(64) NOT NULL, "user" VARCHAR(36) NOT NULL, enabled BOOLEAN NOT NULL, PRIMARY KEY (flag, "user"));

CREATE TABLE flag_changes (
    id VARCHAR(36) NOT NULL PRIMARY KEY, flag VARCHAR(64) NOT NULL, at BIGINT NOT NULL, author VARCHAR(36) NOT NULL,
    "user" VARCHAR(36) NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX flag_changes_flag_at_id ON flag_changes (flag, at, id);
"""


def up(migrator: Any, db: Any) -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
