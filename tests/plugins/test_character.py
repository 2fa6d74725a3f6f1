"""Energy, danceability, valence and arousal: no truth is known, so these hold them to the directions they promise."""

import numpy as np
import pytest

from samplemind_plugins.character import analyzers
from samplemind_plugins.character.danceability import Danceability, tempo_fitness
from samplemind_plugins.character.energy import Energy
from samplemind_plugins.character.feeling import Arousal, Valence
from samplemind_plugins.character.pulse import beat_strength, steadiness
from samplemind_plugins.loudness import Loudness
from samplemind_plugins.style.mood import MOODS, Mood
from samplemind_sdk import RATE, Estimate, Status
from samplemind_sdk.testing import check, clicks, estimates, noise, silence, tone

LOUD = {"lufs": Estimate(-12.0), "peak": Estimate(0.0)}


def kicks(bpm, seconds, jitter=0.0):
    """A bass drum on every beat, or up to `jitter` beats off it, shape (1, samples)."""
    chance, sound, beat = np.random.default_rng(4), np.zeros(int(seconds * RATE), np.float32), 60 / bpm
    time = np.arange(RATE // 5) / RATE
    hit = 0.8 * np.sin(2 * np.pi * (50 * time + 3 * (1 - np.exp(-40 * time)))) * np.exp(-18 * time)
    for start in np.arange(0, seconds, beat):
        place = sound[int(max(0, start + beat * jitter * chance.uniform(-1, 1)) * RATE) :][: len(hit)]
        place += hit[: len(place)]
    return sound[None]


def energy(sound, **inputs):
    """The energy of a sound with its own loudness."""
    loudness = estimates(Loudness(), sound)
    given = {"lufs": loudness["integrated"], "peak": loudness["sample_peak"], **inputs}
    return estimates(Energy(), sound, **given)["level"].value


def level(analyzer, **inputs):
    return estimates(analyzer, silence(1), **inputs)["level"].value


@pytest.mark.parametrize("analyzer", analyzers())
def test_the_promises_of_the_contract_are_kept(analyzer):
    check(analyzer)


@pytest.mark.parametrize("analyzer", [*analyzers(), Mood])
def test_what_no_labelled_sound_exists_for_says_so(analyzer):
    output, *_ = (one for name, one in analyzer.outputs.items() if name != "made_with")
    assert output.help.startswith("Experimental") and "no labelled sound" in output.help


def test_no_confidence_is_made_up():
    assert estimates(Energy(), noise(5), **LOUD)["level"].confidence is None
    assert estimates(Danceability(), kicks(120, 10))["level"].confidence is None
    for feeling in (Arousal(), Valence()):
        known = {"energy": Estimate(0.5), "bpm": Estimate(120.0, 0.9), "mode": Estimate("minor", 0.9)}
        assert estimates(feeling, silence(1), **known)["level"].confidence is None


def test_what_is_louder_has_more_energy():
    levels = [energy(noise(5, level=level)) for level in (0.01, 0.03, 0.1)]
    assert levels == sorted(levels) and levels[2] - levels[0] > 0.1


def test_what_is_compressed_has_more_energy_than_what_has_the_same_peak():
    swell = noise(8, level=0.2) * np.hanning(8 * RATE).astype(np.float32) ** 4
    squeezed = np.tanh(8 * swell) * np.abs(swell).max()
    assert energy(squeezed) > energy(swell) + 0.1


def test_what_is_brighter_has_more_energy_at_the_same_loudness():
    levels = [
        estimates(Energy(), tone(hertz, seconds=5), **LOUD)["level"].value for hertz in (250, 1_000, 4_000)
    ]
    assert levels == sorted(levels) and levels[2] - levels[0] > 0.2


def test_what_is_busier_has_more_energy():
    def found(bpm, rate):
        return estimates(Energy(), clicks(bpm, 10), rate=Estimate(rate), **LOUD)["level"].value

    assert found(60, 1.0) < found(120, 2.0) < found(240, 4.0)


def test_a_beat_is_more_danceable_than_noise_a_chord_or_hits_without_a_beat():
    beat = estimates(Danceability(), kicks(120, 20), bpm=Estimate(120.0))["level"].value
    for other in (noise(20), tone(220, 277, 330, seconds=20), kicks(120, 20, jitter=0.5)):
        assert beat > estimates(Danceability(), other)["level"].value + 0.3


def test_the_same_beat_is_most_danceable_at_the_tempo_that_most_people_dance_to():
    slow, middle, fast = (
        estimates(Danceability(), kicks(b, 20), bpm=Estimate(b)) for b in (50.0, 114.0, 230.0)
    )
    assert middle["level"].value > max(slow["level"].value, fast["level"].value)
    assert tempo_fitness(114) == 1 > tempo_fitness(90) > tempo_fitness(60)


def test_a_beat_that_repeats_is_strong_and_steady_and_chance_is_neither():
    frames, chance = np.arange(1_720), np.random.default_rng(0)
    repeated, random = (frames % 43 == 0).astype(np.float32), chance.random(1_720).astype(np.float32)
    assert beat_strength(repeated) > 0.9 and beat_strength(random) < 0.3
    drift = np.cumsum(chance.standard_normal(1_720)).astype(np.float32)
    drift -= drift.min() - 1
    assert steadiness(repeated) > 0.8 > 0.6 > steadiness(random) > 0.4 > 0.1 > steadiness(drift)
    assert steadiness(np.ones(1_720, np.float32)) == 0 == beat_strength(np.zeros(1_720, np.float32))


def test_what_is_faster_or_has_more_energy_is_more_exciting():
    levels = [level(Arousal(), energy=Estimate(0.5), bpm=Estimate(bpm)) for bpm in (60.0, 124.0, 180.0)]
    assert levels == sorted(levels) and levels[1] == pytest.approx(0.5)
    assert level(Arousal(), energy=Estimate(0.9)) > level(Arousal(), energy=Estimate(0.1))


def test_major_is_a_little_more_pleasant_than_minor_as_far_as_it_is_sure():
    def valence(mode, sure):
        return level(Valence(), energy=Estimate(0.5), mode=Estimate(mode, sure))

    assert valence("major", 1.0) > valence("major", 0.7) > valence("minor", 0.7) > valence("minor", 1.0)
    assert valence("major", 1.0) - valence("minor", 1.0) < 0.25


@pytest.mark.parametrize("analyzer", [Energy, Danceability])
@pytest.mark.parametrize("kind", ["one-shot", "speech", "silence"])
def test_what_is_no_music_has_no_character_and_says_so(analyzer, kind):
    found = estimates(analyzer(), noise(5), kind=Estimate(kind), **(LOUD if analyzer is Energy else {}))[
        "level"
    ]
    assert found.value is None and found.status == Status.NOT_APPLICABLE and found.reason


@pytest.mark.parametrize("analyzer", [Energy, Danceability])
def test_silence_and_scraps_have_no_character(analyzer):
    assert estimates(analyzer(), silence(5))["level"].reason == "silence"
    assert "0.50 s are heard" in estimates(analyzer(), noise(0.5))["level"].reason


@pytest.mark.parametrize("analyzer", [Valence, Arousal])
def test_feelings_are_not_known_where_energy_is_not(analyzer):
    assert estimates(analyzer(), noise(5))["level"].reason == "its energy is not known"


@pytest.mark.parametrize(
    ("valence", "arousal", "mood"),
    [(0.9, 0.9, "happy"), (0.1, 0.9, "tense"), (0.9, 0.1, "calm"), (0.1, 0.1, "sad")],
)
def test_a_mood_is_a_quarter_of_the_plane_of_valence_and_arousal(valence, arousal, mood):
    found = estimates(Mood(), noise(1), valence=Estimate(valence), arousal=Estimate(arousal))["labels"]
    assert found.value[0].name == mood and found.value[0].probability > 0.8


def test_no_mood_is_sure_while_nobody_has_labelled_any():
    found = estimates(Mood(), noise(1), valence=Estimate(0.9), arousal=Estimate(0.9))["labels"]
    assert found.status == Status.LOW_CONFIDENCE and "experiment" in found.reason


def test_in_the_middle_no_mood_is_surer_than_another():
    found = estimates(Mood(), noise(1), valence=Estimate(0.5), arousal=Estimate(0.5))["labels"]
    assert {label.name: label.probability for label in found.value} == dict.fromkeys(MOODS, 0.25)
    assert found.status == Status.LOW_CONFIDENCE


def test_a_mood_is_not_said_where_valence_is_not_known():
    found = estimates(Mood(), noise(1), arousal=Estimate(0.5))["labels"]
    assert found.value is None and "not known" in found.reason


@pytest.mark.parametrize("decibels", [-12, 12])
def test_a_gain_changes_nothing_of_how_danceable_a_sound_is(decibels):
    for sound in (kicks(120, 20) / 8 + noise(20, level=0.003), clicks(97, 12), noise(12, level=0.05)):
        as_it_is, changed = (
            estimates(Danceability(), one)["level"].value for one in (sound, sound * 10 ** (decibels / 20))
        )
        assert changed == pytest.approx(as_it_is, abs=0.002)
