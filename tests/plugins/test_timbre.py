"""The colour of a sound: where in its spectrum it lies, and how even it is."""

import numpy as np
import pytest

from samplemind_plugins.shape.timbre import Timbre
from samplemind_sdk import RATE
from samplemind_sdk.testing import describe, estimates, noise, silence, tone


@pytest.mark.parametrize("hertz", [150, 1_000, 6_000])
def test_a_tone_lies_at_its_frequency(hertz):
    found = describe(Timbre(), tone(hertz, seconds=4))
    assert found["centroid"] == pytest.approx(hertz, rel=0.02)
    assert found["rolloff"] == pytest.approx(hertz, abs=RATE / 2_048)
    assert found["flatness"] < 0.05


def test_white_noise_is_spread_evenly():
    found = describe(Timbre(), noise(6))
    assert found["centroid"] == pytest.approx(RATE / 4, rel=0.01)
    assert found["rolloff"] == pytest.approx(0.85 * RATE / 2, rel=0.01)
    assert found["brightness"] == pytest.approx(1 - 1_500 / (RATE / 2), abs=0.01)
    assert found["warmth"] == pytest.approx(250 / (RATE / 2), abs=0.002)
    assert found["flatness"] > 0.85


def test_brightness_and_warmth_are_shares():
    low, high = tone(100, seconds=4, level=0.3), tone(4_000, seconds=4, level=0.1)
    found = describe(Timbre(), low + high)
    assert found["warmth"] == pytest.approx(0.75, abs=0.01)
    assert found["brightness"] == pytest.approx(0.25, abs=0.01)


def test_a_gain_or_silence_around_it_does_not_change_the_colour():
    sound = noise(3) + tone(300, seconds=3)
    quiet = np.concatenate([silence(2), sound / 8, silence(1)], axis=1)
    one, other = describe(Timbre(), sound), describe(Timbre(), quiet)
    assert one == pytest.approx(other, rel=0.01, abs=0.001)


def test_a_louder_tone_makes_noise_less_even():
    flatness = [describe(Timbre(), noise(3, 0.02) + tone(1_000, seconds=3, level=level))["flatness"]
                for level in (0.001, 0.05, 0.5)]  # fmt: skip
    assert flatness == sorted(flatness, reverse=True) and flatness[0] > 0.8 and flatness[2] < 0.1


def test_silence_has_no_colour_and_says_so():
    for one in estimates(Timbre(), silence(2)).values():
        assert one.value is None and one.reason == "silence has no colour"


def test_what_is_no_number_has_no_colour():
    broken = noise(2)
    broken[0, 5_000] = np.nan
    assert {one.reason for one in estimates(Timbre(), broken).values()} == {"a sample is not a number"}
