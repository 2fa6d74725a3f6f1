"""Sound that is heard while it is played, from Python and from a command line."""

import asyncio
import json
import wave

import grpc
import numpy as np
import pytest
from commanding import objects
from rhythms import house

from samplemind.v1 import analysis_pb2, analysis_pb2_grpc
from samplemind_client import AsyncClient, Client, SampleMindError
from samplemind_client.playing import Tape
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


class Forgetful(analysis_pb2_grpc.AnalysisServiceServicer):
    """Reads a minute of sound, breaks off, and then has only the first half of it."""

    def __init__(self):
        self.begun, self.frames, self.last = [], [], 0

    async def AnalyzeLive(self, requests, context):
        config = await context.read()
        self.begun.append(config.config.resume_token)
        expected = 30 * 8_000 if len(self.begun) == 2 else 0
        yield response(started={"resume_token": "again", "next_frame": expected})
        for second in range(len(self.begun) * 60):
            while self.last < (second + 1) * 8_000:
                message = await context.read()
                if not message.HasField("audio"):
                    yield response(end={})
                    return
                self.frames.append(message.audio.frame)
                self.last = message.audio.frame + len(message.audio.data) // 2
            yield response(
                progress={"received_frames": max(0, self.last - 30 * 8_000)}
            )  # the rest is on its way
        await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")


def response(**update):
    return analysis_pb2.AnalyzeLiveResponse(**update)


async def test_what_was_on_its_way_in_a_break_is_sent_again(serve):
    server = Forgetful()
    address = await serve(server)

    async def played():
        for _ in range(100):
            yield bytes(2 * 8_000)

    async with AsyncClient(address, key="sm_x", delays=[0.01] * 5) as client:
        async for _ in client.play(played(), Stream("s16le", 8_000, 1)):
            pass
    assert server.begun == ["", "again"]
    again = server.frames.index(30 * 8_000, 60)
    assert server.frames[again:] == [second * 8_000 for second in range(30, 100)]


async def test_all_is_kept_until_the_daemon_says_that_it_has_it():
    async def played():
        for _ in range(200):
            yield bytes(2 * 8_000)

    tape = Tape(Stream("s16le", 8_000, 1))
    filling, read = asyncio.create_task(tape.fill(played())), tape.read(0)
    assert [(await anext(read))[0] for _ in range(35)] == [second * 8_000 for second in range(35)]
    await asyncio.sleep(0.1)
    assert len(tape._pieces) == 35  # and whoever plays waits
    await tape.forget(20 * 8_000)
    assert [(await anext(read))[0] for _ in range(20)] == [second * 8_000 for second in range(35, 55)]
    assert (await anext(tape.read(20 * 8_000)))[0] == 20 * 8_000
    filling.cancel()
