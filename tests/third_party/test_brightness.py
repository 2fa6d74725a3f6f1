"""The plugin's own tests: they need the SDK, and no daemon."""

import pytest
from samplemind_brightness import Brightness, Colour

from samplemind_sdk import Estimate, Status
from samplemind_sdk.testing import check, describe, estimates, noise, silence, tone


@pytest.mark.parametrize("analyzer", [Brightness, Colour])
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)


def test_a_tone_is_as_bright_as_it_is_high():
    assert describe(Brightness(), tone(1_000, seconds=5))["centroid"] == pytest.approx(1_000, rel=0.05)


def test_what_lies_below_the_floor_is_not_heard():
    hum = tone(60, 3_000, seconds=5)
    assert describe(Brightness(floor=500), hum)["centroid"] > describe(Brightness(), hum)["centroid"]


def test_silence_has_no_brightness_and_says_so():
    assert estimates(Brightness(), silence(5))["centroid"].reason == "there is no sound above 0 Hz"


@pytest.mark.parametrize(
    ("hertz", "word", "others"),
    [(400, "dark", []), (2_000, "neutral", []), (3_900, "neutral", ["bright"]), (9_000, "bright", [])],
)
def test_a_colour_is_a_word_and_near_a_border_it_is_doubted(hertz, word, others):
    found = estimates(Colour(), noise(1), centroid=Estimate(hertz))["word"]
    assert (found.value, [other for other, _ in found.candidates]) == (word, others)
    assert found.status == (Status.LOW_CONFIDENCE if others else Status.OK)


def test_a_very_quiet_sound_is_doubted():
    found = estimates(Colour(), noise(1), centroid=Estimate(400), loudness=Estimate(-70.0))["word"]
    assert found.status == Status.LOW_CONFIDENCE and "-70 LUFS" in found.reason
