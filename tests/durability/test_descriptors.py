"""A daemon that may open no more files is calm, answers who is connected, and is well again once it may."""

import resource
import socket
import time

import psutil
from commanding import wait_for
from raw_calls import Channel, Person
from senders import any_sound

MOST, CLIENTS = 128, 400


def test_a_daemon_without_descriptors_left_stays_calm_and_recovers(own_daemon):
    daemon = own_daemon()
    process, channel = psutil.Process(daemon.process.pid), Channel(daemon.address)
    ada = Person(channel)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (MOST, MOST))
    host, _, port = daemon.address.rpartition(":")
    crowd = [socket.create_connection((host, int(port)), timeout=5) for _ in range(CLIENTS)]
    wait_for(lambda: process.num_fds() >= MOST - 2)
    process.cpu_percent()
    for _ in range(20):
        assert ada("AuthService/GetMe").code == "OK"
        time.sleep(0.1)
    assert process.cpu_percent() < 50
    for one in crowd:
        one.close()
    wait_for(lambda: Person(Channel(daemon.address)).id, seconds=10)
    audio = ada.upload(any_sound())
    wait_for(lambda: ada("AudioService/Get", audio_id=audio.id).answer.audio.media.duration_seconds)
    channel.close()
    assert daemon.stop() == 0
