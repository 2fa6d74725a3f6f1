"""A stranger's plugin, dropped in as one file: found and used, and the broken ones beside it are not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"

BROKEN = {  # by file name: what is in it, and what is said of it
    "b_syntax": ("def (:", "SyntaxError"),
    "b_import": ("import no_such_module", "No module named 'no_such_module'"),
    "b_raises": ("raise OSError('no licence found')", "no licence found"),
    "b_silent": ("x = 1", "it does not answer the hook analyzers()"),
    "c_taken": ((EXAMPLES / "brightness.py").read_text(), "there is already an analyzer called brightness"),
    "d_wrong": (
        "from samplemind_sdk import hookimpl\n@hookimpl\ndef analyzers(): return [1]",
        "1 is not an Analyzer",
    ),
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "plugins").mkdir(parents=True)
    for example in EXAMPLES.glob("*.py"):
        shutil.copy(example, tmp_path / "home" / "plugins")
    return tmp_path / "home"


@pytest.fixture
def tone(tmp_path):
    """Two seconds of 1 kHz."""
    samples = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(2 * 44_100) / 44_100)
    soundfile.write(tmp_path / "tone.wav", samples, 44_100)
    return tmp_path / "tone.wav"


def samplemindd(command, *arguments):
    line = [sys.executable, "-m", "samplemind_daemon", command, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, timeout=60, check=False, text=True)


def described(home, file):
    done = samplemindd("analyze", "--json", "--home", home, file)
    return json.loads(done.stdout)["descriptors"], done.stderr


def test_a_dropped_in_file_is_a_plugin(home, tone):
    found, _ = described(home, tone)
    brightness = found["brightness.centroid"]
    assert brightness.pop("value") == pytest.approx(1_000, rel=0.05)
    assert brightness == {
        "unit": "Hz", "confidence": None, "status": "ok", "candidates": [], "reason": None,
        "made_by": "brightness", "version": 1,
    }  # fmt: skip
    assert found["length.seconds"]["value"] == 2.0


def test_what_it_cannot_describe_is_said_with_its_reason(home, tmp_path):
    soundfile.write(tmp_path / "nothing.wav", np.zeros(44_100), 44_100)
    brightness = described(home, tmp_path / "nothing.wav")[0]["brightness.centroid"]
    assert (brightness["value"], brightness["status"]) == (None, "not_applicable")
    assert brightness["reason"] == "silence has no spectrum"


def test_broken_plugins_are_named_with_their_reasons_and_the_others_work(home, tone):
    for name, (text, _) in BROKEN.items():
        (home / "plugins" / f"{name}.py").write_text(text)
    found, complaints = described(home, tone)
    assert found["brightness.centroid"]["value"] == pytest.approx(1_000, rel=0.05)
    assert "length.seconds" in found and "loudness.integrated" in found
    listed = samplemindd("plugins", "--json", "--home", home)
    plugins = {one["name"]: one for one in map(json.loads, listed.stdout.splitlines())}
    assert listed.returncode == 1
    for name, (_, reason) in BROKEN.items():
        assert reason in plugins[name]["problem"] and reason in complaints
        assert plugins[name]["analyzers"] == []
    assert plugins["brightness"]["problem"] == "" and plugins["length"]["problem"] == ""
    assert [one["outputs"] for one in plugins["brightness"]["analyzers"]] == [["brightness.centroid"]]


def test_people_read_the_same_list(home):
    (home / "plugins" / "b_import.py").write_text(BROKEN["b_import"][0])
    text = samplemindd("plugins", "--home", home).stdout
    assert f"brightness ({home}/plugins/brightness.py) is used\n  brightness 1: brightness.centroid" in text
    assert "cannot be used: ModuleNotFoundError: No module named 'no_such_module'" in text
