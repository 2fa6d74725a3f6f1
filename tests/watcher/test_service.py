"""Watch folders as a client of a real daemon sees them."""

import time

import numpy as np
import pytest
import soundfile

from samplemind_client import Client, SampleMindError


@pytest.fixture
def client(daemon):
    with Client(daemon.address, key=daemon.owner_key) as client:
        yield client


def write_noise(path, seed):
    soundfile.write(path, np.random.default_rng(seed).standard_normal(22_050) / 10, 44_100)


def eventually(ask, seconds=30):
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return answer


def test_a_sound_dropped_into_the_inbox_is_heard(daemon, client):
    write_noise(daemon.inbox / "dropped into the inbox.wav", seed=71)

    def heard():
        return [
            sound
            for sound in client.sounds.list()
            if sound.name == "dropped into the inbox.wav" and sound.state == "completed"
        ]

    (sound,) = eventually(heard)

    def inbox():
        return next(folder for folder in client.folders.list() if folder.path == str(daemon.inbox))

    def told():  # the sound itself may have come before anybody listened
        (daemon.inbox / "note.txt").write_text("something happens")
        return inbox().health.last_event_at

    assert (sound.folder_id, inbox().state, inbox().health.mode) == (inbox().id, "active", "notified")
    assert inbox().health.files >= 1
    assert eventually(told)


def test_a_folder_is_added_changed_paused_resumed_swept_and_removed(client, tmp_path):
    write_noise(tmp_path / "one.wav", seed=72)
    folder = client.folders.add(str(tmp_path), flat=True, include=["*.wav"])
    assert (folder.path, folder.recursive, folder.include) == (str(tmp_path), False, ("*.wav",))
    assert eventually(lambda: client.folders.get(folder.id).health.files == 1)
    scan = client.folders.scan(folder.id)
    assert (scan.seen, scan.changed) == (1, 0)
    changed = client.folders.change(folder.id, ignore=["x*"])
    assert (changed.recursive, changed.include, changed.ignore) == (True, (), ("x*",))
    assert client.folders.pause(folder.id).state == "paused"
    with pytest.raises(SampleMindError) as refused:
        client.folders.scan(folder.id)
    assert refused.value.reason == "FOLDER_NOT_WATCHED"
    assert client.folders.resume(folder.id).state == "active"
    assert client.folders.scan(folder.id).seen == 1
    client.folders.remove(folder.id)
    with pytest.raises(SampleMindError) as refused:
        client.folders.get(folder.id)
    assert refused.value.reason == "FOLDER_NOT_FOUND"
    assert (tmp_path / "one.wav").exists()


def test_a_removed_inbox_stays_removed_when_the_daemon_starts_again(own_daemon):
    daemon = own_daemon()
    with Client(daemon.address, key=daemon.owner_key) as client:
        (inbox,) = client.folders.list()
        client.folders.remove(inbox.id)
    daemon.restart()
    with Client(daemon.address, key=daemon.owner_key) as client:
        assert list(client.folders.list()) == []


def test_files_that_arrive_around_a_kill_are_all_heard_once(own_daemon):
    daemon = own_daemon()
    names = {f"{number}.wav" for number in range(40)}
    for name in sorted(names):
        write_noise(daemon.inbox / name, seed=100 + int(name.split(".")[0]))
        if name == "25.wav":
            time.sleep(0.5)
            daemon.kill()
    daemon.start()
    with Client(daemon.address, key=daemon.owner_key) as client:

        def all_heard():
            sounds = list(client.sounds.list())
            return len(sounds) == 40 and all(sound.state == "completed" for sound in sounds) and sounds

        assert {sound.name for sound in eventually(all_heard, 60)} == names
