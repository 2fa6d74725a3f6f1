"""Sound that is heard while it is played, from Python and from a command line."""

import json
import wave

import numpy as np
import pytest
from commanding import objects
from rhythms import house

from samplemind_client import Client, SampleMindError
from samplemind_client.values.live import LiveEnd, LiveEstimate, LiveFinal, Stream


def drums(seconds, level):
    sound = np.resize(house(), int(seconds * 44_100)) * level
    return np.round(sound * 32_767).astype("<i2").tobytes()


def write_wave(path, data, rate=44_100):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data)
    return path


def test_a_pipe_is_heard_and_kept_as_the_sound_that_it_is(run, tmp_path):
    data = drums(6, 0.31)
    words = (
        "live",
        "--format",
        "s16le",
        "--rate",
        "44100",
        "--channels",
        "1",
        "--keep",
        "take.wav",
        "--json",
    )
    piped = run(*words, input=data)
    assert piped.returncode == 0, piped.stderr
    said = objects(piped)
    assert {one["update"] for one in said} >= {"progress", "end"}
    end = said[-1]
    assert end["update"] == "end" and end["seconds"] == 6 and end["sound"]["file"] == "take.wav"
    [file] = objects(run("analyze", "--json", write_wave(tmp_path / "take.wav", data)))
    for name, found in end["descriptors"].items():
        assert found == file["descriptors"][name], name


def test_a_file_is_played_and_told_of_at_the_end(run, tmp_path):
    done = run("live", "--fast", write_wave(tmp_path / "loop.wav", drums(5, 0.24)))
    assert done.returncode == 0, done.stderr
    assert b"loudness.integrated" in done.stdout and b"\x1b" not in done.stdout


def test_what_cannot_be_played_is_said_before_anything_is_sent(run, tmp_path):
    wrong = {"no file": ("live", tmp_path / "none.wav"), "--format": ("live", "--format", "mp3")}
    for word, words in wrong.items():
        done = run(*words, input=b"")
        assert done.returncode == 2 and word.encode() in done.stderr, done


def test_python_code_that_waits_hears_what_it_plays(here, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "SAMPLEMIND_HOME"):
        monkeypatch.setenv(name, here[name])
    data = drums(8, 0.27)
    pieces = (data[start : start + 10_001] for start in range(0, len(data), 10_001))
    with Client() as client:
        stream = Stream("s16le", 44_100, 1)
        heard = list(client.play(pieces, stream, descriptors=["tempo"], update_seconds=0.1))
    assert isinstance(heard[-1], LiveEnd) and heard[-1].media.seconds == 8
    finals = {one.descriptor.name: one.descriptor for one in heard if isinstance(one, LiveFinal)}
    assert finals["tempo.bpm"].value
    assert all(0 <= one.stability <= 1 for one in heard if isinstance(one, LiveEstimate))


def test_what_fails_while_it_is_played_is_raised_as_it_is(here, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "SAMPLEMIND_HOME"):
        monkeypatch.setenv(name, here[name])

    def broken():
        yield bytes(4_000)
        raise ValueError("the cable was pulled")

    with Client() as client, pytest.raises(ValueError, match="the cable was pulled"):
        list(client.play(broken(), Stream("s16le", 44_100, 1)))
    with Client() as client, pytest.raises(SampleMindError, match="Hz"):
        list(client.play(iter([b""]), Stream("s16le", 100, 1)))


def test_what_moves_on_the_terminal_is_one_line():
    from samplemind_client.commands.output import Output
    from samplemind_client.commands.scope import Scope
    from samplemind_client.values.live import LiveGap, LiveLoudness, LiveProgress

    scope = Scope(Output(as_json=False), 44_100)
    for update in (
        LiveProgress(300_000, 66_150, 5.3, True),
        LiveLoudness(66_150, -30.0, None),
        LiveGap(0, 22_050),
    ):
        scope.see(update)
    line = scope.line()
    assert line.startswith("0:01") and "-30.0 LUFS" in line and "5.3 s behind" in line
    assert "0.50 s missing" in line and "\n" not in line and json.dumps(line)
