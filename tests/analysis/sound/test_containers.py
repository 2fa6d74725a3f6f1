"""Every container is heard, told by its content and never by its name."""

import struct

import mutagen.id3
import numpy as np
import pytest
from sound_files import HERTZ, LEVEL, encode, format_chunk, hear, sine, wave_file

from samplemind_daemon.analysis.sound import open_sound
from samplemind_sdk import RATE

SOUNDFILE = (  # as soundfile calls it, and as we do
    ("WAV", "PCM_U8", "wav", "pcm_u8"),
    ("WAV", "PCM_16", "wav", "pcm_s16"),
    ("WAV", "PCM_24", "wav", "pcm_s24"),
    ("WAV", "PCM_32", "wav", "pcm_s32"),
    ("WAV", "FLOAT", "wav", "pcm_f32"),
    ("WAV", "DOUBLE", "wav", "pcm_f64"),
    ("WAV", "ULAW", "wav", "ulaw"),
    ("WAV", "ALAW", "wav", "alaw"),
    ("WAVEX", "PCM_24", "wav", "pcm_s24"),
    ("WAVEX", "FLOAT", "wav", "pcm_f32"),
    ("RF64", "PCM_16", "rf64", "pcm_s16"),
    ("W64", "PCM_24", "w64", "pcm_s24"),
    ("FLAC", "PCM_16", "flac", "flac"),
    ("FLAC", "PCM_24", "flac", "flac"),
    ("AIFF", "PCM_16", "aiff", "pcm_s16"),
    ("AIFF", "PCM_24", "aiff", "pcm_s24"),
    ("AIFF", "FLOAT", "aiff", "pcm_f32"),
    ("AU", "PCM_16", "au", "pcm_s16"),
    ("CAF", "PCM_24", "caf", "pcm_s24"),
    ("CAF", "ALAC_16", "caf", "alac"),
    ("OGG", "VORBIS", "ogg", "vorbis"),
    ("MP3", "MPEG_LAYER_III", "mp3", "mp3"),
)
LIBAV = (  # container and codec as FFmpeg calls them, and as we do
    ("mp4", "aac", "m4a", "aac"),
    ("mp4", "alac", "m4a", "alac"),
    ("adts", "aac", "aac", "aac"),
    ("wv", "wavpack", "wavpack", "wavpack"),
    ("matroska", "aac", "matroska", "aac"),
    ("matroska", "flac", "matroska", "flac"),
    ("ogg", "flac", "ogg", "flac"),
)
LOSSY = {"aac": 2_200, "mp3": 1_200, "vorbis": 0}  # samples of padding that a decoder may leave in


def heard_well(path, container, codec, seconds=2.0):
    """That a file is the sine it was made of, at its level and length, in both channels."""
    media, sound = hear(path)
    assert (media.container, media.codec) == (container, codec)
    assert (media.rate, media.channels, media.warnings) == (RATE, 2, ())
    assert sound.shape[0] == 2
    assert abs(sound.shape[1] - seconds * RATE) <= LOSSY.get(codec, 0)
    assert media.seconds == sound.shape[1] / RATE
    middle = sound[:, RATE // 2 : RATE // 2 + RATE]
    strength = np.abs(np.fft.rfft(middle)) / (RATE / 2)
    assert strength.argmax(axis=1).tolist() == [HERTZ, HERTZ]
    assert strength.max(axis=1) == pytest.approx([LEVEL, LEVEL], abs=0.01)


@pytest.mark.parametrize(("kind", "subtype", "container", "codec"), SOUNDFILE)
def test_a_container_is_heard_whatever_its_name_says(put, kind, subtype, container, codec):
    for name in ("sound", "sound.txt", "sound.mp3", "sound.wav"):
        heard_well(put(name, sine(2), format=kind, subtype=subtype), container, codec)


@pytest.mark.parametrize(("kind", "codec", "container", "ours"), LIBAV)
def test_what_only_the_second_decoder_knows_is_heard_whatever_its_name_says(
    tmp_path, kind, codec, container, ours
):
    for name in ("sound", "sound.wav"):
        encode(tmp_path / name, sine(2), RATE, kind, codec)
        heard_well(tmp_path / name, container, ours)


def test_opus_is_heard_at_its_own_rate_and_resampled_once(put):
    media, sound = hear(put("voice", sine(2, 48_000), 48_000, format="OGG", subtype="OPUS"))
    assert (media.container, media.codec, media.rate, media.seconds) == ("ogg", "opus", 48_000, 2.0)
    assert sound.shape == (2, 2 * RATE)


def test_an_mp3_with_tags_before_and_behind_is_heard_and_its_tags_are_read(put):
    path = put("song.mp3", sine(2), format="MP3", subtype="MPEG_LAYER_III")
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(text="A sine"))
    tags.add(mutagen.id3.TBPM(text="120"))
    tags.add(mutagen.id3.APIC(mime="image/png", data=b"\xff\xfb\x90\x00" * 20_000))
    tags.save(path, v1=2)
    heard_well(path, "mp3", "mp3")
    with open_sound(path) as sound:
        assert (sound.media.tags["title"], sound.media.tags["bpm"]) == ("A sine", "120")


def test_aiff_c_with_its_bytes_turned_round_is_heard(put):
    data = (sine(2) * 32_767).astype("<i2").tobytes()
    rate = struct.pack(">HQ", 16_383 + 15, RATE << 48)
    common = struct.pack(">HIH", 2, 2 * RATE, 16) + rate + b"sowt\0\0"
    chunks = b"COMM" + struct.pack(">I", len(common)) + common
    chunks += b"SSND" + struct.pack(">III", 8 + len(data), 0, 0) + data
    heard_well(
        put("loop", b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFC" + chunks), "aiff", "pcm_s16"
    )


def test_a_wav_of_several_chunks_is_heard_and_its_loop_tags_are_read(put):
    acid = struct.pack("<IHHfIHHf", 2, 57, 0, 0, 8, 4, 4, 127.5)
    before = b"JUNK\x03\0\0\0abc\0" + b"acid" + struct.pack("<I", len(acid)) + acid
    data = (sine(2) * 32_767).astype("<i2").tobytes()
    path = put("loop", wave_file(data, head=format_chunk(channels=2), before=before))
    heard_well(path, "wav", "pcm_s16")
    with open_sound(path) as sound:
        tags = sound.media.tags
    assert (tags["acid.tempo"], tags["acid.beats"], tags["acid.root_note"]) == ("127.5", "8", "57")


def test_a_wav_made_by_a_writer_that_could_not_seek_back_is_heard_to_its_end_with_a_warning(put):
    data = (sine(2) * 32_767).astype("<i2").tobytes()
    for claimed in (0xFFFF_FFFF, 0x7FFF_F000, 0):
        media, sound = hear(put("pipe.wav", wave_file(data, claimed, format_chunk(channels=2))))
        assert sound.shape == (2, 2 * RATE)
        assert "does not say how long" in media.warnings[0]
