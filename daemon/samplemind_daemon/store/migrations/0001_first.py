"""The first tables: written out, so that what tables.py says later cannot change what happened here."""

from typing import Any

TABLES = """
CREATE TABLE users (
    id VARCHAR(36) NOT NULL PRIMARY KEY, email VARCHAR(254) NOT NULL, password TEXT, role VARCHAR(16) NOT NULL,
    marks TEXT NOT NULL, created_at BIGINT NOT NULL, disabled BOOLEAN NOT NULL,
    session_version INTEGER NOT NULL, event_sequence BIGINT NOT NULL);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE sessions (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, created_at BIGINT NOT NULL, revoked_at BIGINT);
CREATE INDEX sessions_user ON sessions ("user");

CREATE TABLE refresh_tokens (
    hash VARCHAR(64) NOT NULL PRIMARY KEY, session VARCHAR(36) NOT NULL, issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, spent_at BIGINT);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

CREATE TABLE one_time_codes (
    hash VARCHAR(64) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT);

CREATE TABLE api_keys (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name VARCHAR(100) NOT NULL,
    prefix VARCHAR(16) NOT NULL, hash VARCHAR(64) NOT NULL, scope VARCHAR(16) NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT, last_used_at BIGINT, revoked_at BIGINT);
CREATE INDEX api_keys_user ON api_keys ("user");
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE contents (
    sha256 VARCHAR(64) NOT NULL PRIMARY KEY, size BIGINT NOT NULL, media TEXT, created_at BIGINT NOT NULL);

CREATE TABLE audios (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL, state VARCHAR(16) NOT NULL,
    state_at BIGINT NOT NULL, reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL, folder VARCHAR(36), path {bytes}, mtime_ns BIGINT NOT NULL,
    device BIGINT NOT NULL, inode BIGINT NOT NULL, missing_at BIGINT, created_at BIGINT NOT NULL);
CREATE INDEX audios_sha256 ON audios (sha256);
CREATE UNIQUE INDEX audios_folder_path ON audios (folder, path);
CREATE INDEX audios_user_created_at_id ON audios ("user", created_at, id);
CREATE INDEX audios_user_name_id ON audios ("user", name, id);
CREATE INDEX audios_user_size_id ON audios ("user", size, id);
CREATE INDEX audios_user_state_at_id ON audios ("user", state_at, id);
CREATE INDEX audios_user_state_created_at_id ON audios ("user", state, created_at, id);
CREATE INDEX audios_user_sha256 ON audios ("user", sha256);

CREATE TABLE results (
    sha256 VARCHAR(64) NOT NULL, analyzer VARCHAR(64) NOT NULL, version INTEGER NOT NULL,
    fingerprint VARCHAR(32) NOT NULL, descriptors TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (sha256, analyzer));

CREATE TABLE jobs (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, audio VARCHAR(36) NOT NULL,
    open_audio VARCHAR(36), sha256 VARCHAR(64) NOT NULL, state VARCHAR(16) NOT NULL, lane VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, everything BOOLEAN NOT NULL,
    reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, created_at BIGINT NOT NULL, not_before BIGINT NOT NULL,
    started_at BIGINT, finished_at BIGINT, lease VARCHAR(36), lease_expires_at BIGINT);
CREATE INDEX jobs_audio ON jobs (audio);
CREATE UNIQUE INDEX jobs_open_audio ON jobs (open_audio);
CREATE INDEX jobs_sha256 ON jobs (sha256);
CREATE INDEX jobs_state_lane_not_before ON jobs (state, lane, not_before);
CREATE INDEX jobs_user_state ON jobs ("user", state);

CREATE TABLE events (
    "user" VARCHAR(36) NOT NULL, sequence BIGINT NOT NULL, kind VARCHAR(32) NOT NULL, at BIGINT NOT NULL,
    audio VARCHAR(36) NOT NULL, job VARCHAR(36) NOT NULL, folder VARCHAR(36) NOT NULL, name TEXT NOT NULL,
    reason VARCHAR(64) NOT NULL, message TEXT NOT NULL, PRIMARY KEY ("user", sequence));
CREATE INDEX events_at ON events (at);

CREATE TABLE uploads (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL, audio VARCHAR(36), created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX uploads_user ON uploads ("user");
CREATE INDEX uploads_expires_at ON uploads (expires_at);

CREATE TABLE folders (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, path {bytes} NOT NULL, state VARCHAR(16) NOT NULL,
    recursive BOOLEAN NOT NULL, include TEXT NOT NULL, ignore TEXT NOT NULL, marker TEXT NOT NULL,
    created_at BIGINT NOT NULL);
CREATE UNIQUE INDEX folders_user_path ON folders ("user", path);

CREATE TABLE forgotten (
    folder VARCHAR(36) NOT NULL, path {bytes} NOT NULL, size BIGINT NOT NULL, mtime_ns BIGINT NOT NULL,
    device BIGINT NOT NULL, inode BIGINT NOT NULL, PRIMARY KEY (folder, path));

CREATE TABLE answers (
    "user" VARCHAR(36) NOT NULL, request VARCHAR(36) NOT NULL, method VARCHAR(128) NOT NULL,
    answer {bytes} NOT NULL, at BIGINT NOT NULL, PRIMARY KEY ("user", request));
CREATE INDEX answers_at ON answers (at);

CREATE TABLE plugin_settings (name VARCHAR(64) NOT NULL PRIMARY KEY, enabled BOOLEAN NOT NULL);
CREATE TABLE analyzer_settings (name VARCHAR(64) NOT NULL PRIMARY KEY, settings TEXT NOT NULL);
"""


def up(migrator: Any, db: Any) -> None:
    for statement in TABLES.format(bytes=db.get_context_options()["field_types"]["BLOB"]).split(";"):
        if statement.strip():
            db.execute_sql(statement)
