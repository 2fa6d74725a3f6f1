"""A daemon whose bytes lie in a bucket: the whole life of a sound, what commands do there, and trouble on the way."""

import os
import sqlite3
import time
from contextlib import closing

import pytest
from browsing import Browser
from chaos import Chaos
from commanding import wait_for
from daemon_process import DaemonProcess
from raw_calls import Channel, Person
from senders import Senders, any_sound

from samplemind.v1.audio_pb2 import AUDIO_STATE_COMPLETED as COMPLETED
from samplemind_daemon.doctor.home import Tenant
from samplemind_daemon.doctor.places import findings
from samplemind_daemon.library.backup import CannotBackUp, back_up, restore
from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings
from samplemind_daemon.store.blobs import open_blobs


@pytest.fixture
def daemon(s3_place, tmp_path):
    process = DaemonProcess(tmp_path / "home", {"SAMPLEMIND_WEB": "127.0.0.1:0"}).start()
    yield process
    process.stop()
    assert '"exception"' not in process.log.read_text()


@pytest.fixture
def ada(daemon):
    channel = Channel(daemon.address)
    yield Person(channel)
    channel.close()


def downloaded(person, audio, offset=0):
    got = person("AudioService/Download", audio_id=audio.id, offset=offset, whole=True)
    return b"".join(one.data for one in got.answers)


@pytest.mark.timeout(300)
def test_a_sound_in_a_bucket_is_sent_heard_played_copied_and_goes_with_its_account(
    daemon, ada, s3, s3_place, samplemindd, tmp_path
):
    small, large = any_sound(), os.urandom(17_000_000)  # no sound at all: to hear one of that size takes long
    audio, long = ada.upload(small), ada.upload(large)
    assert not list((daemon.home / "blobs").glob("sha256/*"))
    page = Browser(daemon.web)
    page.sign_in(ada.email)
    for one, data in ((audio, small), (long, large)):
        got = page.ask(f"/audio/{one.id}", headers={"Range": "bytes=1000-50999"})
        assert (got.status, got.body) == (206, data[1000:51_000])
        assert downloaded(ada, one, 5) == data[5:]
    wait_for(lambda: ada("AudioService/Get", audio_id=audio.id).answer.audio.state == COMPLETED, 60)
    assert violations(Settings(home=daemon.home), deep=True) == []

    said = samplemindd("backup", tmp_path / "copy", "--home", daemon.home)
    assert said.returncode == 0 and f"stay in {s3_place}" in said.stderr
    assert back_up(Settings(home=daemon.home), tmp_path / "whole", with_bytes=True).contents == 2
    again, other = Settings(home=tmp_path / "again"), Settings(home=tmp_path / "other", blobs="")
    with pytest.raises(CannotBackUp, match=f"left in {s3_place}: set SAMPLEMIND_BLOBS to that"):
        restore(tmp_path / "copy", other)
    assert not other.home.exists()
    assert restore(tmp_path / "copy", again).left == s3_place and violations(again) == []
    assert restore(tmp_path / "whole", other).contents == 2 and violations(other) == []

    removed = samplemindd("user", "remove", ada.email, "--home", daemon.home)
    assert removed.returncode == 0, removed.stderr
    wait_for(lambda: s3.names(s3_place) == [], 60)
    assert {one.problem for one in violations(again)} == {"its bytes are not there"}


def test_a_daemon_whose_bucket_is_not_there_says_so_and_does_not_start(
    s3_place, samplemindd, monkeypatch, tmp_path
):
    monkeypatch.setenv("SAMPLEMIND_BLOBS", "s3://nowhere")
    monkeypatch.setenv("SAMPLEMIND_WEB", "")
    home, sentence = tmp_path / "home", "s3://nowhere cannot be used: The specified bucket does not exist"
    done = samplemindd("serve", "--listen", "127.0.0.1:0", "--home", home)
    assert done.returncode == 78 and sentence in done.stderr
    found = {one.subject: one for one in findings(Settings(home=home), Tenant(holds=True))}
    assert sentence in found["bucket"].sentence and "AWS_" in found["bucket"].remedy


@pytest.mark.timeout(300)
def test_where_the_bucket_stumbles_nothing_is_lost_and_nobody_else_waits(s3, s3_place, tmp_path):
    chaos = Chaos(f"127.0.0.1:{s3.port}")
    settings = {"AWS_ENDPOINT_URL": f"http://{chaos.address}"}
    daemon = DaemonProcess(tmp_path / "home", settings).start()
    try:
        with Senders(daemon.address, daemon.owner_key, tmp_path / "acks", many=2, pause=0.1) as senders:
            wait_for(senders.acknowledged)
            chaos.delay_seconds, chaos.reset_share = 0.05, 0.2
            slowest = _slowest(daemon, seconds=2)
            chaos.delay_seconds = chaos.reset_share = 0.0
            chaos.swallow()
            slowest = max(slowest, _slowest(daemon, seconds=2))
            chaos.cut()
            chaos.speak()
            before = len(senders.acknowledged())
            wait_for(lambda: len(senders.acknowledged()) > before + 2, 60)
        assert slowest < 5
        acknowledged = set(senders.acknowledged())
        wait_for(
            lambda: _states(daemon).keys() == {"completed"}, 120
        )  # what was to be heard meanwhile has waited
    finally:
        daemon.stop()
        chaos.close()
    blobs = open_blobs(Settings(home=tmp_path / "look"))
    kept = {copy.sha256 for folder in blobs.folders() for copy in blobs.kept(folder)}
    assert acknowledged and acknowledged <= kept
    blobs.close()


def _states(daemon):
    """How many jobs are in which state."""
    with closing(sqlite3.connect(daemon.home / "samplemind.db")) as db:
        return dict(db.execute("SELECT state, COUNT(*) FROM jobs GROUP BY state").fetchall())


def _slowest(daemon, seconds):
    """The longest that a call took which needs no bytes, in seconds."""
    channel, headers, took = Channel(daemon.address), [("x-api-key", daemon.owner_key)], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        asked = time.monotonic()
        assert channel.call("AuthService/GetMe", headers).code == "OK"
        took.append(time.monotonic() - asked)
        time.sleep(0.02)
    channel.close()
    return max(took)
