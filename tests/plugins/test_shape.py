"""The shape of a sound: when something begins in it, how it moves in level, and of what colour it is."""

import numpy as np
import pytest

from samplemind_plugins.shape import analyzers
from samplemind_plugins.shape.bands import energies
from samplemind_plugins.shape.onsets import Onsets
from samplemind_sdk import RATE, Samples, blocks
from samplemind_sdk.testing import check, clicks, describe, estimates, noise, silence, tone

SHORT = 2**14  # samples of a block: a third of a second


@pytest.mark.parametrize("analyzer", analyzers())
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)


def test_band_powers_are_the_same_to_the_bit_however_a_sound_is_cut():
    sound = noise(9.3)
    whole, pieces = (
        np.concatenate([energies(block) for block in blocks([sound], size)]) for size in (2**17, SHORT)
    )
    assert np.array_equal(whole, pieces)


def onsets(sound: Samples) -> np.ndarray:
    """When something begins, in seconds."""
    return np.array(describe(Onsets(), sound)["times"])


@pytest.mark.parametrize("bpm", [60, 97, 133, 240])
@pytest.mark.parametrize("level", [1.0, 0.1])
def test_every_click_is_an_onset_within_5_ms(bpm, level):
    found = onsets(level * clicks(bpm, 10))
    assert found == pytest.approx(np.arange(0, 10, 60 / bpm), abs=0.005)


def test_soft_notes_are_heard_in_noise_within_20_ms():
    starts, time = np.arange(0.3, 6, 0.37), np.arange(RATE // 3) / RATE
    sound = noise(7, 0.002)
    for number, start in enumerate(starts):
        note = (
            tone(220 * 2 ** (number % 7 / 12), seconds=1 / 3)[0]
            * np.exp(-15 * time)
            * np.minimum(1, time / 0.01)
        )
        sound[0, int(start * RATE) :][: len(note)] += note
    assert onsets(sound)[1:] == pytest.approx(starts, abs=0.02)  # the noise begins, too


@pytest.mark.parametrize(
    "steady",
    [tone(440, seconds=8), tone(220, 277.2, 329.6, seconds=8), noise(8), noise(8, 0.003, seed=7)],
    ids=["tone", "chord", "noise", "faint noise"],
)
def test_a_steady_sound_begins_once_and_nothing_begins_in_it(steady):
    assert onsets(steady) == pytest.approx([0], abs=0.02)
    later = np.concatenate([silence(1.234), steady], axis=1)
    assert onsets(later) == pytest.approx([1.234], abs=0.02)


def test_vibrato_is_no_row_of_onsets():
    time = np.arange(6 * RATE) / RATE
    sound = 0.5 * np.sin(2 * np.pi * 440 * time + 8 * np.sin(2 * np.pi * 6 * time))
    assert onsets(sound[None].astype(np.float32)) == pytest.approx([0], abs=0.02)


def test_the_rate_is_onsets_in_a_second():
    assert describe(Onsets(), clicks(120, 20))["rate"] == pytest.approx(2, abs=0.01)
    scrap = estimates(Onsets(), clicks(120, 0.3))
    assert len(scrap["times"].value) == 1 and "shorter than 0.5 s" in scrap["rate"].reason


@pytest.mark.parametrize("sound", [silence(4), noise(4, 1e-5)], ids=["silence", "the noise of a converter"])
def test_in_silence_nothing_begins_and_it_says_so(sound):
    for one in estimates(Onsets(), sound).values():
        assert one.value is None and "silence" in one.reason


def test_the_end_of_a_sound_is_no_onset():
    assert len(onsets(tone(440, seconds=2.345))) == 1
