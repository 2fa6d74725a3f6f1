"""Loudness keeps its promises at the edges: silence, scraps, odd rates, many channels, pieces of any size."""

import numpy as np
import pytest
from scipy.signal import freqz, resample, sosfreqz

from samplemind_plugins.loudness import Loudness, analyzers
from samplemind_plugins.loudness.peak import TAPS, TruePeak, interpolator
from samplemind_plugins.loudness.programme import Programme
from samplemind_plugins.loudness.weighting import Weighting, sections, weights
from samplemind_sdk import BLOCK, RATE, CannotDescribe, Cutter, Estimate, Samples, Status
from samplemind_sdk.testing import check, noise, silence, tone

LOUDNESSES = ("integrated", "range", "momentary_max", "short_term_max", "replaygain")


def found(source: Samples, rate: int = RATE, size: int = BLOCK) -> dict[str, Estimate]:
    """All that is said of a sound of shape (channels, samples), heard in blocks of about `size`."""
    cutter, analyzer = Cutter(rate, size), Loudness()
    resampled = np.zeros((len(source), source.shape[1] * RATE // rate), np.float32)
    for blocks in (cutter.push(resampled, source), cutter.finish()):
        for block in blocks:
            analyzer.update(block)
    try:
        return dict(analyzer.describe())
    except CannotDescribe as cannot:
        return dict.fromkeys(analyzer.outputs, Estimate(None, status=cannot.status, reason=cannot.reason))


def music(seconds: float, rate: int, channels: int = 2, seed: int = 0) -> Samples:
    """Something like music: decaying notes over a wide range of loudness, with noise, in every channel."""
    chance = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    sound = 0.003 * chance.standard_normal((channels, len(time)))
    for start in np.arange(0, seconds, 0.25):
        now = time[time >= start][: int(1.5 * rate)] - start
        note = np.sin(2 * np.pi * chance.uniform(60, 0.3 * rate) * now) * np.exp(-5 * now)
        first = len(time) - np.count_nonzero(time >= start)
        balance = chance.uniform(0.2, 1, (channels, 1)) * 10 ** (chance.uniform(-30, -6) / 20)
        sound[:, first : first + len(now)] += balance * note
    return sound.astype(np.float32)


def test_it_keeps_the_promises_of_the_contract():
    check(Loudness)
    assert analyzers() == [Loudness]


@pytest.mark.parametrize("rate", [11_025, 44_100, 96_000])
def test_the_size_of_blocks_does_not_change_a_bit(rate):
    sound = music(13.7, rate)
    whole = found(sound, rate)
    assert all(one.status == Status.OK and one.confidence is None for one in whole.values())
    assert whole == found(sound, rate, 2**14) == found(sound, rate, 1_001)


def test_samples_may_lie_in_memory_as_a_decoder_left_them():
    sound = music(5, RATE)
    assert found(np.asfortranarray(sound)) == found(sound)


def test_silence_has_no_loudness_and_no_peak():
    for one in found(silence(5)).values():
        assert (one.value, one.status, one.reason) == (None, Status.NOT_APPLICABLE, "silence")


def test_no_sound_at_all_is_said_to_be_none():
    assert {one.reason for one in found(np.zeros((1, 0), np.float32)).values()} == {"there is no sound in it"}


def test_less_than_400_ms_has_only_peaks():
    short = found(tone(1_000, seconds=0.39))
    assert short["sample_peak"].value == pytest.approx(-6.02, abs=0.01)
    assert short["true_peak"].value == pytest.approx(-6.02, abs=0.05)
    for name in LOUDNESSES:
        assert short[name].value is None
        assert short[name].status == Status.NOT_APPLICABLE
        assert short[name].reason in ("shorter than 400 ms", "shorter than 3 s")


def test_less_than_3_s_has_no_short_term_loudness_and_no_range():
    second = found(tone(1_000, seconds=1))
    assert {name for name, one in second.items() if one.value is None} == {"short_term_max", "range"}
    assert second["range"].reason == "shorter than 3 s"


def test_what_is_below_the_gate_has_maxima_but_no_integrated_loudness():
    faint = found(tone(1_000, seconds=5, level=1e-4))
    assert faint["momentary_max"].value == pytest.approx(-83, abs=0.1)
    for name in ("integrated", "replaygain", "range"):
        assert (faint[name].value, faint[name].status) == (None, Status.UNMEASURABLE)
        assert "gate of -70 LUFS" in faint[name].reason


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_a_sample_that_is_no_number_makes_it_unmeasurable(bad):
    sound = noise(5)
    sound[0, 100_000] = bad
    for one in found(sound).values():
        assert (one.value, one.status) == (None, Status.UNMEASURABLE)
        assert "sample" in one.reason


def test_a_rate_too_low_for_k_weighting_leaves_the_peaks():
    slow = found(noise(5), 2_000)
    assert {name for name, one in slow.items() if one.value is not None} == {"sample_peak", "true_peak"}
    assert "2,000 Hz" in slow["integrated"].reason


def test_only_a_low_frequency_channel_has_peaks_but_no_loudness():
    sound = np.zeros((6, 5 * RATE), np.float32)
    sound[3] = tone(50, seconds=5)[0]
    effects = found(sound)
    assert effects["sample_peak"].value == pytest.approx(-6, abs=0.1)
    assert all(effects[name].value is None for name in LOUDNESSES)


def test_twelve_channels_count_alike_and_that_is_doubted():
    many = found(np.repeat(tone(997, seconds=5), 12, axis=0))
    one = found(tone(997, seconds=5))
    assert many["integrated"].value == pytest.approx(one["integrated"].value + 10 * np.log10(12))
    assert many["integrated"].status == Status.LOW_CONFIDENCE
    assert "12 channels" in many["integrated"].reason
    assert many["sample_peak"].status == Status.OK


def test_mono_is_3_lu_softer_than_the_same_from_two_loudspeakers():
    sound = noise(5)
    two = found(np.repeat(sound, 2, axis=0))["integrated"].value
    assert two - found(sound)["integrated"].value == pytest.approx(3.01, abs=0.001)


def test_weights_follow_the_place_of_each_channel():
    assert weights(6).tolist() == [1, 1, 1, 0, 1.41, 1.41]
    assert weights(8).tolist() == [1, 1, 1, 0, 1, 1, 1.41, 1.41]
    assert weights(24).tolist() == [1] * 24


def test_at_48_khz_the_filters_are_those_of_the_recommendation():
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585]
    high_pass = [1, -2, 1, 1, -1.99004745483398, 0.99007225036621]
    assert sections(48_000) == pytest.approx(np.array([shelf, high_pass]), abs=1e-12)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 96_000, 192_000, 384_000])
def test_at_other_rates_the_response_is_the_same(rate):
    hertz = np.geomspace(20, min(rate / 8, 12_000), 200)
    there = np.abs(sosfreqz(sections(rate), hertz, fs=rate)[1])
    reference = np.abs(sosfreqz(sections(48_000), hertz, fs=48_000)[1])
    assert 20 * np.log10(there / reference) == pytest.approx(0, abs=0.15)


def test_an_hour_takes_288_kilobytes():
    programme = Programme(48_000)
    for _ in range(60):
        programme.add(np.full(6_000, 480.0))
    assert programme._energies.itemsize * len(programme._energies) == 288_000
    assert len(programme._recent) < 320


def test_a_rate_that_is_no_multiple_of_100_loses_no_sample():
    rate, seconds = 11_025, 3
    sound = np.random.default_rng(0).standard_normal((1, rate * seconds)).astype(np.float32)
    weighting = Weighting(rate, 1)
    known = [weighting.energies(piece) for piece in np.array_split(sound, 37, axis=1)]
    energies = np.concatenate([*known, weighting.rest()])
    assert len(energies) == 100 * seconds
    whole = Weighting(rate, 1)
    assert energies.tolist() == [*whole.energies(sound), *whole.rest()]


@pytest.mark.parametrize("shift", [0.25, 0.5, 0.75])
def test_the_interpolators_are_flat_to_0_4_of_the_rate(shift):
    turns = np.linspace(0, 0.4, 200)
    response = np.abs(freqz(interpolator(shift), worN=2 * np.pi * turns)[1])
    assert 20 * np.log10(response) == pytest.approx(0, abs=0.07)


@pytest.mark.parametrize(("rate", "shifts"), [(44_100, (0.25, 0.5, 0.75)), (96_000, (0.5,)), (192_000, ())])
@pytest.mark.parametrize("seed", range(4))
def test_passing_over_segments_never_misses_the_peak(rate, shifts, seed):
    sound = music(4, rate, channels=1, seed=seed)
    peak = TruePeak(rate, 1)
    for piece in np.array_split(sound, 7, axis=1):
        peak.add(piece)
    swings = [np.abs(np.convolve(sound[0].astype(float), interpolator(one)[::-1])).max() for one in shifts]
    assert peak.true() == pytest.approx(max([np.abs(sound).max(), *swings]), rel=1e-6)


def test_small_samples_that_swing_as_far_as_any_can_are_found():
    worst = np.sign(interpolator(0.5))
    sound = np.zeros((1, 10_000), np.float32)
    sound[0, 1_000:1_200] = 1.0
    sound[0, 6_000 : 6_000 + TAPS] = 0.6 * worst
    peak = TruePeak(44_100, 1)
    peak.add(sound)
    assert peak.sample == 1.0
    assert peak.true() == pytest.approx(0.6 * np.abs(interpolator(0.5)).sum(), rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_true_peak_of_noise_is_close_to_that_of_an_ideal_converter(seed):
    sound = resample(noise(0.5, seed=seed)[0], RATE)  # twice as long: nothing above a quarter of the rate
    ideal = 20 * np.log10(np.abs(resample(sound, 16 * len(sound))).max())
    assert found(sound[None])["true_peak"].value == pytest.approx(ideal, abs=0.1)


def test_a_peak_after_the_last_sample_counts_and_asking_changes_nothing():
    rising = np.sin(np.pi / 2 * np.arange(401) + np.pi / 4).astype(np.float32)[None]
    peak = TruePeak(44_100, 1)
    peak.add(rising)
    once = peak.true()
    assert peak.true() == once
    peak.add(np.zeros((1, 500), np.float32))
    assert peak.true() == once
