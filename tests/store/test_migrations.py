"""The database comes to today's shape, from nothing or from any earlier one, and never stops half way."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from peewee import SqliteDatabase

from samplemind_daemon.store import CannotOpen, Store, tables
from samplemind_daemon.store.database import MIGRATIONS

NEXT = """
def up(migrator, db):
    db.execute_sql("CREATE TABLE colours (name TEXT)")
    db.execute_sql("INSERT INTO colours VALUES ('red')")
"""
MIGRATE = """
import pathlib, sys
from samplemind_daemon.store import Store
print(Store(pathlib.Path(sys.argv[1])).migrate(pathlib.Path(sys.argv[2])))
"""
ALIKE = {"BIGINT": "INTEGER", "BOOLEAN": "INTEGER"}  # SQLite has one kind of whole number, whatever its name


def schema(path, table):
    """A table's columns with their types, its key and its indexes, by name."""
    db = sqlite3.connect(path)
    described = db.execute(f'PRAGMA table_info("{table}")')
    columns = [(name, ALIKE.get(kind, kind), must, key) for _, name, kind, must, _, key in described]
    indexes = {
        (name, unique, tuple(row[2] for row in db.execute(f'PRAGMA index_info("{name}")')))
        for _, name, unique, *_ in db.execute(f'PRAGMA index_list("{table}")').fetchall()
    }
    return sorted(columns), indexes


def tables_of(path):
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {name for (name,) in sqlite3.connect(path).execute(query)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "samplemind.db"


@pytest.fixture
def migrations(tmp_path):
    """A folder with today's migrations, to add to."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_tables_are_what_the_migrations_make(path, tmp_path):
    Store(path).migrate()
    declared = tmp_path / "declared.db"
    with SqliteDatabase(declared) as db, db.bind_ctx(tables.ALL):
        db.create_tables(tables.ALL)
    assert tables_of(path) - {"schema_migration"} == tables_of(declared)
    for table in tables_of(declared):
        assert schema(path, table) == schema(declared, table), table


def test_migrating_twice_is_harmless_and_only_the_user_may_read_it(path):
    first = Store(path).migrate()
    assert first == sorted(found.stem for found in MIGRATIONS.glob("[0-9]*.py"))
    assert Store(path).migrate() == []
    assert path.stat().st_mode & 0o077 == 0


def test_a_later_version_adds_to_what_is_there(path, migrations):
    Store(path).migrate(migrations)
    insert = "INSERT INTO plugin_settings VALUES ('key', 0)"
    with sqlite3.connect(path) as db:
        db.execute(insert)
    (migrations / "9000_colours.py").write_text(NEXT)
    assert Store(path).migrate(migrations) == ["9000_colours"]
    db = sqlite3.connect(path)
    assert db.execute("SELECT * FROM plugin_settings").fetchall() == [("key", 0)]
    assert db.execute("SELECT * FROM colours").fetchall() == [("red",)]


def test_a_newer_database_is_refused_with_a_sentence_and_left_as_it_is(path, migrations):
    (migrations / "9000_colours.py").write_text(NEXT)
    *_, newest, _ = Store(path).migrate(migrations)
    before = path.read_bytes()
    with pytest.raises(CannotOpen) as refused:
        Store(path).migrate()
    assert str(refused.value) == (
        f"{path} was written by a newer SampleMind: its schema is 9000_colours, and this one knows up to "
        f"{newest}; start that version, or restore an older backup"
    )
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_shape(path, migrations):
    Store(path).migrate(migrations)
    (migrations / "9000_colours.py").write_text(NEXT + "    raise OSError('no room')\n")
    with pytest.raises(CannotOpen, match="no room"):
        Store(path).migrate(migrations)
    assert "colours" not in tables_of(path)
    (migrations / "9000_colours.py").write_text(NEXT)
    assert Store(path).migrate(migrations) == ["9000_colours"]


def start(path, migrations):
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, str(path), str(migrations)], stdout=subprocess.PIPE, text=True
    )


def test_a_kill_in_the_middle_leaves_the_old_shape_and_the_next_start_goes_on(path, migrations, tmp_path):
    Store(path).migrate(migrations)
    reached = tmp_path / "reached"
    hang = f"    import pathlib, time; pathlib.Path({str(reached)!r}).touch(); time.sleep(60)\n"
    (migrations / "9000_colours.py").write_text(NEXT + hang)
    running = start(path, migrations)
    deadline = time.monotonic() + 30
    while not reached.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert reached.exists() and "colours" not in tables_of(path)
    (migrations / "9000_colours.py").write_text(NEXT)
    assert Store(path).migrate(migrations) == ["9000_colours"]
    assert sqlite3.connect(path).execute("SELECT * FROM colours").fetchall() == [("red",)]


def test_starters_at_once_take_turns(path, migrations):
    (migrations / "9000_colours.py").write_text(
        NEXT.replace("up(migrator, db):", "up(migrator, db):\n    SLEEP")
    )
    slow = (migrations / "9000_colours.py").read_text().replace("SLEEP", "import time; time.sleep(0.3)")
    (migrations / "9000_colours.py").write_text(slow)
    running = [start(path, migrations) for _ in range(4)]
    said = [one.communicate(timeout=60)[0].strip() for one in running]
    assert [one.returncode for one in running] == [0] * 4
    assert sorted(said)[0].startswith("['0001_first'") and sorted(said)[1:] == ["[]"] * 3
    assert sqlite3.connect(path).execute("SELECT * FROM colours").fetchall() == [("red",)]
