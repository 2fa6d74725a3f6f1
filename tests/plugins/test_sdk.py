"""What the host promises to analyzers: the same blocks and features however a sound arrives, and nothing twice."""

import tracemalloc

import numpy as np
import pytest

from samplemind_sdk import (
    BLOCK,
    PAST,
    RATE,
    Block,
    Cutter,
    Tape,
    blocks,
    chroma,
    feature,
    hops,
    magnitude,
    mel,
    mel_power,
    mono,
    onset,
    power,
    times,
)  # fmt: skip
from samplemind_sdk.features import FRAME, HOP, LONG_HOP, MELS
from samplemind_sdk.testing import clicks, noise, silence, tone

SIZES = (2**14, 2**15, BLOCK)  # of a live stream's blocks, and of a file's
FEATURES = {
    "mono": mono, "magnitude": magnitude, "power": power, "mel": mel, "mel_power": mel_power,
    "onset": onset, "chroma": chroma, "times": times,
}  # fmt: skip
STEREO = np.concatenate([clicks(120, 7.3), tone(220, 3_000, seconds=7.3)])


def pieces(sound, seed):
    """The sound, cut anywhere."""
    chance = np.random.default_rng(seed)
    where = np.sort(chance.integers(0, sound.shape[1], 40))
    return np.split(sound, where, axis=1)


def joined(compute, found):
    return np.concatenate([compute(block) for block in found])


@pytest.mark.parametrize("size", [*SIZES, 1_000, 2**13 + 1])
@pytest.mark.parametrize("seed", range(3))
def test_a_sound_is_cut_into_the_same_blocks_in_whatever_pieces_it_arrives(size, seed):
    once, again = list(blocks([STEREO], size)), list(blocks(pieces(STEREO, seed), size))
    assert [one.start for one in once] == [one.start for one in again]
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.samples, other.samples) and np.array_equal(one.past, other.past)
    assert [one.length for one in once[:-1]] == [size] * (len(once) - 1) and 0 < once[-1].length <= size
    assert np.array_equal(np.concatenate([one.samples for one in once], axis=1), STEREO)


@pytest.mark.parametrize("size", [*SIZES, 1_000])
def test_a_block_knows_its_past_and_where_it_starts(size):
    before = np.concatenate([np.zeros((2, PAST), np.float32), STEREO], axis=1)
    for block in blocks([STEREO], size):
        assert block.past.shape == (2, PAST)
        assert np.array_equal(block.past, before[:, block.start : block.start + PAST])


@pytest.mark.parametrize(
    ("rate", "size"), [(48_000, BLOCK), (8_000, 2**14), (192_000, 2**14), (11_025, 2**15)]
)
def test_a_block_holds_the_same_stretch_as_it_was_decoded(rate, size):
    seconds = 9.7
    source = np.arange(int(seconds * rate), dtype=np.float32)[None]
    sound = np.linspace(0, source[0, -1], int(seconds * RATE), dtype=np.float32)[None]
    cutter, found = Cutter(rate, size), []
    for part, original in zip(
        np.array_split(sound, 31, axis=1), np.array_split(source, 31, axis=1), strict=True
    ):
        found += cutter.push(part, original)
    found += cutter.finish()
    assert np.array_equal(np.concatenate([one.source for one in found], axis=1), source)
    for block in found:
        assert block.source_rate == rate
        assert abs(block.source[0, 0] / rate - block.start / RATE) <= 1 / rate


def test_a_resampler_that_gives_its_samples_late_changes_nothing():
    prompt, late = Cutter(RATE, 1_000), Cutter(RATE, 1_000)
    nothing = np.zeros((2, 0), np.float32)
    once = [*prompt.push(STEREO, STEREO), *prompt.finish()]
    again = [*late.push(nothing, STEREO), *late.push(STEREO, nothing), *late.finish()]
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.samples, other.samples) and np.array_equal(one.source, other.source)


def test_no_sound_is_no_block():
    assert list(blocks([])) == list(blocks([silence(0)])) == []


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_has_the_same_values_for_any_size_of_block_and_any_cut(name):
    whole = joined(FEATURES[name], blocks([STEREO], 2**19))
    for size in SIZES:
        for arriving in ([STEREO], pieces(STEREO, 7)):
            assert (joined(FEATURES[name], blocks(arriving, size)) == whole).all()


@pytest.mark.parametrize("length", [1, HOP - 1, HOP, HOP + 1, LONG_HOP, 2**14 - 1, 2**14 + 1])
def test_a_feature_has_a_row_for_every_hop_that_was_begun(length):
    [block] = blocks([noise(1)[:, :length]])
    frames, long_frames = -(-length // HOP), -(-length // LONG_HOP)
    assert mono(block).shape == (length,)
    assert magnitude(block).shape == (frames, FRAME // 2 + 1) and mel(block).shape == (frames, MELS)
    assert onset(block).shape == times(block).shape == (frames,)
    assert chroma(block).shape == (long_frames, 12)
    assert [len(hop) for hop in hops(block)] == [HOP] * frames
    assert all(FEATURES[name](block).dtype == np.float32 for name in FEATURES if name != "times")


def test_a_tone_shows_where_it_should():
    sound = tone(440, seconds=5)
    spectrum = joined(magnitude, blocks([sound])).mean(axis=0)
    assert abs(spectrum.argmax() * RATE / FRAME - 440) < RATE / FRAME
    assert joined(chroma, blocks([sound])).sum(axis=0).argmax() == 9  # C is 0, A is 9


def test_an_onset_shows_when_it_happens():
    found = list(blocks([np.concatenate([silence(2.0), clicks(60, 1)], axis=1)]))
    assert joined(times, found)[joined(onset, found).argmax()] == pytest.approx(2.0, abs=2 * HOP / RATE)


def test_silence_is_all_zero():
    for name in ("mono", "magnitude", "mel", "onset", "chroma"):
        assert not joined(FEATURES[name], blocks([silence(4)])).any()


def test_a_feature_is_computed_once_a_block_whoever_asks():
    asked = []

    @feature
    def loudest(block):
        asked.append(block.start)
        return float(np.abs(block.samples).max())

    for block in blocks([STEREO]):
        assert loudest(block) == loudest(block)
    assert asked == list(range(0, STEREO.shape[1], BLOCK)) and len(asked) > 1


def test_what_is_shared_is_read_only():
    piece = STEREO.copy()
    [block, *_] = blocks([piece])
    for array in (
        block.samples,
        block.past,
        block.source,
        mono(block),
        mel(block),
        chroma(block),
        times(block),
    ):
        with pytest.raises(ValueError, match="read-only"):
            array += 1
    piece += 1  # whoever made it may go on using it


def test_a_tape_keeps_the_first_seconds_and_no_more():
    tape = Tape(3.0)
    for block in blocks([STEREO], 2**14):
        tape.add(mono(block))
    assert np.array_equal(tape.signal, STEREO.mean(axis=0)[: 3 * RATE])
    assert len(Tape(3.0).signal) == 0


def test_a_tape_that_is_full_holds_on_to_nothing_else():
    tape, piece = Tape(1.0), np.zeros(BLOCK, np.float32)
    tape.add(piece)
    tracemalloc.start()
    for _ in range(50):
        tape.add(np.zeros(BLOCK, np.float32))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < piece.nbytes and len(tape.signal) == RATE


def test_a_long_sound_needs_no_more_memory_than_a_short_one():
    def most(seconds):
        tracemalloc.start()
        for block in blocks(silence(1) for _ in range(seconds)):
            mono(block)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert most(120) < 2 * most(12)


def test_a_block_of_many_channels_keeps_them():
    sound = np.repeat(noise(1), 6, axis=0)
    [block] = blocks([sound])
    assert isinstance(block, Block) and block.samples.shape == sound.shape and block.length == RATE
