"""The catalogue: what sounds are searched and sorted by, short enough to look through 100,000 in some milliseconds.

The sounds that are there already are entered as the daemon runs: see library/housekeeping.py.
"""

from typing import Any

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE catalogue (
    sound INTEGER NOT NULL PRIMARY KEY, audio VARCHAR(36) NOT NULL, "user" VARCHAR(36) NOT NULL, name TEXT NOT NULL,
    created_at BIGINT NOT NULL, kind VARCHAR(16) NOT NULL, bpm REAL, "key" INTEGER, root INTEGER, loudness REAL,
    duration REAL, energy REAL, folder VARCHAR(36), state VARCHAR(16) NOT NULL, size BIGINT NOT NULL);
CREATE UNIQUE INDEX catalogue_audio ON catalogue (audio);
CREATE INDEX catalogue_user_name_sound ON catalogue ("user", name, sound);
CREATE INDEX catalogue_user_bpm_sound ON catalogue ("user", bpm, sound);
CREATE INDEX catalogue_whole ON catalogue (
    "user", created_at, sound, kind, bpm, "key", root, loudness, duration, energy, folder, state, size, audio);

CREATE TABLE words (
    id INTEGER NOT NULL PRIMARY KEY, "user" VARCHAR(36) NOT NULL, aspect VARCHAR(16) NOT NULL, word TEXT NOT NULL);
CREATE UNIQUE INDEX words_user_aspect_word ON words ("user", aspect, word);

CREATE TABLE labels (word INTEGER NOT NULL, sound INTEGER NOT NULL, PRIMARY KEY (word, sound)){short};
CREATE INDEX labels_sound_word ON labels (sound, word)
"""


def up(migrator: Any, db: Any) -> None:
    short = " WITHOUT ROWID" if isinstance(db, SqliteDatabase) else ""  # the index is the table
    for statement in TABLES.format(short=short).split(";"):
        db.execute_sql(statement)
