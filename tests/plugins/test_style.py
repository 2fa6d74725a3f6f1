"""Genre and mood: said of songs with probabilities, doubted of loops, and not said of what has none."""

import numpy as np
import pytest

from samplemind_plugins.style import analyzers
from samplemind_plugins.style.genre import GENRES, Genre
from samplemind_plugins.style.model import fitted
from samplemind_plugins.style.spectra import BINS, FRAME, WINDOW, spectra
from samplemind_plugins.style.summary import (
    LEVEL,
    NAMES,
    chroma_bank,
    coefficients,
    harmonic_share,
    summary,
    tuning,
)
from samplemind_sdk import RATE, Estimate, Status, blocks
from samplemind_sdk.testing import check, clicks, estimates, noise, silence, tone


def heard(sound):
    """The spectra of a sound, shape (frames, BINS)."""
    return np.concatenate([spectra(block) for block in blocks([sound])])


def value(sound, name):
    """One of NAMES of a sound."""
    return summary(heard(sound))[NAMES.index(name)]


def distorted(seconds):
    """A loud chord through a fuzz box, with noise on every beat, shape (1, samples)."""
    return np.tanh(20 * tone(82.4, 123.5, 164.8, seconds=seconds)) * 0.5 + 3 * clicks(140, seconds)


@pytest.mark.parametrize("analyzer", analyzers())
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)


def test_genres_are_said_most_probable_first_and_their_probabilities_sum_to_one_at_most():
    labels = estimates(Genre(), distorted(20))["labels"].value
    probabilities = [label.probability for label in labels]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0.5 < sum(probabilities) <= 1.001 and {label.name for label in labels} <= set(GENRES)


def test_a_quiet_chord_is_rather_classical_than_a_distorted_beat():
    chord = 0.1 * tone(261.6, 329.6, 392.0, 523.3, seconds=30) * np.hanning(30 * RATE)
    loud = dict(estimates(Genre(), distorted(30), bpm=Estimate(140.0))["labels"].value)
    quiet = dict(estimates(Genre(), chord)["labels"].value)
    assert quiet["classical"] > 0.2 > 4 * loud.get("classical", 0)


def test_tempo_and_mode_have_a_say_as_far_as_they_are_sure():
    def labels(**inputs):
        return dict(estimates(Genre(), distorted(20), **inputs)["labels"].value)

    sure, torn = Estimate(75.0, 1.0), Estimate(75.0, 0.5, ((150.0, 0.5),))
    assert labels(bpm=sure) != labels(bpm=torn) != labels(bpm=Estimate(150.0, 1.0))
    assert labels(mode=Estimate("minor", 0.5)) == labels() == labels(mode=Estimate("major", 0.5))
    assert labels(mode=Estimate("minor", 1.0)) != labels(mode=Estimate("major", 1.0))


@pytest.mark.parametrize("kind", ["one-shot", "speech", "silence"])
def test_what_is_no_music_has_no_genre_and_says_so(kind):
    found = estimates(Genre(), noise(20), kind=Estimate(kind))["labels"]
    assert found.value is None and found.status == Status.NOT_APPLICABLE and found.reason


def test_the_genre_of_a_loop_is_doubted():
    found = estimates(Genre(), distorted(20), kind=Estimate("loop"))["labels"]
    assert found.status == Status.LOW_CONFIDENCE and "loop" in found.reason


@pytest.mark.parametrize(("sound", "reason"), [(silence(20), "silence"), (noise(3), "a genre takes 5 s")])
def test_silence_and_scraps_have_no_genre(sound, reason):
    found = estimates(Genre(), sound)["labels"]
    assert found.status == Status.NOT_APPLICABLE and reason in found.reason


def test_of_a_long_sound_only_a_row_of_numbers_for_each_half_minute_is_kept():
    genre = Genre()
    for block in blocks([np.tile(noise(10), 10)]):
        genre.update(block)
    assert len(genre.rows) == 3 and genre.frames < WINDOW
    assert genre.rows[0].shape == (len(NAMES),)


def test_the_model_takes_what_is_measured_and_tempo_and_mode():
    assert fitted().mean.shape == (len(NAMES) + 2,)
    found = fitted().probabilities(np.zeros((3, len(NAMES) + 2)))
    assert found.shape == (3, len(GENRES)) and found.sum(axis=1) == pytest.approx(1)


def test_the_measures_of_a_tone_are_those_of_its_frequency():
    sound = tone(2_000, seconds=5)
    assert np.exp(value(sound, "spectral_centroid_mean")) == pytest.approx(2_000, rel=0.01)
    assert np.exp(value(sound, "rolloff_mean")) == pytest.approx(2_000, rel=0.01)
    assert np.exp(value(sound, "rms_mean")) == pytest.approx(0.5 / 2**0.5, rel=0.01)


def test_a_tuned_tone_gives_its_pitch_class_to_chroma():
    assert chroma_bank(0.0)[:, round(440 * FRAME / RATE)].argmax() == 9
    assert tuning(heard(tone(440, 659.26, seconds=5))) == pytest.approx(0, abs=0.03)
    assert tuning(heard(tone(440 * 2 ** (0.3 / 12), seconds=5))) == pytest.approx(0.3, abs=0.03)


def test_gain_moves_only_the_first_coefficient():
    power = heard(noise(5, level=0.1)) ** 2
    moved = coefficients(100 * power) - coefficients(power)
    assert moved[:, 0] == pytest.approx(20 * 128**0.5, rel=1e-3)
    assert np.abs(moved[:, 1:]).max() < 1e-3


def test_tones_are_harmonic_and_clicks_are_percussive():
    assert harmonic_share(heard(tone(220, 330, 440, seconds=5))) > 2
    assert harmonic_share(heard(clicks(120, 5))) < -2
    assert heard(tone(220, seconds=1)).shape == (RATE // FRAME, BINS)


def test_a_gain_moves_the_measures_of_level_and_no_others():
    sound = distorted(12) * 0.5
    moved = summary(heard(sound / 8)) - summary(heard(sound))
    assert moved[LEVEL] == pytest.approx([-np.log(8), -20 * np.log10(8) * 128**0.5], rel=1e-3)
    assert np.abs(np.delete(moved, LEVEL)).max() < 1e-3


def test_how_loud_a_song_is_changes_its_probabilities_little():
    sound = distorted(30)
    as_it_is, softer = (dict(estimates(Genre(), one)["labels"].value) for one in (sound, sound / 4))
    assert max(as_it_is, key=as_it_is.get) == max(softer, key=softer.get)
    assert max(abs(as_it_is[name] - softer.get(name, 0)) for name in as_it_is) < 0.2
