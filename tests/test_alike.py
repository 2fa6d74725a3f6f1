"""A sound is described alike to the last bit: whichever way its file came, and however its blocks are cut."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile
from rhythms import house

from samplemind_daemon.analysis import plugins
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.plan import fit, plan
from samplemind_sdk import BLOCK, RATE, blocks
from samplemind_sdk.testing import noise, tone

SECONDS = 20
WAIT_SECONDS = 60.0


def band():
    """Drums, a chord that swells and falls silent, and noise on one side, shape (2, samples)."""
    drums = np.resize(house(), SECONDS * RATE)
    chord = tone(110.0, 277.18, 329.63, seconds=SECONDS, level=0.3)[0]
    swell = np.sin(np.linspace(0, 3 * np.pi, SECONDS * RATE)).clip(0)
    left = 0.5 * drums + chord * swell
    return np.stack([left, 0.8 * left + noise(SECONDS, level=0.02)[0]]).astype(np.float32)


def asked(daemon, *words):
    """What the command line prints; nothing where it fails."""
    command = [sys.executable, "-m", *words]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=daemon.environment)
    return [] if run.returncode else [json.loads(line) for line in run.stdout.splitlines()]


def described(row):
    """The descriptors of one sound, as JSON."""
    return {name: json.dumps(found, sort_keys=True) for name, found in row["descriptors"].items()}


def in_inbox(daemon, path):
    """What is found of a file that is put into a watched folder."""
    path.rename(daemon.inbox / path.name)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        rows = asked(daemon, "samplemind_client", "show", "--json", path.name)
        if rows and rows[0]["status"] == "completed":
            return rows[0]
        time.sleep(0.2)
    raise AssertionError("it was not analysed in time")


def test_a_file_is_described_alike_whichever_way_it_comes(own_daemon, tmp_path):
    path = tmp_path / "band.wav"
    soundfile.write(path, band().T, RATE, subtype="PCM_16")
    one, other = own_daemon(), own_daemon()
    home = str(tmp_path / "home")
    [alone] = asked(one, "samplemind_daemon", "analyze", "--json", "--home", home, str(path))
    [sent] = asked(one, "samplemind_client", "analyze", "--json", str(path))
    watched = in_inbox(other, path)
    assert len(described(alone)) > 50
    assert described(alone) == described(sent) == described(watched)


@pytest.mark.parametrize("size", [2**14, 5 * 2**14, 2**17])
def test_all_analyzers_hear_the_same_however_the_sound_is_cut(size):
    found = plugins.find()
    registry, _ = fit(found.catalogue)
    kinds, sound = [found.analyzers[name] for name in plan(registry, registry)], band()
    whole, cut = Listening(kinds, {}), Listening(kinds, {})
    for listening, length in ((whole, BLOCK), (cut, size)):
        for block in blocks([sound], length):
            listening.hear(block)
    assert dict(whole.describe()) == dict(cut.describe())
