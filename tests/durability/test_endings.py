"""How a daemon ends, and what the next one says it found."""

import sqlite3
import threading
import time
from contextlib import closing

import grpc
import pytest
from commanding import wait_for
from engine_room import SPIN, plugin_text, wave
from grpc_health.v1 import health_pb2, health_pb2_grpc
from raw_calls import Channel, Person, pieces
from senders import any_sound

from samplemind_daemon.library.check import violations
from samplemind_daemon.settings import Settings

NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture
def daemon(own_daemon, tmp_path):
    """A daemon with a sound at work that its worker will never be done with, and an upload half way."""
    (tmp_path / "home0" / "plugins").mkdir(parents=True)
    (tmp_path / "home0" / "plugins" / "level.py").write_text(plugin_text(tmp_path / "heard.txt"))
    scratch = {"SAMPLEMIND_WORKER_SCRATCH": str(tmp_path)}  # where the plugin writes
    daemon = own_daemon(settings={"SAMPLEMIND_DRAIN_SECONDS": "1"} | scratch)
    person = Person(channel := Channel(daemon.address))
    person.upload(wave(tmp_path / "spin.wav", SPIN).read_bytes())
    half = any_sound()
    opened = person.open_upload(half).upload
    person("AudioService/UploadChunks", stream=pieces(opened.id, half[:10_000]))
    wait_for(lambda: (tmp_path / "heard.txt").exists())
    channel.close()
    return daemon


def status(daemon):
    channel = Channel(daemon.address)
    answer = channel.call("StatusService/GetStatus", [("x-api-key", daemon.owner_key)]).answer
    channel.close()
    return answer


def jobs(daemon):
    with closing(sqlite3.connect(daemon.home / "samplemind.db", timeout=15)) as db:
        return db.execute("SELECT state, attempts FROM jobs").fetchall()


class Followers:
    """Streams of events, and how each of them ended."""

    def __init__(self, daemon, many):
        self.ends, self._channel = [], Channel(daemon.address)
        self._headers = [("x-api-key", daemon.owner_key)]
        self._threads = [threading.Thread(target=self._follow) for _ in range(many)]
        for thread in self._threads:
            thread.start()

    def _follow(self):
        self.ends.append(self._channel.call("EventService/Subscribe", self._headers, cursor="0", whole=True))

    def join(self):
        for thread in self._threads:
            thread.join(20)
        self._channel.close()


@pytest.mark.timeout(300)
def test_told_to_end_it_drains_and_told_twice_it_ends_at_once(daemon):
    followers = Followers(daemon, 20)
    wait_for(lambda: status(daemon).subscribers == 20)
    with grpc.insecure_channel(daemon.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        watching = health.Watch(health_pb2.HealthCheckRequest(), timeout=20)
        assert next(watching).status != NOT_SERVING
        began = time.monotonic()
        daemon.process.terminate()
        assert next(watching).status == NOT_SERVING
        assert time.monotonic() - began < 2
    followers.join()
    channel = Channel(daemon.address)
    refused = channel.call("AudioService/CreateUpload", [("x-api-key", daemon.owner_key)])
    channel.close()
    assert refused.code == "UNAVAILABLE"
    assert daemon.process.wait(15) == 0
    assert {(end.code, end.reason) for end in followers.ends} == {("UNAVAILABLE", "GOING_DOWN")}
    assert jobs(daemon) == [("queued", 0)]  # as if it had never been started
    assert violations(Settings(home=daemon.home)) == []

    daemon.start()
    assert not status(daemon).HasField("recovery")
    wait_for(lambda: jobs(daemon) == [("processing", 1)])
    daemon.process.terminate()
    time.sleep(0.2)
    daemon.process.terminate()
    began = time.monotonic()
    assert daemon.process.wait(5) == 130 and time.monotonic() - began < 2

    daemon.start()
    assert (status(daemon).recovery.jobs, status(daemon).recovery.uploads) == (1, 1)
    assert "the daemon before this one did not end well" in daemon.log.read_text()
