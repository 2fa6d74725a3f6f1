"""Plans of what is written into files, with every file and how far it has come; what tells duplicates; and what
watch folders write by themselves.
"""

from typing import Any

TABLES = """
CREATE TABLE writes (
    id VARCHAR(36) NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, plan TEXT NOT NULL,
    expires_at BIGINT NOT NULL, applied BOOLEAN NOT NULL);
CREATE INDEX writes_expires_at ON writes (expires_at);

CREATE TABLE write_files (
    "write" VARCHAR(36) NOT NULL, place INTEGER NOT NULL, audio VARCHAR(36) NOT NULL, folder VARCHAR(36) NOT NULL,
    path {bytes} NOT NULL, new_path {bytes} NOT NULL, tags TEXT NOT NULL, "values" TEXT NOT NULL,
    sidecar {bytes} NOT NULL, old_sidecar {bytes} NOT NULL, sha256 VARCHAR(64) NOT NULL, size BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL, inode BIGINT NOT NULL, new_sha256 VARCHAR(64) NOT NULL, new_size BIGINT NOT NULL,
    new_mtime_ns BIGINT NOT NULL, new_inode BIGINT NOT NULL, state VARCHAR(16) NOT NULL, reason VARCHAR(64) NOT NULL,
    message TEXT NOT NULL, sidecar_sha256 VARCHAR(64) NOT NULL, made TEXT NOT NULL, kept BIGINT NOT NULL,
    PRIMARY KEY ("write", place));
CREATE INDEX write_files_state ON write_files (state);

CREATE TABLE prints (
    serial INTEGER NOT NULL PRIMARY KEY, sha256 VARCHAR(64) NOT NULL, audio VARCHAR(64) NOT NULL, print {bytes},
    seconds REAL NOT NULL);
CREATE UNIQUE INDEX prints_sha256 ON prints (sha256);
CREATE INDEX prints_audio ON prints (audio);

CREATE TABLE print_words (
    word BIGINT NOT NULL, serial BIGINT NOT NULL, PRIMARY KEY (word, serial)) WITHOUT ROWID;
CREATE INDEX print_words_serial ON print_words (serial);

CREATE TABLE print_twins (
    serial BIGINT NOT NULL, other BIGINT NOT NULL, PRIMARY KEY (serial, other)) WITHOUT ROWID;
CREATE INDEX print_twins_other ON print_twins (other);

ALTER TABLE folders ADD COLUMN "write" TEXT NOT NULL DEFAULT '';
ALTER TABLE folders ADD COLUMN written_at BIGINT
"""


def up(migrator: Any, db: Any) -> None:
    for statement in TABLES.format(bytes=db.get_context_options()["field_types"]["BLOB"]).split(";"):
        db.execute_sql(statement)
