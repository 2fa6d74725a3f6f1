"""What many programs do to a folder at once, as a real daemon has it."""

import hashlib
import os
import random
import threading
import time
from collections import Counter

import numpy as np
import pytest
import soundfile

from samplemind_client import Client
from samplemind_sdk import RATE


def write_noise(path, seed, seconds=0.05):
    soundfile.write(
        path, np.random.default_rng(seed).standard_normal(int(seconds * RATE)) / 10, RATE, format="WAV"
    )
    return path


def wait_for(question, seconds):
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
    return answer


@pytest.fixture
def stormy(own_daemon):
    """A daemon, and a client that asks it."""
    daemon = own_daemon(workers=2)
    with Client(daemon.address, key=daemon.owner_key) as client:
        yield daemon, client


def test_a_file_that_is_replaced_again_and_again_ends_as_its_last_version(stormy, tmp_path):
    daemon, client = stormy
    for seed in range(60):
        write_noise(tmp_path / "new", seed).rename(daemon.inbox / "same.wav")
        time.sleep(0.1)
    last = time.monotonic()
    wait_for(lambda: [one for one in client.sounds.list() if one.state == "completed"], 30)
    wait_for(lambda: _is_current(client, daemon.inbox / "same.wav"), 30)
    print(f"last version analysed {time.monotonic() - last:.1f} s later")
    past = list(client.past_events("0"))
    kinds = Counter(one.kind for one in past)
    print(dict(kinds))
    assert kinds["audio.added"] == 1 and not [one for one in past if one.problem]
    assert "Traceback" not in daemon.log.read_text()


def _is_current(client, path):
    """The digest of the only sound once it is that of the file and was analysed."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    [sound] = list(client.sounds.list())
    return sound.state == "completed" and sound.sha256 == digest and digest


def test_files_that_are_deleted_at_any_moment_are_calm_failures_or_done(stormy):
    daemon, client = stormy
    chance, timers = random.Random(1), []
    for number in range(150):
        path = write_noise(daemon.inbox / f"{number}.wav", number)
        timers.append(threading.Timer(chance.uniform(0.001, 1.5), os.unlink, [path]))
        timers[-1].start()
    for timer in timers:
        timer.join()
    write_noise(daemon.inbox / "last.wav", 1_000)
    wait_for(lambda: client.status().sounds.get("completed", 0) and _is_quiet(client), 60)
    sounds = list(client.sounds.list())
    states = Counter((one.state, one.problem.reason if one.problem else "") for one in sounds)
    print(dict(states))
    assert {state for state in states if state[0] != "completed"} <= {("failed", "SOURCE_GONE")}
    assert next(one for one in sounds if one.name == "last.wav").state == "completed"
    assert "Traceback" not in daemon.log.read_text() and "broke its worker" not in daemon.log.read_text()


def _is_quiet(client):
    """Whether nothing is open, twice in a row."""
    for _ in range(2):
        if any(one.state in ("queued", "processing") for one in client.sounds.list()):
            return False
        time.sleep(1)
    return True
