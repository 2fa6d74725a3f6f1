"""Who asks and does not read the answers fills nobody's memory, and keeps nobody else waiting."""

import time
from contextlib import closing

import http2
import psutil
import pytest
from commanding import wait_for
from happenings import Happenings, settled
from raw_calls import RPCS, Channel, Person, message_of

from samplemind_daemon.service.unread import MOST_OF_ONE

CONNECTIONS, STREAMS = 5, 100
MIB = 2**20


@pytest.fixture
def full(own_daemon, make_sound):
    """A daemon, and someone whose pages and sounds are as large as they can be."""
    daemon = own_daemon()
    with closing(Channel(daemon.address)) as channel:
        ada = Person(channel)
        sound = ada.upload(make_sound(0, 10.0)).id
        happenings = Happenings(
            daemon, ada.id, sound, lambda name: ada("AudioService/Update", audio_id=sound, name=name).answer
        )
        happenings.count = settled(daemon, ada)
        happenings.burst()
        happenings.close()
        yield daemon, ada, sound


def unread(daemon, rpc, headers, message):
    """Connections with as many calls as they may, of which nothing is ever read."""
    wires = [http2.opened(daemon.address, (http2.WINDOW, 0)) for _ in range(CONNECTIONS)]
    for wire in wires:
        for number in range(STREAMS):
            http2.ask(wire, 2 * number + 1, RPCS[rpc], headers, message)
    return wires


@pytest.mark.parametrize("what", ["EventService/List", "AudioService/Download", "EventService/Subscribe"])
def test_answers_that_nobody_reads_take_bounded_memory_and_give_it_back(full, what):
    daemon, ada, sound = full
    _, headers = ada.make_key()
    asked = {
        "EventService/List": {"page_size": 1_000},
        "AudioService/Download": {"audio_id": sound},
        "EventService/Subscribe": {"cursor": "0"},
    }[what]
    process = psutil.Process(daemon.process.pid)
    memory, files = process.memory_info().rss, process.num_fds()
    wires, most, other = unread(daemon, what, headers, message_of(what, **asked)), memory, Person(ada.channel)
    for _ in range(20):
        time.sleep(0.1)
        most = max(most, process.memory_info().rss)
        assert other("AuthService/GetMe").code == "OK"
    for wire in wires:
        wire.close()
    wait_for(lambda: process.num_fds() <= files + 5, 30)
    left = process.memory_info().rss - memory
    print(f"\n{what}: memory +{(most - memory) / MIB:.0f} MiB, and +{left / MIB:.0f} MiB afterwards")
    assert most - memory <= 100 * MIB and left <= 50 * MIB
    again = ada(what, **asked)
    assert again.code == "OK", again


def test_a_user_has_so_many_downloads_at_a_time_and_more_of_all_else(full):
    daemon, ada, sound = full
    _, headers = ada.make_key()
    wires = unread(
        daemon, "AudioService/Download", headers, message_of("AudioService/Download", audio_id=sound)
    )
    wait_for(lambda: ada("AudioService/Download", audio_id=sound).reason == "TOO_MANY_DOWNLOADS")
    assert ada("AudioService/Get", audio_id=sound).code == "OK"
    for wire in wires:
        wire.close()
    wait_for(lambda: ada("AudioService/Download", audio_id=sound).code == "OK")


def test_answers_that_are_read_are_counted_no_more(full):
    _, ada, _ = full
    for _ in range(2 * MOST_OF_ONE // (200 * 1024)):
        assert len(ada("EventService/List", page_size=1_000).answer.events) > 800
