"""A reader that cannot keep up hurts nobody but itself, and is told where to go on."""

import time

import psutil
import pytest
from happenings import BURST, Happenings, settled
from raw_calls import Channel, Person
from subscription import Subscription

from samplemind_daemon.library.pace import MOST_BEHIND
from samplemind_daemon.service.welcome import LOOK_SECONDS

QUICK = 4
NARROW = [("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536)]  # or it holds megabytes itself


@pytest.fixture
def busy(own_daemon, make_sound):
    """A daemon, someone in it, and what lets things happen to her things."""
    daemon = own_daemon()
    channel = Channel(daemon.address)
    ada = Person(channel)
    audio = ada.upload(make_sound(0)).id
    happenings = Happenings(
        daemon, ada.id, audio, lambda name: ada("AudioService/Update", audio_id=audio, name=name).answer
    )
    happenings.count = settled(daemon, ada)
    yield daemon, ada, happenings
    happenings.close()
    channel.close()


def test_a_slow_reader_is_let_go_and_goes_on_later_and_nobody_else_notices(busy):
    daemon, ada, happenings = busy
    slow = Subscription(daemon.address, ada.headers, options=NARROW)
    slow.reading.clear()
    quick = [Subscription(daemon.address, ada.headers) for _ in range(QUICK)]
    start, process, delays = happenings.count, psutil.Process(daemon.process.pid), []
    before = process.memory_info().rss
    while happenings.count <= MOST_BEHIND + 4 * BURST:
        if start + MOST_BEHIND - BURST > happenings.count > start + MOST_BEHIND - 3 * BURST:
            time.sleep(LOOK_SECONDS + 0.5)  # it is looked at, and not so far behind yet
            assert ada("StatusService/GetStatus").answer.subscribers == QUICK + 1
        began = time.monotonic()
        happenings.burst()
        for one in quick:
            one.wait(lambda one=one: one.reached == happenings.count)
        delays.append(time.monotonic() - began)
    quick[0].wait(lambda: ada("StatusService/GetStatus").answer.subscribers == QUICK, 10)
    grown = (process.memory_info().rss - before) / 2**20
    slow.reading.set()
    slow.wait(lambda: slow.ended)
    assert (slow.ended.code, slow.ended.reason) == ("RESOURCE_EXHAUSTED", "TOO_SLOW"), slow.ended
    behind = int(slow.ended.message.partition("reader is ")[2].split()[0].replace(",", ""))
    assert behind > MOST_BEHIND, slow.ended.message
    assert dict(slow.ended.facts)["cursor"].partition(".")[2] and slow.ended.retry_seconds
    again = Subscription(daemon.address, ada.headers, cursor=slow.messages[-1].cursor)
    again.wait(lambda: again.reached == happenings.count)
    assert slow.numbers + again.numbers == list(range(start + 1, happenings.count + 1))
    assert len(slow.events) < MOST_BEHIND and all(one.ended is None for one in (*quick, again))
    print(f"{happenings.count} events, memory +{grown:.1f} MiB, bursts within {max(delays):.2f} s")
    assert grown < 40
    for one in (slow, again, *quick):
        one.close()
