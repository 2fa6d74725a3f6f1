"""A picture of a sound is true, small, and has the same form whatever the sound's length."""

import json

import numpy as np
import pytest

from samplemind_plugins.picture import Spectrum, Waveform, analyzers
from samplemind_plugins.picture.columns import Columns
from samplemind_sdk import RATE, Samples
from samplemind_sdk.testing import check, describe, estimates, noise, silence, tone

LARGEST = 64 * 1024  # bytes of JSON


def zooms(sound: Samples) -> list[np.ndarray]:
    """The pairs of each zoom, shape (bins, 2)."""
    found = describe(Waveform(), sound)
    cuts = np.cumsum([2 * bins for bins in found["bins"]])
    parts = np.split(np.array(found["peaks"]), cuts)
    assert not len(parts[-1])
    return [part.reshape(-1, 2) for part in parts[:-1]]


def picture(sound: Samples) -> np.ndarray:
    """The spectrum, shape (columns, bands)."""
    found = describe(Spectrum(), sound)
    return np.array(found["mel"]).reshape(found["columns"], found["bands"])


@pytest.mark.parametrize("analyzer", [Waveform, Spectrum])
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)
    assert analyzer in analyzers()


@pytest.mark.parametrize("seconds", [0.5, 3, 40])
def test_a_waveform_reaches_as_far_as_the_sound_does_in_every_bin(seconds):
    sound = noise(seconds, 0.2, seed=3)
    found = describe(Waveform(), sound)
    for pairs, width in zip(zooms(sound), found["seconds_per_bin"], strict=True):
        samples = round(width * RATE)
        assert len(pairs) == -(-sound.shape[1] // samples)
        for number in (0, 1, len(pairs) // 2, len(pairs) - 1):
            part = sound[0, number * samples : (number + 1) * samples]
            assert pairs[number].tolist() == pytest.approx([127 * part.min(), 127 * part.max()], abs=0.51)


def test_zooms_have_a_quarter_of_each_others_bins_and_never_more_than_promised():
    for seconds in (0.2, 2.9, 61):
        coarse, middle, fine = map(len, zooms(noise(seconds)))
        assert coarse <= 256 and middle <= 1_024 and 2_048 < fine <= 4_096
        assert (coarse, middle) == (-(-fine // 16), -(-fine // 4))


def test_a_click_is_seen_in_every_zoom_and_only_where_it_is():
    sound = silence(100)
    sound[0, 33 * RATE] = -1.0
    for pairs in zooms(sound):
        assert pairs[:, 0].min() == -127 and np.count_nonzero(pairs) == 1
        assert pairs[:, 0].argmin() / len(pairs) == pytest.approx(0.33, abs=0.02)


def test_all_channels_are_in_one_waveform():
    both = np.concatenate([np.full((1, RATE), 0.5, np.float32), np.full((1, RATE), -0.25, np.float32)])
    assert {tuple(pair) for pairs in zooms(both) for pair in pairs.tolist()} == {(-32, 64)}


def test_what_is_beyond_full_scale_or_no_number_can_still_be_drawn():
    sound = tone(50, seconds=1, level=7.0)
    sound[0, RATE // 2 :] = np.nan
    for pairs in zooms(sound):
        assert pairs[0].tolist() != [0, 0] and np.abs(pairs).max() == 127
        assert pairs[-1].tolist() == [0, 0]


def test_a_scrap_has_a_bin_for_each_sample():
    scrap = np.array([[0.0, 0.5, -0.5, 1.0]], np.float32)
    assert zooms(scrap)[2].tolist() == [[0, 0], [64, 64], [-64, -64], [127, 127]]
    assert len(zooms(scrap)[0]) == 1


@pytest.mark.parametrize("hertz", [100, 440, 3_000, 12_000])
def test_a_tone_is_a_bright_line_in_the_band_of_its_frequency(hertz):
    found = estimates(Spectrum(), tone(hertz, seconds=20, level=1.0))
    band = np.abs(np.array(found["frequencies"].value) - hertz).argmin()
    shades = picture(tone(hertz, seconds=20, level=1.0))[2:-2]
    assert (abs(shades.argmax(axis=1) - band) <= 1).all()
    assert shades.max(axis=1).min() >= 240  # within 6 dB of a full-scale sine, which is 255


def test_a_shade_is_so_many_decibels():
    loud, faint = (picture(tone(1_000, seconds=5, level=level))[50].max() for level in (1.0, 0.01))
    assert (loud - faint) * 96 / 255 == pytest.approx(40, abs=0.5)


def test_silence_is_black_and_flat():
    assert not picture(silence(3)).any()
    assert not any(pairs.any() for pairs in zooms(silence(3)))


def test_time_runs_from_left_to_right():
    sound = np.concatenate([tone(200, seconds=30), tone(5_000, seconds=30)], axis=1)
    bands = picture(sound).argmax(axis=1)
    half = len(bands) // 2
    assert bands[: half - 1].max() < 10 and bands[half + 1 :].min() > 20


@pytest.mark.parametrize("seconds", [0.05, 0.9, 30, 200])
def test_a_picture_stays_small_whatever_the_length(seconds):
    for found in (describe(Waveform(), noise(seconds, 0.5)), describe(Spectrum(), noise(seconds, 0.5))):
        assert len(json.dumps(found)) < LARGEST + 2_000
    assert len(picture(noise(seconds))) <= 256


def test_columns_depend_on_what_has_come_and_not_on_the_pieces():
    values = np.arange(1_000)
    whole, pieces = Columns(np.add, 16), Columns(np.add, 16)
    whole.add(values)
    for piece in np.split(values, [1, 2, 3, 70, 71, 500, 999]):
        pieces.add(piece)
    assert whole.width == pieces.width == 64
    assert whole.joined().tolist() == pieces.joined().tolist() == [
        int(values[start : start + 64].sum()) for start in range(0, 1_000, 64)
    ]  # fmt: skip
    assert whole.counts().tolist() == [64] * 15 + [40]


@pytest.mark.parametrize("analyzer", [Waveform, Spectrum])
def test_no_sound_at_all_has_no_picture(analyzer):
    for one in estimates(analyzer(), np.zeros((1, 0), np.float32)).values():
        assert one.value is None and one.reason == "there is no sound in it"
