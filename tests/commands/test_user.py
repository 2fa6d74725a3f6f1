"""The owner of the machine marks accounts and keeps them out, while the daemon runs."""

import hashlib
import json
import sqlite3
import subprocess
import sys
import time

import pytest
from commanding import wait_for
from engine_room import QUIET, SPIN, plugin_text, wave
from raw_calls import Channel, Person

from samplemind_daemon.store.blobs import DiskBlobs


def user(home, *command):
    """Run `samplemindd user` on a home."""
    whole = [sys.executable, "-m", "samplemind_daemon", "user", *command, "--home", str(home)]
    return subprocess.run(whole, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def person(daemon):
    channel = Channel(daemon.address)
    yield Person(channel)
    channel.close()


def test_a_mark_is_seen_by_the_next_call_and_taken_away_again(daemon, person):
    done = user(daemon.home, "mark", person.email, "beta", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["marks"] == ["beta"]
    assert list(person("AuthService/GetMe").answer.user.marks) == ["beta"]
    assert user(daemon.home, "unmark", person.email, "beta").returncode == 0
    assert list(person("AuthService/GetMe").answer.user.marks) == []


def test_whoever_is_disabled_is_refused_at_once_his_streams_end_and_he_can_be_let_in_again(daemon, person):
    _, key = person.make_key()
    stream = person.channel._channel.unary_stream("/samplemind.v1.EventService/Subscribe")
    following = stream(b"", metadata=person.headers, timeout=20)
    next(following)
    assert user(daemon.home, "disable", person.email.upper()).returncode == 0
    told = time.monotonic()
    assert person("AuthService/GetMe").code == "UNAUTHENTICATED"
    assert person.channel.call("AuthService/GetMe", key).code == "UNAUTHENTICATED"
    with pytest.raises(Exception, match="No valid credentials"):
        for _ in following:
            pass
    assert time.monotonic() - told < 5
    assert user(daemon.home, "enable", person.email).returncode == 0
    assert person("AuthService/GetMe").code == "OK"


def test_whoever_is_removed_is_out_with_all_he_had_and_his_work_stops(own_daemon, tmp_path):
    (tmp_path / "home0" / "plugins").mkdir(parents=True)
    (tmp_path / "home0" / "plugins" / "level.py").write_text(plugin_text(tmp_path / "heard.txt"))
    daemon = own_daemon(settings={"SAMPLEMIND_WORKER_SCRATCH": str(tmp_path)})
    channel, sound = Channel(daemon.address), wave(tmp_path / "quiet.wav", QUIET).read_bytes()
    person, other = Person(channel), Person(channel)
    spinning = wave(tmp_path / "spin.wav", SPIN).read_bytes()
    for data in (sound, spinning):
        person.upload(data)
    other.upload(sound)
    wait_for(lambda: busy(other) == 1)
    assert user(daemon.home, "remove", person.email).returncode == 0
    told = time.monotonic()
    assert person("AuthService/GetMe").code == "UNAUTHENTICATED"
    wait_for(lambda: busy(other) == 0, 15)
    print(f"\nits worker was free after {time.monotonic() - told:.1f} s")
    kept = DiskBlobs(daemon.home / "blobs")
    wait_for(lambda: not kept.path(hashlib.sha256(spinning).hexdigest()).exists(), 60)
    assert kept.path(hashlib.sha256(sound).hexdigest()).exists(), "another has the same"
    assert other("AudioService/List").answer.total == 1
    with sqlite3.connect(daemon.home / "samplemind.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
            if "user" in columns:
                left = db.execute(f'SELECT count(*) FROM "{table}" WHERE "user" = ?', (person.id,)).fetchone()
                assert left == (0,), table
        assert db.execute("SELECT count(*) FROM users WHERE id = ?", (person.id,)).fetchone() == (0,)
    again = Person(channel, person.email)  # the address is free again
    assert again.id != person.id and again("AudioService/List").answer.total == 0
    channel.close()


def busy(person):
    return person("StatusService/GetStatus").answer.busy


def test_accounts_are_listed_and_what_cannot_be_done_is_said(daemon, person, tmp_path):
    listed = [json.loads(line) for line in user(daemon.home, "list", "--json").stdout.splitlines()]
    assert listed[0]["role"] == "owner" and person.email in {one["email"] for one in listed}
    nobody = user(daemon.home, "mark", "nobody@example.org", "beta")
    assert nobody.returncode == 1 and "no account 'nobody@example.org'" in nobody.stderr
    owner = user(daemon.home, "disable", listed[0]["email"])
    assert owner.returncode == 1 and "is the owner" in owner.stderr
    assert user(tmp_path / "none", "list").returncode == 2
    assert not (tmp_path / "none").exists()
