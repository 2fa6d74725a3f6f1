"""Sound is resampled once, keeps its length and level, comes in equal blocks, and never takes much memory."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import soundfile
from sound_files import HERTZ, LEVEL, encode, hear, sine

from samplemind_daemon.analysis.sound import open_sound
from samplemind_sdk import BLOCK, RATE


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000])
def test_resampling_keeps_length_level_and_pitch(put, rate):
    media, sound = hear(put("sound.wav", sine(5, rate), rate, subtype="FLOAT"))
    assert (media.rate, media.seconds) == (rate, 5.0)
    assert abs(sound.shape[1] - 5 * RATE) <= 1
    strength = np.abs(np.fft.rfft(sound[0, RATE : 2 * RATE])) / (RATE / 2)
    assert strength.argmax() == HERTZ
    assert strength.max() == pytest.approx(LEVEL, abs=1e-3)


def test_what_lies_above_half_the_rate_is_gone_and_not_folded_down(put):
    time = np.arange(4 * 96_000) / 96_000
    high = np.repeat(0.5 * np.sin(2 * np.pi * 30_000 * time)[:, None], 2, axis=1)
    _, sound = hear(put("high.wav", high, 96_000, subtype="FLOAT"))
    assert np.abs(sound[:, RATE : 3 * RATE]).max() < 1e-3


def test_sound_that_has_the_rate_already_is_not_touched(put):
    chance = np.random.default_rng(2).integers(-(2**15), 2**15, (RATE, 3), np.int16)
    _, sound = hear(put("noise.wav", chance))
    assert (chance / np.float32(2**15) == sound.T).all()


@pytest.mark.parametrize("rate", [44_100, 48_000, 11_025])
def test_blocks_are_equal_and_each_carries_its_own_stretch_of_the_source(put, rate):
    source = np.random.default_rng(3).uniform(-0.5, 0.5, (10 * rate, 2)).astype(np.float32)
    with open_sound(put("noise.wav", source, rate, subtype="FLOAT")) as sound:
        blocks = list(sound.blocks())
    assert [block.length for block in blocks[:-1]] == [BLOCK] * (len(blocks) - 1)
    assert [block.start for block in blocks] == [BLOCK * number for number in range(len(blocks))]
    assert (np.concatenate([block.source for block in blocks], axis=1) == source.T).all()
    for block in blocks[:-1]:
        assert abs(block.source.shape[1] / rate - block.length / RATE) <= 1 / rate


def test_what_is_said_of_a_sound_is_complete_once_it_was_heard(put):
    content = put("true.wav", sine(3)).read_bytes()
    with open_sound(put("more.wav", content + b"rubbish")) as sound:
        assert sound.expected_seconds == 3.0
        for _ in sound.blocks():
            pass
        assert (sound.media.seconds, sound.media.bits) == (3.0, 16)
        assert sound.media.warnings == ("7 bytes follow the end of the sound file",)


HEAR = """
    import resource, sys
    from samplemind_daemon.analysis.sound import open_sound
    for path in sys.argv[1:]:
        with open_sound(path) as sound:
            for _ in sound.blocks():
                pass
        print(sound.media.seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measured(*paths):
    """For each file, heard one after the other: its seconds, and the peak of resident memory in KiB by then."""
    command = [sys.executable, "-c", textwrap.dedent(HEAR), *paths]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [(float(seconds), int(peak)) for seconds, peak in map(str.split, run.stdout.splitlines())]


@pytest.mark.parametrize(("kind", "rate"), [("WAV", 48_000), ("FLAC", 44_100)])
def test_ten_minutes_take_hardly_more_memory_than_half_a_minute(tmp_path, kind, rate):
    noise = 0.1 * np.random.default_rng(4).standard_normal((rate * 30, 2)).astype(np.float32)
    for name, pieces in (("short", 1), ("long", 20)):
        with (tmp_path / name).open("wb") as raw, soundfile.SoundFile(raw, "w", rate, 2, format=kind) as file:
            for _ in range(pieces):
                file.write(noise)
    (_, short), (seconds, long) = measured(tmp_path / "short", tmp_path / "long")
    assert seconds == pytest.approx(600, abs=0.1)
    assert long - short < 24 * 1_024  # of the 200 MiB that it is


def test_so_it_is_with_the_second_decoder(tmp_path):
    short, long = tmp_path / "short", tmp_path / "long"
    encode(short, sine(30), RATE, "adts", "aac")
    long.write_bytes(20 * short.read_bytes())
    (half, before), (seconds, after) = measured(short, long)
    assert seconds == pytest.approx(20 * half, rel=0.01)
    assert after - before < 24 * 1_024
