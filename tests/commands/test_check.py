"""`samplemindd check`: a line for each promise that does not hold, and an exit status."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import typer
from raw_calls import Channel, Person
from sound_files import wave_file

from samplemind_daemon.commands.check import check as command
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


def refused(capsys, home, fix=False):
    """The status and the sentence with which a check is refused."""
    with pytest.raises(typer.Exit) as end:
        command(as_json=False, fix=fix, home=home)
    return end.value.exit_code, capsys.readouterr().err


def test_what_is_no_home_is_not_made_one(capsys, tmp_path):
    for fix, status in ((False, 78), (True, 2)):
        refusal = refused(capsys, tmp_path / "nowhere", fix)
        assert refusal[0] == status and "nowhere" in refusal[1] and not (tmp_path / "nowhere").exists()
    (tmp_path / "empty").mkdir()
    assert refused(capsys, tmp_path / "empty")[0] == 78 and not list((tmp_path / "empty").iterdir())


def test_a_home_of_another_version_is_refused_with_both_versions(capsys, tmp_path):
    home = tmp_path / "home"
    newest = Store(home / "samplemind.db").migrate()[-1]
    with closing(sqlite3.connect(home / "samplemind.db")) as db, db:
        db.execute("INSERT INTO schema_migration (name, applied) VALUES ('9000_later', '')")
    status, sentence = refused(capsys, home)
    assert status == 78 and "9000_later" in sentence and newest in sentence
    with closing(sqlite3.connect(home / "samplemind.db")) as db, db:
        db.execute("DELETE FROM schema_migration WHERE name > '0001_first'")
    status, sentence = refused(capsys, home)
    assert status == 78 and "0001_first" in sentence and newest in sentence
