"""A full disk: what would need room is refused, the rest goes on, and all heals by itself once there is room."""

import os
import subprocess
import time

import pytest
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel, Person, pieces
from senders import any_sound

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

READS = ("AudioService/List", "EventService/List", "StatusService/GetStatus", "AuthService/GetMe")


@pytest.fixture
def disk(tmp_path):
    """A disk of 24 MB, which the daemon's log is on as well."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "samplemind-test", place]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk can be mounted by root only, and not in every container")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def enlarge(disk):
    subprocess.run(["mount", "-o", "remount,size=96m", disk], check=True)


def fill(disk):
    """Leave not a byte."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


@pytest.fixture
def daemon(disk):
    process = DaemonProcess(disk / "home").start()
    yield process
    process.stop()


def test_a_full_disk_refuses_reads_on_and_heals(disk, daemon, tmp_path):
    channel, elsewhere = Channel(daemon.address), tmp_path / "elsewhere"
    elsewhere.mkdir()
    owner = [("x-api-key", daemon.owner_key)]
    assert channel.call("WatchService/Create", owner, path=str(elsewhere)).code == "OK"
    ada = Person(channel)
    kept = ada.upload(any_sound())
    opened = ada.open_upload(data := any_sound(4_000_000)).upload
    fill(disk)
    outcome = ada("AudioService/UploadChunks", stream=pieces(opened.id, data))
    assert (outcome.code, outcome.reason, outcome.retry_seconds) == ("RESOURCE_EXHAUSTED", "DISK_FULL", 60)
    (elsewhere / "late.wav").write_bytes(any_sound())
    time.sleep(2)  # the watcher tries, and the engine too
    slowest = 0.0
    for rpc in READS * 10:
        began = time.monotonic()
        assert ada(rpc).code == "OK", rpc
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 2
    assert ada("EventService/Subscribe", cursor="0").answer.event.audio_id in ("", kept.id)
    assert b"".join(one.data for one in ada("AudioService/Download", audio_id=kept.id, whole=True).answers), (
        "what is kept can be read"
    )
    assert daemon.process.poll() is None

    enlarge(disk)
    wait_for(lambda: ada("AudioService/UploadChunks", stream=rest_of(ada, opened, data)).code == "OK", 10)
    sent = ada("AudioService/FinishUpload", upload_id=opened.id).answer.audio
    wait_for(lambda: {one.name for one in sounds(channel, owner)} == {"late.wav"}, 60)
    wait_for(lambda: all(one.media.duration_seconds for one in sounds(channel, owner)), 60)
    wait_for(lambda: ada("AudioService/Get", audio_id=sent.id).answer.audio.media.duration_seconds, 60)
    assert "rpc failed" not in daemon.log.read_text()
    channel.close()
    assert violations(Settings(home=daemon.home)) == []


def sounds(channel, headers):
    return channel.call("AudioService/List", headers).answer.audios


def rest_of(ada, upload, data):
    at = ada("AudioService/GetUpload", upload_id=upload.id).answer.upload.committed_bytes
    return pieces(upload.id, data, at)
