"""`samplemindd check`: a line for each promise that does not hold, and an exit status."""

import json
import os
import subprocess
import sys

import pytest
from raw_calls import Channel, Person
from sound_files import wave_file

from samplemind_daemon.store import Store

COMMAND = [sys.executable, "-m", "samplemind_daemon", "check"]


@pytest.fixture
def check(tmp_path):
    def run(home, *words):
        return subprocess.run(
            [*COMMAND, "--home", str(home), *words], capture_output=True, text=True, timeout=60
        )

    return run


def test_a_running_home_is_checked_and_damage_is_told_and_never_served(own_daemon, check):
    daemon = own_daemon()
    channel = Channel(daemon.address)
    ada = Person(channel)
    audio = ada.upload(wave_file(os.urandom(20_000)))
    done = check(daemon.home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "All is whole.\n")
    [blob] = daemon.home.glob("blobs/sha256/*/*")
    kept = bytearray(blob.read_bytes())
    kept[100] ^= 1
    blob.write_bytes(kept)
    done = check(daemon.home, "--json")
    [one] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert (one["invariant"], one["subject"], one["remedy"]) == ("I2", f"content {audio.sha256}", "")
    outcome = ada("AudioService/Download", audio_id=audio.id, whole=True)
    assert (outcome.code, outcome.reason, outcome.answers) == ("DATA_LOSS", "CORRUPTED", ())
    refused = check(daemon.home, "--fix")
    assert refused.returncode == 2 and f"process {daemon.process.pid}" in refused.stderr
    channel.close()
    daemon.stop()
    fixed = check(daemon.home, "--fix")
    assert fixed.returncode == 0 and "set aside as set-aside/" in fixed.stdout
    assert check(daemon.home).returncode == 0


def test_what_is_no_home_is_not_made_one(check, tmp_path):
    for words in ((), ("--fix",)):
        done = check(tmp_path / "nowhere", *words)
        assert done.returncode in (2, 78) and "nowhere" in done.stderr and not (tmp_path / "nowhere").exists()
    (tmp_path / "empty").mkdir()
    assert check(tmp_path / "empty").returncode == 78 and not list((tmp_path / "empty").iterdir())


def test_a_home_of_another_version_is_refused_with_both_versions(check, tmp_path):
    home = tmp_path / "home"
    store = Store(home / "samplemind.db")
    newest = store.migrate()[-1]
    with store._database.connection_context():
        store._database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9000_later', '')")
    done = check(home)
    assert done.returncode == 78 and "9000_later" in done.stderr and newest in done.stderr
