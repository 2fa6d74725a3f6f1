"""The whole thing, as its users have it: a daemon process, files in its folder, commands beside it."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
import soundfile

from samplemind_client import Client
from samplemind_sdk import RATE
from samplemind_sdk.testing import clicks, noise, tone

DONE_SECONDS = 30.0


def samplemind(daemon, *words, status=0):
    """The command line, as on the daemon's own machine: its objects, if it prints JSON."""
    command = [sys.executable, "-m", "samplemind_client", *words]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=daemon.environment, cwd=daemon.home
    )
    assert done.returncode == status, done.stderr
    if "--json" not in words:
        return done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]


def loop(path, bpm=120.0):
    """Eight beats of clicks over a chord."""
    seconds = 8 * 60 / bpm
    sound = clicks(bpm, seconds) + tone(220.0, 261.63, 329.63, seconds=seconds, level=0.2)
    soundfile.write(path, sound.T, RATE, subtype="PCM_16")


def wait_for(question, seconds=DONE_SECONDS):
    """The first true answer; AssertionError if there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_a_file_dropped_into_the_inbox_is_analysed_while_somebody_watches(own_daemon, tmp_path):
    daemon = own_daemon()
    loop(tmp_path / "loop.wav")
    command = [sys.executable, "-m", "samplemind_client", "events", "--json", "--since", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=daemon.environment) as watching:
        (tmp_path / "loop.wav").rename(daemon.inbox / "loop.wav")
        kinds = []
        for line in watching.stdout:
            if (kind := json.loads(line)["kind"]).startswith("audio."):
                kinds.append(kind)
            if kind == "audio.completed":
                break
        watching.send_signal(signal.SIGINT)
    assert kinds == ["audio.added", "audio.queued", "audio.processing", "audio.completed"]
    [row] = samplemind(daemon, "ls", "--json")
    found = row["descriptors"]
    assert found["tempo.bpm"]["value"] == pytest.approx(120, rel=0.01)
    assert found["key.key"]["value"] == "A minor"
    assert -30 < found["loudness.integrated"]["value"] < 0
    assert "loop.wav" in samplemind(daemon, "ls")


def test_what_a_client_sends_is_analysed_before_its_eyes(daemon, tmp_path):
    loop(tmp_path / "sent.wav", bpm=128)
    [row] = samplemind(daemon, "analyze", "--json", str(tmp_path / "sent.wav"))
    assert row["status"] == "completed" and row["error"] is None
    assert row["seconds"] == pytest.approx(8 * 60 / 128, abs=0.001)
    assert row["descriptors"]["tempo.bpm"]["value"] == pytest.approx(128, rel=0.01)


def test_a_thousand_files_at_once_survive_two_kills_and_none_is_done_twice(own_daemon, tmp_path):
    daemon = own_daemon(workers=2)
    pile = tmp_path / "pile"
    pile.mkdir()
    for number in range(1_000):
        burst = noise(0.25, level=0.1, seed=number)
        soundfile.write(pile / f"{number:04}.wav", burst.T, RATE, subtype="PCM_16")
    pile.rename(daemon.inbox / "pile")
    moment = random.Random(1)
    for _ in range(2):
        wait_for(lambda: _count(daemon, "completed") > 50, seconds=60)
        time.sleep(moment.random())
        daemon.kill()
        daemon.start()
    wait_for(lambda: _count(daemon, "completed") == 1_000, seconds=100)
    rows = samplemind(daemon, "ls", "--json", "--limit", "0")
    assert Counter(row["file"] for row in rows).most_common(1)[0][1] == 1
    with Client(daemon.address, key=daemon.owner_key) as client:
        past = list(client.past_events("0"))
    done = Counter(one.audio_id for one in past if one.kind == "audio.completed")
    assert len(done) == 1_000 and set(done.values()) == {1}
    assert len({one.cursor for one in past}) == len(past)


def _count(daemon, state):
    with Client(daemon.address, key=daemon.owner_key) as client:
        return client.status().sounds.get(state, 0)
