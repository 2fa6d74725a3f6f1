"""Beats at the bass drum, bars, the metre and loops: right where they can be told, withheld where not."""

import numpy as np
import pytest
from rhythms import house, loop, off, pattern

from samplemind_plugins.tempo import Meter, Tempo
from samplemind_sdk import RATE, Estimate
from samplemind_sdk.testing import check, clicks, describe, estimates


def signature(sound):
    """What is said of the metre, given the beats that are heard."""
    return estimates(Meter(), sound, beats=estimates(Tempo(), sound)["beats"])["signature"]


def likeliest(said):
    """What is said, or else what would be said first if it were surer: under .5 nothing is."""
    return said.value or said.candidates[0][0]


def test_the_metre_keeps_the_promises_of_the_contract():
    check(Meter)


def test_beats_are_where_the_bass_drum_is_and_not_between():
    sound = house()
    found = describe(Tempo(), sound)["beats"]
    assert len(found) == 16
    assert off(found, np.arange(16) * 60 / 124).max() < 0.02


@pytest.mark.parametrize("bpm", [92, 140])
def test_three_beats_in_a_bar_are_told_from_four(bpm):
    waltz = {"bass": [0], "snare": [2, 4], "hat": range(6)}
    rock = {"bass": [0, 4, 5], "snare": [2, 6], "hat": range(8)}
    assert likeliest(signature(pattern(waltz, bpm, 12, (3, 6)))) == "3/4"
    assert likeliest(signature(pattern(rock, bpm, 9, (4, 8)))) == "4/4"


def test_a_metre_has_others_beside_it_each_with_its_chance():
    found = signature(loop(120, 8))
    assert found.value == "4/4" and "2/4" in dict(found.candidates)
    assert found.confidence + sum(chance for _, chance in found.candidates) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("sound", [clicks(128, 30), clicks(174, 30), loop(120, 1)])
def test_beats_that_are_alike_or_few_have_no_metre(sound):
    found = signature(sound)
    assert found.value is None and found.reason


def test_bars_of_a_loop_begin_with_it():
    sound, beats = loop(120, 4), np.arange(16) / 2
    found = estimates(Tempo(), sound, kind=Estimate("loop", 0.95))
    assert off(beats[::4], found["downbeats"].value).max() < 0.03
    assert len(found["downbeats"].value) == 4 and found["downbeats"].confidence > 0.4


def test_bars_are_not_said_where_no_metre_is_known():
    found = estimates(Tempo(), clicks(128, 30))["downbeats"]
    assert found.value is None and "how many beats" in found.reason


def test_a_loop_has_a_whole_number_of_beats_and_a_song_none():
    sound = loop(97.3, 8)
    assert describe(Tempo(), sound, kind=Estimate("loop", 0.95))["loop_beats"] == 32
    assert (
        estimates(Tempo(), sound, kind=Estimate("song", 0.9))["loop_beats"].reason
        == "it is a song, not a loop"
    )


def test_a_loop_longer_than_others_has_the_tempo_that_its_length_says():
    sound = loop(97.3, 8)
    found = describe(Tempo(), sound, kind=Estimate("loop", 0.95))["bpm"]
    assert found == pytest.approx(32 * 60 * RATE / sound.shape[1], abs=1e-3)


@pytest.mark.parametrize("kind", ["one-shot", "speech", "silence"])
def test_what_is_surely_no_music_has_no_tempo_and_a_doubt_does_not_count(kind):
    sure, unsure = (estimates(Tempo(), loop(120, 4), kind=Estimate(kind, chance)) for chance in (0.95, 0.5))
    assert sure["bpm"].value is None and kind in sure["bpm"].reason
    assert unsure["bpm"].value == pytest.approx(120)
