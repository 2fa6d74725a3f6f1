"""`samplemindd analyze --set`: parameters of analyzers, and a model of one's own, without any daemon."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from own_models import BRIGHT, DARK, dark_or_bright


@pytest.fixture
def analyze(tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 9_000 * np.arange(3 * 44_100) / 44_100), 44_100)

    def analyze(*words):
        line = [
            sys.executable,
            "-m",
            "samplemind_daemon",
            "analyze",
            "--json",
            "--home",
            tmp_path / "home",
            path,
            *words,
        ]
        return subprocess.run(list(map(str, line)), capture_output=True, timeout=60, check=False, text=True)

    return analyze


def test_a_model_of_ones_own_says_the_moods_without_a_daemon(analyze, tmp_path):
    model = dark_or_bright(tmp_path / "own.onnx", labels=f"{DARK},{BRIGHT}", activation="softmax", scale=40.0)
    done = analyze("--only", "mood", "--set", f"mood.model={model}")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["descriptors"]
    assert found["mood.labels"]["value"][0][0] == BRIGHT and found["mood.labels"]["confidence"] is None
    assert found["mood.made_with"]["value"].startswith("own.onnx (")


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (
            "mood.model=/no/such/file",
            "mood.model cannot be set so: '/no/such/file' cannot be read: No such file",
        ),
        ("tempo.slowest=1", "tempo.slowest cannot be set so: 1 is less than 40"),
        ("tempo.slowest", "'tempo.slowest' sets no parameter"),
        ("tempo.pace=1", "'tempo.pace=1' sets no parameter"),
        ("nobody.x=1", "'nobody.x=1' sets no parameter"),
    ],
)
def test_what_cannot_be_set_is_bad_usage_with_a_sentence(analyze, word, why):
    done = analyze("--set", word)
    assert (done.returncode, done.stdout) == (2, "") and why in done.stderr
