"""How a sound moves in level, and how it lies between its channels."""

import numpy as np
import pytest

from samplemind_plugins.shape.dynamics import Dynamics
from samplemind_sdk import RATE, Cutter, Estimate, Samples, Status
from samplemind_sdk.testing import clicks, describe, estimates, noise, silence, tone

SHORT = 2**14  # samples of a block: a third of a second

ONE_SHOT = Estimate("one-shot")


def two(left: Samples, right: Samples) -> Samples:
    return np.concatenate([left, right])


def decaying(attack: float, seconds: float = 1.0) -> Samples:
    """A tone that rises evenly in so many seconds, and fades."""
    time = np.arange(int(seconds * RATE)) / RATE
    sound = np.minimum(1, time / attack) * np.sin(2 * np.pi * 1_000 * time) * np.exp(-2 * time)
    return sound[None].astype(np.float32)


def at_rate(source: Samples, rate: int, size: int = 2**17) -> dict[str, Estimate]:
    """What is said of a sound at its own rate."""
    analyzer, cutter = Dynamics(), Cutter(rate, size)
    analyzer.kind = analyzer.loudness = analyzer.true_peak = None
    resampled = np.zeros((len(source), source.shape[1] * RATE // rate), np.float32)
    for blocks in (cutter.push(resampled, source), cutter.finish()):
        for block in blocks:
            analyzer.update(block)
    return dict(analyzer.describe())


def test_a_sine_has_the_level_and_the_crest_factor_of_a_sine():
    found = describe(Dynamics(), tone(1_000, seconds=3, level=0.5))
    assert (found["rms"], found["crest_factor"]) == pytest.approx((-9.03, 3.01), abs=0.01)


def test_a_square_wave_has_no_crest():
    square = np.sign(tone(100.3, seconds=3)) * np.float32(0.5)
    assert describe(Dynamics(), square)["crest_factor"] == pytest.approx(0, abs=0.01)


def test_an_offset_is_found_in_the_channel_that_has_it():
    found = describe(Dynamics(), two(noise(3), noise(3, seed=1) - np.float32(0.03)))
    assert found["dc_offset"] == pytest.approx(-0.03, abs=0.001)


def test_how_long_it_is_and_its_channels_are_those_of_the_file():
    found = at_rate(np.zeros((2, 48_000), np.float32) + np.float32(0.1), 32_000)
    assert (found["duration"].value, found["channels"].value) == (1.5, 2)


def test_peak_to_loudness_is_a_difference_of_what_loudness_says():
    heard = {"loudness": Estimate(-14.2), "true_peak": Estimate(-0.7)}
    assert describe(Dynamics(), noise(1), **heard)["plr"] == pytest.approx(13.5)
    assert "not known" in estimates(Dynamics(), noise(1))["plr"].reason


@pytest.mark.parametrize("level", [1.0, 0.003])
def test_silence_at_both_ends_is_timed_to_a_step_of_2_5_ms_however_loud_the_sound(level):
    sound = np.concatenate([silence(0.731), level * noise(1), silence(1.207)], axis=1)
    found = describe(Dynamics(), sound)
    assert found["start_silence"] == pytest.approx(0.731, abs=0.003)
    assert found["end_silence"] == pytest.approx(1.207, abs=0.003)


def test_what_is_60_db_below_the_loudest_is_silence_and_what_is_50_db_below_is_not():
    for faint, start in ((0.1 * 10 ** (-66 / 20), 1.0), (0.1 * 10 ** (-50 / 20), 0.0)):
        sound = np.concatenate([noise(1, faint), noise(1)], axis=1)
        assert describe(Dynamics(), sound)["start_silence"] == pytest.approx(start, abs=0.01)


def test_a_sound_without_silence_has_none_at_its_ends():
    found = describe(Dynamics(), noise(1.2345))
    assert (found["start_silence"], found["end_silence"]) == (0, 0)


def test_the_effective_duration_is_that_of_the_loud_part():
    sound = np.concatenate([noise(1, 0.01), noise(2.5, 0.2), noise(4, 0.01)], axis=1)
    assert describe(Dynamics(), sound)["effective_duration"] == pytest.approx(2.5, abs=0.05)
    time = np.arange(2 * RATE) / RATE
    fading = (np.exp(-5 * time) * np.sin(2 * np.pi * 300 * time))[None].astype(np.float32)
    assert describe(Dynamics(), fading)["effective_duration"] == pytest.approx(np.log(2.5) / 5, abs=0.02)


@pytest.mark.parametrize("attack", [0.002, 0.02, 0.2])
def test_the_attack_is_the_rise_from_20_to_90_per_cent(attack):
    found = describe(Dynamics(), decaying(attack), kind=ONE_SHOT)["attack_time"]
    assert found == pytest.approx(0.7 * attack, rel=0.15, abs=0.0006)


def test_silence_before_it_is_no_part_of_an_attack():
    late = np.concatenate([silence(0.4), decaying(0.02)], axis=1)
    assert describe(Dynamics(), late)["attack_time"] == describe(Dynamics(), decaying(0.02))["attack_time"]


def test_a_loop_or_a_long_sound_has_no_one_attack_and_says_so():
    assert "a loop" in estimates(Dynamics(), clicks(120, 4), kind=Estimate("loop"))["attack_time"].reason
    assert "longer than 10 s" in estimates(Dynamics(), clicks(120, 11))["attack_time"].reason


@pytest.mark.parametrize(
    ("left", "right", "width", "correlation"),
    [(1, 1, 0, 1), (1, -1, 1, -1), (1, 0.5, 0.1, 1)],
    ids=["mono", "opposite", "panned"],
)
def test_one_signal_in_two_channels(left, right, width, correlation):
    found = describe(Dynamics(), two(np.float32(left) * noise(3), np.float32(right) * noise(3)))
    assert (found["stereo_width"], found["correlation"]) == pytest.approx((width, correlation), abs=0.001)


def test_two_signals_are_wide_and_not_correlated():
    found = describe(Dynamics(), two(noise(5), noise(5, seed=1)))
    assert (found["stereo_width"], found["correlation"]) == pytest.approx((0.5, 0), abs=0.01)


def test_width_is_said_of_two_channels_only():
    one, six = estimates(Dynamics(), noise(1)), estimates(Dynamics(), np.repeat(noise(1), 6, axis=0))
    assert "one channel" in one["stereo_width"].reason and "6 channels" in six["correlation"].reason
    half = estimates(Dynamics(), two(noise(1), silence(1)))
    assert half["stereo_width"].value == 0.5
    assert half["correlation"].status == Status.UNMEASURABLE and "silent" in half["correlation"].reason


@pytest.mark.parametrize("rate", [8_000, 22_050, 96_000])
def test_it_is_measured_at_the_rate_of_the_file_and_the_size_of_blocks_changes_nothing(rate):
    source = np.concatenate(
        [np.zeros((2, rate // 2)), np.random.default_rng(0).normal(0, 0.1, (2, 4 * rate))], 1
    )
    whole = at_rate(source.astype(np.float32), rate)
    assert whole["start_silence"].value == pytest.approx(0.5, abs=0.003)
    assert whole["end_silence"].value == 0
    short = at_rate(source.astype(np.float32), rate, SHORT)
    assert {name: one.value for name, one in whole.items()} == {
        name: one.value for name, one in short.items()
    }


def test_silence_and_what_is_no_number_have_no_dynamics_and_say_so():
    found = estimates(Dynamics(), silence(2))
    assert (found.pop("duration").value, found.pop("channels").value) == (2.0, 1)
    assert {one.reason for one in found.values()} == {"silence"}
    broken = noise(2)
    broken[0, 99] = np.nan
    for one in estimates(Dynamics(), broken).values():
        assert one.status == Status.UNMEASURABLE and "not a number" in one.reason


def test_less_than_a_step_has_a_level_and_no_times():
    scrap = estimates(Dynamics(), noise(0.001))
    assert scrap["rms"].value == pytest.approx(-20, abs=3)
    assert "2.5 ms" in scrap["start_silence"].reason
