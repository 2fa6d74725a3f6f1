"""Lines that are cut, by the network or by age: clients go on where they were, by themselves."""

import hashlib
import os
import threading

import pytest
from chaos import Chaos
from commanding import wait_for
from sound_files import wave_file

from samplemind_client import Client

PIECE = 64 * 1024
QUICK = (0.05,) * 10  # seconds before each new try
CUTS = 5


@pytest.fixture
def chaos(daemon):
    between = Chaos(daemon.address)
    yield between
    between.close()


def test_an_upload_that_is_cut_again_and_again_goes_on_and_sends_little_twice(daemon, chaos, tmp_path):
    data = wave_file(os.urandom(12_000_000))
    (tmp_path / "long.wav").write_bytes(data)
    chaos.cut_each(len(data) // (CUTS + 1), CUTS)
    with Client(chaos.address, key=daemon.owner_key, delays=QUICK) as client:
        sound = client.upload(tmp_path / "long.wav")
        client.sounds.delete(sound.id)
    again = (chaos.sent - len(data)) / CUTS / 2**20
    print(f"\n{chaos.cuts} cuts, {again:.2f} MiB sent again for each")
    assert sound.sha256 == hashlib.sha256(data).hexdigest()
    assert chaos.cuts == CUTS and again <= 4


def test_who_follows_events_outlives_its_connections_and_misses_and_repeats_nothing(
    own_daemon, make_sound, tmp_path
):
    daemon = own_daemon(settings={"SAMPLEMIND_CONNECTION_SECONDS": "1"})
    between, seen, over = Chaos(daemon.address), [], threading.Event()
    (tmp_path / "a.wav").write_bytes(make_sound(0))

    def follow():
        with Client(between.address, key=daemon.owner_key, delays=QUICK) as follower:
            for event in follower.events("0"):
                seen.append(int(event.cursor.partition(".")[0]))
                if event.name == "the last.wav":
                    return over.set()

    following = threading.Thread(target=follow, daemon=True)
    following.start()
    with Client(daemon.address, key=daemon.owner_key, delays=QUICK) as client:
        sound, count = client.upload(tmp_path / "a.wav"), 0
        while between.connections < 3:
            client.sounds.rename(sound.id, f"{(count := count + 1)}.wav")
        client.sounds.rename(sound.id, "the last.wav")
        wait_for(over.is_set)
    between.close()
    print(f"\n{len(seen)} events over {between.connections} connections")
    assert seen == list(range(1, len(seen) + 1)) and len(seen) > count
