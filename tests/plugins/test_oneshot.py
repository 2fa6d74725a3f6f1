"""Which drum a one-shot is, told of drums that are synthesised here as drum machines do it."""

import numpy as np
import pytest

from samplemind_plugins.kind.oneshot import DRUMS, NOTE, OneShot, classifier, networks
from samplemind_plugins.kind.picture import picture
from samplemind_sdk import RATE, Estimate, Status
from samplemind_sdk.testing import check, estimates, noise, silence

ONE_SHOT = Estimate("one-shot", 0.9)


def label(sound, kind=ONE_SHOT):
    return estimates(OneShot(), sound.astype(np.float32).reshape(1, -1), kind=kind)["label"]


def fading(seconds, decay):
    time = np.arange(int(seconds * RATE)) / RATE
    return time, np.exp(-time / decay)


def kick():
    time, level = fading(0.5, 0.12)
    return 0.9 * level * np.sin(2 * np.pi * (50 * time + 6 * (1 - np.exp(-time / 0.03))))


def hat(decay):
    """Noise and six square waves, as the TR-808 has them, above 7 kHz."""
    time, level = fading(max(0.15, 5 * decay), decay)
    squares = sum(np.sign(np.sin(2 * np.pi * hertz * time)) for hertz in (205, 304, 370, 523, 540, 800))
    metal = np.fft.rfft(squares + 3 * np.random.default_rng(1).standard_normal(len(level)))
    metal[np.fft.rfftfreq(len(level), 1 / RATE) < 7_000] = 0
    return 0.3 * level * np.fft.irfft(metal, len(level))


def snare():
    time, level = fading(0.4, 0.05)
    body = np.exp(-time / 0.06) * np.sin(2 * np.pi * 190 * time)
    return 0.5 * body + 0.3 * level * np.random.default_rng(2).standard_normal(len(time))


def note():
    time, level = fading(3, 0.8)
    return 0.3 * level * sum(np.sin(2 * np.pi * 262 * part * time) / part for part in range(1, 7))


def test_the_promises_of_the_contract_are_kept():
    check(OneShot)


@pytest.mark.parametrize(
    ("sound", "drum"),
    [
        (kick(), "kick"),
        (hat(0.02), "closed hi-hat"),
        (hat(0.1), "open hi-hat"),
        (snare(), "snare"),
        (note(), "note"),
    ],
)
def test_the_plainest_sounds_are_told_apart(sound, drum):
    assert label(sound).value == drum


def test_level_and_silence_around_it_do_not_matter():
    padded = np.concatenate([np.zeros(20_000), 0.1 * kick(), np.zeros(50_000)])
    assert label(padded).value == "kick"


@pytest.mark.parametrize(("kind", "phrase"), [("loop", "a loop"), ("song", "a song"), ("speech", "speech")])
def test_what_is_no_one_shot_has_no_label_and_says_why(kind, phrase):
    found = label(kick(), Estimate(kind))
    assert found.status == Status.NOT_APPLICABLE and found.reason == f"it is no one-shot, but {phrase}"


def test_silence_has_no_label():
    assert label(silence(1)).value is None


def test_candidates_are_ranked_and_their_probabilities_sum_to_one_with_the_label():
    found = label(noise(0.3))
    sure = [found.confidence, *(one for _, one in found.candidates)]
    assert sure == sorted(sure, reverse=True) and 0.7 < sum(sure) <= 1.000001


def test_both_judges_know_the_same_labels_in_the_same_order():
    assert classifier().classes == networks().classes and set(networks().classes) == {*DRUMS, NOTE}


def test_a_picture_shows_what_sounds_when_and_how_high_at_any_level():
    mels = np.full((100, 40), 1e-12)
    mels[:6, 30:32] = mels[60:80, 4:6] = 1.0
    seen = picture(mels)
    assert seen.shape == (20, 20) and seen.max() == 0 and np.isclose(seen.min(), -4)
    assert (seen[:3].argmax(axis=1) == 15).all() and (seen[12:14].argmax(axis=1) == 2).all()
    assert np.allclose(seen, picture(1e-6 * mels))
