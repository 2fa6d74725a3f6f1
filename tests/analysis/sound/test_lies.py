"""A file that lies, breaks off or is rubbish gives one stable reason and a sentence with the facts."""

import os
import random
import struct

import numpy as np
import pytest
from sound_files import encode, format_chunk, hear, sine, wave_file

from samplemind_daemon.analysis.sound import CannotDecode, open_sound
from samplemind_sdk import RATE

DATA = (sine(1, channels=1) * 32_767).astype("<i2").tobytes()
REASONS = {
    "EMPTY", "UNDECODABLE", "UNSUPPORTED_FORMAT", "TRUNCATED", "IMPOSSIBLE_HEADER", "NON_FINITE", "TOO_LONG",
}  # fmt: skip


def refusal(path, **how):
    """Why a file cannot be heard."""
    with pytest.raises(CannotDecode) as found:
        hear(path, **how)
    return found.value


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"", "EMPTY", "0 bytes"),
        (wave_file(b""), "EMPTY", "no sound"),
        (b"R", "UNDECODABLE", "it begins with 'R'"),
        (b"RIFF", "UNDECODABLE", "4 bytes"),
        (b"<html><body>not found</body></html>", "UNDECODABLE", "it begins with '<html><b'"),
        (b"\xe5X\r\n" + bytes(100), "UNDECODABLE", "it begins with e5 58 0d 0a 00 00 00 00"),
        (b"MThd" + bytes(100), "UNSUPPORTED_FORMAT", "MIDI"),
        (b"\xff\xfb\x00\x00" + bytes(3_000), "UNSUPPORTED_FORMAT", "free bit rate"),
        (
            b"ID3\3\0\0\0\0\0\x0a" + bytes(10) + b"no sound",
            "UNDECODABLE",
            "behind a tag of 20 bytes it begins with 'no",
        ),
        (b"PK\x03\x04" + bytes(100), "UNSUPPORTED_FORMAT", "ZIP"),
        (wave_file(DATA)[:-1_000], "TRUNCATED", "87,200 of 88,200"),
        (wave_file(DATA, claimed=10 * len(DATA)), "TRUNCATED", "88,200 of 882,000"),
        (wave_file(DATA, head=format_chunk(rate=0, frame=2)), "IMPOSSIBLE_HEADER", "rate of 0 Hz"),
        (wave_file(DATA, head=format_chunk(rate=1)), "IMPOSSIBLE_HEADER", "rate of 1 Hz"),
        (wave_file(DATA, head=format_chunk(rate=2**32 - 1)), "IMPOSSIBLE_HEADER", "4,294,967,295 Hz"),
        (wave_file(DATA, head=format_chunk(channels=0)), "IMPOSSIBLE_HEADER", "0 channels"),
        (wave_file(DATA, head=format_chunk(channels=1_024)), "IMPOSSIBLE_HEADER", "1,024 channels"),
        (wave_file(DATA, head=format_chunk(bits=0)), "IMPOSSIBLE_HEADER", "0 bytes"),
        (wave_file(DATA, head=format_chunk(bits=65_535, frame=2)), "IMPOSSIBLE_HEADER", "65535 bits"),
        (wave_file(DATA, head=format_chunk(tag=2)), "UNSUPPORTED_FORMAT", "0x0002"),
        (wave_file(DATA, head=b"JUNK\0\0\0\0"), "UNDECODABLE", "fmt chunk"),
        (wave_file(DATA, before=b"JUNK\0\0\0\0" * 10_001), "UNDECODABLE", "10,000 chunks"),
    ],
)
def test_a_lie_has_its_reason_and_a_sentence_with_the_fact(put, content, reason, said):
    refused = refusal(put("lie.wav", content))
    assert refused.reason == reason
    assert said in refused.message


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3.4e38, 1e6])
def test_numbers_that_are_no_sound_are_refused_with_their_place_in_time(put, value):
    sound = sine(2, channels=1)
    sound[RATE + RATE // 2] = value
    refused = refusal(put("float.wav", sound, subtype="FLOAT"))
    assert refused.reason == "NON_FINITE"
    assert " s" in refused.message


def test_a_rate_and_channels_that_are_each_possible_but_not_together_are_refused(put):
    head = format_chunk(channels=32, rate=384_000)
    assert refusal(put("wide.wav", wave_file(DATA, head=head))).reason == "UNSUPPORTED_FORMAT"


@pytest.mark.parametrize("kind", ["FLAC", "AIFF", "W64", "AU", "CAF", "OGG"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_that_breaks_off_is_said_to_end_early(put, kind, share):
    chance = np.random.default_rng(1).uniform(-0.3, 0.3, (3 * RATE, 2))
    content = put("whole", chance, format=kind, subtype="VORBIS" if kind == "OGG" else "PCM_16").read_bytes()
    assert refusal(put("part", content[: int(len(content) * share)])).reason == "TRUNCATED"


def test_an_mp4_that_breaks_off_is_refused(tmp_path, put):
    encode(tmp_path / "whole", sine(3), RATE, "mp4", "aac")
    content = (tmp_path / "whole").read_bytes()
    assert refusal(put("part", content[: len(content) // 2])).reason in ("TRUNCATED", "UNDECODABLE")


def test_an_mp3_of_which_only_the_first_tenth_is_left_is_said_to_end_early(tmp_path, put):
    encode(tmp_path / "whole", sine(10), RATE, "mp3", "libmp3lame")
    content = (tmp_path / "whole").read_bytes()
    assert refusal(put("part", content[: len(content) // 10])).reason == "TRUNCATED"


def test_a_flac_that_claims_eighteen_days_is_heard_for_what_it_holds_and_refused(put):
    content = bytearray(put("true.flac", sine(1), format="FLAC").read_bytes())
    packed = int.from_bytes(content[18:26], "big") | (2**36 - 1)
    content[18:26] = packed.to_bytes(8, "big")
    refused = refusal(put("lie.flac", bytes(content)))
    assert refused.reason == "TRUNCATED"


def test_a_sound_that_lasts_longer_than_allowed_is_refused_before_it_is_heard(put):
    path = put("long.flac", np.zeros((60 * RATE, 1), np.float32), format="FLAC")
    with pytest.raises(CannotDecode, match="60 s") as found:
        open_sound(path, longest_seconds=30)
    assert found.value.reason == "TOO_LONG"


def test_one_that_does_not_say_how_long_it_is_is_refused_where_it_becomes_too_long(put):
    path = put("pipe.wav", wave_file(DATA * 4, claimed=0xFFFF_FFFF))
    assert refusal(path, longest_seconds=2).reason == "TOO_LONG"


def test_what_is_no_file_is_not_opened(tmp_path, put):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(put("true.wav", sine(1)))
    for name in (".", "pipe", "link"):
        assert refusal(tmp_path / name).reason == "NOT_A_FILE"
    assert refusal(tmp_path / "none").reason == "UNREADABLE"


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "AIFF", "OGG", "MP3", "CAF", "M4A"])
def test_whatever_is_changed_in_a_file_it_is_heard_or_has_a_reason(tmp_path, put, kind):
    if kind == "M4A":
        encode(tmp_path / "true", sine(1), RATE, "mp4", "aac")
    else:
        put("true", sine(1), format=kind)
    content = (tmp_path / "true").read_bytes()
    reasons = set()
    for seed in range(40):
        chance, changed = random.Random(seed), bytearray(content)
        for _ in range(4):
            changed[chance.randrange(64 if seed % 2 else len(changed))] = chance.randrange(256)
        try:
            media, sound = hear(put("changed", bytes(changed)))
            assert np.isfinite(sound).all()
            assert media.seconds == pytest.approx(sound.shape[1] / RATE, abs=1 / media.rate + 1 / RATE)
        except CannotDecode as cannot:
            reasons.add(cannot.reason)
    assert reasons <= REASONS


def test_a_header_that_hides_its_size_in_a_second_one_is_not_believed(put):
    huge = b"RF64\xff\xff\xff\xffWAVEds64" + struct.pack("<IQQQI", 28, 2**62, 2**62, 2**60, 0)
    content = huge + format_chunk() + b"data\xff\xff\xff\xff" + DATA
    assert refusal(put("huge.wav", content)).reason == "TRUNCATED"
