"""`samplemind write` and `samplemind duplicates`: each command a process, the daemon as it is."""

import shutil

import mutagen
import pytest
from commanding import objects
from writing_room import eventually, make_sound

from samplemind_client import Client
from samplemind_client.values.correction import Correction


@pytest.fixture
def client(daemon):
    with Client(daemon.address, key=daemon.owner_key) as client:
        yield client


@pytest.fixture
def placed(daemon, client):
    """Two files of one sound in the inbox, heard and with a tempo."""
    first, second = daemon.inbox / "writable one.wav", daemon.inbox / "writable two.wav"
    make_sound(first, seed=903)
    shutil.copy(first, second)

    def heard():
        known = [one for one in client.sounds.list(filter="name : writable") if not one.missing_at]
        return known if [one.state for one in known] == ["completed"] * 2 else None

    sounds = eventually(heard)
    client.library.correct(*(Correction(one.id, "tempo.bpm", 128.0) for one in sounds))
    yield first, second
    for path in (first, second):
        path.unlink(missing_ok=True)


def test_files_are_written_once_agreed_and_put_back(run, placed):
    first, second = placed
    before = first.read_bytes()
    shown = run("write", "writable", "--tags", "bpm", "--json")
    changes = objects(shown)
    assert {one["file"] for one in changes} == {first.name, second.name} and first.read_bytes() == before
    assert changes[0]["tags"] == [{"field": "TBPM", "before": "", "after": "128"}]
    assert run("write", "writable", "--tags", "bpm", "--apply").returncode == 2  # nobody is there to be asked
    *_, done = objects(run("write", "writable", "--tags", "bpm", "--apply", "--yes", "--json"))
    assert done["done"] == 2 and mutagen.File(first).tags["TBPM"].text == ["128"]
    put_back = run("write", "--undo", done["write_id"])
    assert b"2 files are as they were" in put_back.stdout
    assert first.read_bytes() == second.read_bytes() == before


def test_what_cannot_be_is_said(run):
    assert run("write", "writable").returncode == 2
    assert run("write", "--undo", "x", "--tags", "bpm").returncode == 2
    refused = run("write", "--template", "../{name}")
    assert refused.returncode != 0 and b"../{name}" in refused.stderr


def test_duplicates_are_listed(run, placed):
    groups = objects(run("duplicates", "--same", "bytes", "--json"))
    [group] = [
        one for one in groups if {sound["file"] for sound in one["sounds"]} == {path.name for path in placed}
    ]
    assert (group["sameness"], group["total"], group["differences"]) == ("bytes", 2, ["name"])
    assert b"of the same bytes; what differs: name" in run("duplicates", "--same", "bytes").stdout
