"""`samplemindd doctor`: really broken homes and installations, each named with what to do about it."""

import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest
from commanding import certify

from samplemind_daemon.doctor import Health, examine, home, system
from samplemind_daemon.settings import load
from samplemind_daemon.store import Store

COMMAND = [sys.executable, "-m", "samplemind_daemon", "doctor"]
CALM = {"SAMPLEMIND_LISTEN": "127.0.0.1:0", "SAMPLEMIND_WEB": ""}  # whatever else runs on this machine


@pytest.fixture
def place(tmp_path):
    """A home that a daemon has lived in, without the daemon."""
    Store(tmp_path / "home" / "samplemind.db").migrate()
    (tmp_path / "home").chmod(0o700)
    (tmp_path / "home" / "plugins").mkdir()
    return tmp_path / "home"


@pytest.fixture
def ask():
    """What the doctor says, as a program reads it, and the status."""

    def ask(place, *words, before=None, **settings):
        done = subprocess.run(
            [*COMMAND, "--json", "--home", str(place), *words], capture_output=True, text=True, timeout=90,
            env={**os.environ, **CALM, **settings}, preexec_fn=before, check=False,
        )  # fmt: skip
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert found, done.stderr
        return found, done.returncode

    return ask


@pytest.fixture
def look():
    """What is found in this process, of some subjects."""

    def look(place, *subjects, **settings):
        given = {"listen": "127.0.0.1:0", "web": "", **settings}
        found = examine(load(home=place, **given))
        if "plugins" not in subjects:  # for which a worker is started
            found = takewhile(lambda one: one.subject != "decoders", found)
        return [one for one in found if one.subject in subjects]

    return look


def trouble(found):
    return [one for one in found if one["health"] != "well"]


def test_a_home_that_is_well_is_said_to_be_and_is_left_as_it_was(place, ask):
    def state():
        return {str(one): one.stat().st_mtime_ns for one in place.rglob("*") if one.is_file()}

    before = state()
    found, status = ask(place)
    assert (trouble(found), status) == ([], 0)
    subjects = {one["subject"] for one in found}
    assert subjects == {
        "limits", "clock", "inotify", "cage", "home", "file system", "disk space", "daemon", "addresses",
        "database", "integrity", "decoders", "workers", "plugins",
    }  # fmt: skip
    assert state() == before


def test_people_read_a_line_for_each_thing_and_below_it_what_to_do(place):
    (place / "ready.json").write_text("{}")
    words = [*COMMAND, "--home", str(place)]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **CALM}, timeout=90)
    lines = done.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("??  daemon: none runs here"))
    assert lines[at + 1].startswith("    -> start it")
    assert "0 broken, 1 doubtful" in done.stderr and done.returncode == 0  # it can be started all the same


def test_a_broken_setting_is_the_only_finding(place, ask):
    found, status = ask(place, SAMPLEMIND_WORKERS="many")
    [one] = found
    assert status == 1 and one["subject"] == "settings" and "workers cannot be 'many'" in one["sentence"]


def test_a_database_that_is_none_or_is_damaged_is_named_with_the_way_back(place, look):
    database = place / "samplemind.db"
    whole = database.read_bytes()
    database.write_bytes(b"this is a text, and no database at all." * 200)
    [one] = look(place, "database", "integrity")
    assert one.health is Health.BROKEN and "samplemindd restore" in one.remedy

    database.write_bytes(whole[: len(whole) // 2])
    found = look(place, "database", "integrity")
    assert any(one.health is Health.BROKEN and one.remedy for one in found), found

    damaged = bytearray(whole)
    for page in range(20, len(whole) // 4_096 - 1):
        damaged[page * 4_096 : page * 4_096 + 64] = os.urandom(64)
    database.write_bytes(damaged)
    found = look(place, "database", "integrity")
    assert any(one.health is Health.BROKEN and one.remedy for one in found), found


def test_a_row_that_contradicts_another_is_named(place, look):
    with closing(sqlite3.connect(place / "samplemind.db")) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(jobs)") if row[3] or row[5]]
        values = dict.fromkeys(columns, 0) | {
            "id": "j", "user": "u", "audio": "a", "sha256": "0" * 64, "state": "processing", "lane": "batch",
        }  # fmt: skip
        names = ", ".join(f'"{name}"' for name in values)
        db.execute(f"INSERT INTO jobs ({names}) VALUES ({', '.join('?' * len(values))})", [*values.values()])
    found = [one for one in look(place, "integrity") if one.health is Health.BROKEN]
    assert found and "samplemindd check --fix" in found[0].remedy


def test_older_and_newer_databases_are_told_apart(place, look):
    with closing(sqlite3.connect(place / "samplemind.db")) as db, db:
        [(newest,)] = db.execute("SELECT name FROM schema_migration ORDER BY name DESC LIMIT 1")
        db.execute("DELETE FROM schema_migration WHERE name = ?", (newest,))
    [one] = look(place, "database")
    assert one.health is Health.DOUBTFUL and newest in one.sentence and "samplemindd migrate" in one.remedy
    with closing(sqlite3.connect(place / "samplemind.db")) as db, db:
        db.execute("INSERT INTO schema_migration (name, applied) VALUES ('9000_later', '')")
    [one] = look(place, "database")
    assert one.health is Health.BROKEN and "9000_later" in one.sentence


def test_a_home_that_cannot_be_written_to_and_limits_that_are_too_low_are_named(place, ask):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    found, status = ask(place, before=limit)
    told = {(one["subject"], one["health"]) for one in trouble(found)}
    assert status == 1 and {("home", "broken"), ("limits", "broken")} <= told
    assert any("only 200 files" in one["sentence"] and "LimitNOFILE" in one["remedy"] for one in found)
    assert any("no file may be larger than 0 bytes" in one["sentence"] for one in found)


def test_a_home_that_is_a_file_or_open_to_others_or_cannot_be_made_is_named(place, look, tmp_path):
    (tmp_path / "file").write_text("")
    [one] = look(tmp_path / "file", "home")
    assert one.health is Health.BROKEN and "is no folder" in one.sentence
    [one] = look(tmp_path / "file" / "below", "home")
    assert one.health is Health.BROKEN and "cannot be made" in one.sentence
    place.chmod(0o755)
    assert f"chmod 700 {place}" in [one.remedy for one in look(place, "home")]


def test_a_port_that_is_taken_is_named_unless_the_daemon_of_this_home_has_it(place, look, own_daemon, ask):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        for setting, flag in (("listen", "--listen"), ("web", "--web"), ("metrics", "SAMPLEMIND_METRICS")):
            [one] = [one for one in look(place, "addresses", **{setting: at}) if one.health is Health.BROKEN]
            assert at in one.sentence and flag in one.remedy
    daemon = own_daemon()
    found, status = ask(daemon.home, SAMPLEMIND_LISTEN=daemon.address)
    [one] = [one for one in found if one["subject"] == "daemon"]
    assert (trouble(found), status) == ([], 0) and f"process {daemon.process.pid}" in one["sentence"]
    daemon.kill()
    found, _ = ask(daemon.home)
    [one] = trouble(found)
    assert one["subject"] == "daemon" and "did not end well" in one["sentence"]


def test_a_certificate_that_has_ended_or_soon_will_is_named(place, look, tmp_path):
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for days, health in ((-1, Health.BROKEN), (3, Health.DOUBTFUL), (300, Health.WELL)):
        certify(pem, key, days=days)
        key.chmod(0o600)
        [one] = look(place, "certificate", tls_certificate=pem, tls_key=key)
        assert one.health is health, one
    key.write_text("no key")
    [one] = look(place, "certificate", tls_certificate=pem, tls_key=key)
    assert one.health is Health.BROKEN and str(key) in one.sentence


def test_an_address_that_would_be_refused_is_named(place, look):
    [one] = look(place, "safety", listen="0.0.0.0:0")
    assert one.health is Health.BROKEN and "--tls-cert" in one.sentence


def test_plugins_that_fail_to_import_or_kill_a_worker_are_named(place, look):
    (place / "plugins" / "typo.py").write_text("import no_such_module\n")
    (place / "plugins" / "deadly.py").write_text("import os\nos._exit(1)\n")
    broken = [one for one in look(place, "plugins") if one.health is Health.BROKEN]
    assert len(broken) == 2
    assert any("typo" in one.sentence and "no_such_module" in one.sentence for one in broken)
    assert any("deadly" in one.sentence for one in broken)


def test_a_clock_that_is_behind_the_home_is_named(place, look):
    assert [one.health for one in look(place, "clock")] == [Health.WELL]
    os.utime(place / "samplemind.db", (time.time() + 86_400,) * 2)
    [one] = look(place, "clock")
    assert one.health is Health.DOUBTFUL and "timedatectl" in one.remedy
    assert system.clock(0.0, 0.0).health is Health.BROKEN


@pytest.mark.parametrize(
    ("free", "files", "health"),
    [
        (50e9, 10**6, Health.WELL),
        (1e9, 10**6, Health.DOUBTFUL),
        (1e6, 10**6, Health.BROKEN),
        (50e9, 3, Health.BROKEN),
    ],
)
def test_little_room_is_named(free, files, health):
    one = home.room(Path("/somewhere"), int(free), files)
    assert one.health is health and ("GB" in one.sentence or "files" in one.sentence)


def test_a_decoder_that_cannot_be_loaded_is_named(place, tmp_path, ask):
    (tmp_path / "broken" / "soundfile").mkdir(parents=True)
    (tmp_path / "broken" / "soundfile" / "__init__.py").write_text(
        "raise OSError('libsndfile.so.1: no such file')\n"
    )
    found, status = ask(place, PYTHONPATH=str(tmp_path / "broken"))
    told = {one["subject"]: one["sentence"] for one in trouble(found)}
    assert status == 1 and "libsndfile.so.1: no such file" in told["decoders"]
    assert "none comes up" in told["workers"]
