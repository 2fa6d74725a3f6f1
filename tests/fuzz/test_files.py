"""Whatever a file holds, and whatever it is called, it is read or refused, and nothing is made up."""

import os
import random
import unicodedata

import pytest
import strange_input
from bad_files import FORMATS, encoded
from hypothesis import example, given
from hypothesis import strategies as st
from sound_files import format_chunk, wave_file

from samplemind_daemon.analysis.evidence import evidence
from samplemind_daemon.analysis.sound.loops import acid_tags, basc_tags, inst_tags, smpl_tags
from samplemind_daemon.analysis.sound.tags import clean
from samplemind_daemon.model import Media

MARKS = (
    *b"RIFF WAVE RF64 ds64 data FORM AIFF AIFC COMM SSND .snd caff desc OggS OpusHead fLaC ftypM4A moov mdat".split(),
    *b"trak acid smpl INST basc LIST".split(), b"fmt ", b"\1vorbis",
    b"ID3\4\0\0", b"\xff\xfb\x90\0", b"\xff\xf1\x50\x80",
    bytes(4), b"\xff" * 4, b"\0\0\0\x08", b"\x10\0\0\0", bytes(40),
)  # fmt: skip
WHOLE = {kind: encoded(kind) for kind in FORMATS}
jumbled = st.lists(st.one_of(st.sampled_from(MARKS), st.binary(max_size=12)), max_size=40).map(b"".join)
damaged = st.builds(
    lambda kind, seed: strange_input.mutated(WHOLE[kind], random.Random(seed)),
    st.sampled_from(FORMATS),
    st.integers(0, 2**32),
)
tags = st.dictionaries(
    st.sampled_from(["bpm", "key", "title", "comment"]), st.text(max_size=30), max_size=4
)  # as strangers write them
chunks = st.one_of(
    st.binary(min_size=24, max_size=24).map(acid_tags),
    st.binary(min_size=60, max_size=60).map(smpl_tags),
    st.binary(min_size=18, max_size=18).map(basc_tags),
    st.binary(min_size=2, max_size=2).map(inst_tags),
)
words = st.sampled_from(
    [
        "Am",
        "F#",
        "120",
        "bpm",
        "-",
        "_",
        " ",
        "loop",
        "Kick",
        "C#1",
        "8A",
        "٣٣",
        "300",
        "(",
        ")",
        ".wav",
        "1e9",
        "♭",
        "'",
    ]
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("strange") / "file"


@pytest.mark.parametrize("target", ["header", "tags"])
@given(content=st.one_of(jumbled, damaged, st.binary(max_size=2_000)))
def test_any_bytes_have_a_header_and_tags_or_a_reason(path, target, content):
    strange_input.give(target, content, path)


@given(content=st.one_of(jumbled, damaged))
def test_any_bytes_are_heard_to_their_end_or_have_a_reason(path, content):
    strange_input.give("sound", content, path)


@given(
    st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1)
)
def test_whatever_a_header_claims_a_sound_is_finite_and_as_long_as_it_was(path, tag, channels, rate, bits):
    frame = channels * bits // 8
    head = format_chunk(tag=tag, channels=channels, rate=rate, bits=bits, frame=frame)
    strange_input.give("sound", wave_file(b"\x01\x80\x7f\0" * 500, head=head), path)


@given(st.one_of(st.text(max_size=300), st.lists(words, max_size=12).map("".join)))
@example("120bpm" * 60)
@example("\ud800 120bpm Am")
def test_whatever_a_file_is_called_what_its_name_says_is_in_range(name):
    strange_input.name(name)


@given(st.binary(max_size=255))
def test_names_that_are_no_text_are_read_like_others(name):
    strange_input.name(os.fsdecode(name))


@given(
    tags,
    chunks,
    st.sampled_from(["wav", "flac", "aiff", "m4a", "?"]),
    st.floats(0, 1e9),
    st.text(max_size=20),
)
def test_whatever_tags_and_chunks_say_contradictions_are_told(said, stored, container, seconds, name):
    media = Media(container, "", 44_100, 2, 16, seconds, {**said, **stored})
    found = evidence(name, media)
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert one.name != "file.bpm" or 30 <= one.value <= 300
        assert one.confidence is None and one.made_by and (one.status == "ok") == (not one.reason)
        assert not one.candidates or one.status == "low_confidence"


@given(st.text(max_size=5_000))
def test_a_tag_is_short_and_without_what_would_move_a_cursor(text):
    kept = clean(text)
    assert len(kept.encode()) <= 4_096 and clean(kept) == kept
    assert not {unicodedata.category(one) for one in kept} & {"Cc", "Cs", "Cf"}
