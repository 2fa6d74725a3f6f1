"""A database of each earlier shape opens, comes to today's as a whole or not at all, and works."""

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from samplemind_daemon.library.check import violations
from samplemind_daemon.model import Lane, Media, Result, State
from samplemind_daemon.settings import Settings
from samplemind_daemon.store import Store, jobs, results, sounds
from samplemind_daemon.store.blobs import DiskBlobs
from samplemind_daemon.store.schema import MIGRATIONS, applied, known

SCHEMAS = Path(__file__).with_name("schemas")
LATER = """
def up(migrator, db):
    for number in range(300):
        db.execute_sql("UPDATE audios SET name = name || '!'")
"""
KILLS = 20
KILLING = """
import json, os, pathlib, random, signal, sqlite3, sys, time
from samplemind_daemon.store import Store
path, migrations, later, kills = sys.argv[1:]
folder, moment, took = pathlib.Path(migrations), random.Random(1), 0.05

def migrate():
    if (child := os.fork()) == 0:
        Store(pathlib.Path(path)).migrate(folder)
        os._exit(0)
    return child

def marks():
    with sqlite3.connect(path) as db:
        [count] = {name.count("!") for (name,) in db.execute("SELECT name FROM audios")}
        return count

os.waitpid(migrate(), 0)
for number in range(int(kills)):
    (folder / f"{9000 + number}_later.py").write_text(later)
    child = migrate()
    time.sleep(moment.random() * took)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    killed, started = marks(), time.monotonic()
    assert os.waitpid(migrate(), 0)[1] == 0
    took = 1.2 * (time.monotonic() - started) if killed == 300 * number else took
    print(json.dumps([killed, marks()]))
"""


def make():
    """The program that made the databases."""
    spec = importlib.util.spec_from_file_location("make", SCHEMAS / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=sorted(path.stem for path in SCHEMAS.glob("*.sql")))
def old(request, tmp_path):
    """A home as a daemon of that time left it."""
    settings, made = Settings(home=tmp_path / "home"), make()
    settings.home.mkdir()
    with closing(sqlite3.connect(settings.database_file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript((SCHEMAS / f"{request.param}.sql").read_text("utf-8"))
    blobs = DiskBlobs(settings.blobs_folder)
    blobs.staging.put("sent", 0, made.SENT)
    blobs.keep("sent", made.SHA256)
    blobs.staging.drop(["sent"])
    return settings


def test_there_is_a_database_of_each_earlier_shape():
    missing = set(known()[:-1]) - {path.stem for path in SCHEMAS.glob("*.sql")}
    assert not missing, "run: python tests/store/schemas/make.py"


async def test_an_old_database_opens_whole_and_a_job_in_it_is_done(old):
    before = applied(old.database_file)
    store = Store(old.database_file)
    assert store.migrate() == known()[len(before) :]
    assert violations(old) == []
    lease = await store.write(jobs.claim, list(Lane))
    assert lease.job.id == "waits"
    media = Media("wav", "pcm_s16", 44_100, 1)
    assert await store.write(jobs.complete, lease, media, [Result("level", 2, "g", ())])
    audio = await store.read(sounds.find, "ada", "sent")
    assert audio.state is State.COMPLETED and audio.media == media
    assert [one.version for one in await store.read(results.of, audio.sha256)] == [2]
    store.close()
    assert violations(old) == []


def test_before_a_migration_the_database_is_copied_and_the_copy_can_be_gone_back_to(old):
    before = applied(old.database_file)
    if Store(old.database_file).migrate():
        copy = old.home / f"samplemind.db.{before[-1]}"
        assert applied(copy) == before and copy.stat().st_mode & 0o077 == 0
        os.replace(copy, old.database_file)
        assert Store(old.database_file).migrate() == known()[len(before) :]
    assert violations(old) == []


def test_a_kill_at_any_moment_of_a_migration_leaves_one_shape_or_the_other(old, tmp_path):
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-c", KILLING, str(old.database_file), str(migrations), LATER, str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == KILLS
    for number, (after_kill, after_start) in enumerate(rounds):
        assert after_kill in (300 * number, 300 * (number + 1))
        assert after_start == 300 * (number + 1)
    assert any(after_kill == 300 * number for number, (after_kill, _) in enumerate(rounds))
    assert list(old.home.glob("samplemind.db.9*_later"))
