"""What kind of sound it is, told of sounds that are made here so that their kind is known."""

import numpy as np
import pytest

from samplemind_plugins.kind import Kind
from samplemind_plugins.kind.pulses import fit, rises, roundness
from samplemind_sdk import RATE, Status
from samplemind_sdk.testing import check, clicks, estimates, noise, silence, tone


def kind(sound):
    return estimates(Kind(), sound)["label"]


def stroke(hertz, seconds, decay):
    """A struck tone."""
    return tone(hertz, seconds=seconds) * np.exp(-np.arange(int(seconds * RATE)) / RATE / decay)


def groove(beats, bpm):
    """Kick, snare and hats, `beats` of them, to the sample."""
    rng = np.random.default_rng(0)
    beat = 60 / bpm * RATE
    sound = np.zeros(round(beats * beat) + RATE, np.float32)
    for eighth in range(2 * beats):
        at = round(eighth * beat / 2)
        hat = 0.15 * rng.standard_normal(3_000) * np.exp(-np.arange(3_000) / 500)
        sound[at : at + 3_000] += hat
        if eighth % 4 == 0:
            sound[at : at + 9_000] += (
                0.8 * np.sin(2 * np.pi * 55 * np.arange(9_000) / RATE) * np.exp(-np.arange(9_000) / 3_000)
            )
        if eighth % 4 == 2:
            sound[at : at + 9_000] += 0.4 * rng.standard_normal(9_000) * np.exp(-np.arange(9_000) / 2_500)
    return sound[None, : round(beats * beat)].astype(np.float32)


def test_the_promises_of_the_contract_are_kept():
    check(Kind)


@pytest.mark.parametrize("bpm", [93, 120, 141])
def test_whole_bars_of_drums_are_a_loop(bpm):
    found = kind(groove(16, bpm))
    assert found.value == "loop" and found.confidence > 0.6


@pytest.mark.parametrize(("hertz", "seconds", "decay"), [(60, 0.5, 0.1), (440, 2.0, 0.4), (220, 5.0, 1.0)])
def test_what_is_struck_once_and_dies_away_is_a_one_shot(hertz, seconds, decay):
    found = kind(stroke(hertz, seconds, decay).astype(np.float32))
    assert found.value == "one-shot" and found.confidence > 0.6


def test_a_piece_of_minutes_is_a_song():
    minute = np.concatenate([groove(64, 100), tone(220, 277, 330, seconds=20), groove(64, 100)], axis=1)
    assert kind(np.tile(minute, 2)).value == "song"


def test_silence_is_silence_by_definition_and_has_no_probability():
    for sound in (silence(3), noise(3, level=1e-5)):
        found = kind(sound)
        assert (found.value, found.confidence, found.status) == ("silence", None, Status.OK)


def test_a_sound_without_samples_has_no_kind():
    assert kind(silence(0)).status == Status.NOT_APPLICABLE


def test_the_level_does_not_matter():
    loud = kind(groove(8, 120))
    soft = kind(groove(8, 120) * np.float32(0.05))
    assert soft.value == loud.value and soft.confidence == pytest.approx(loud.confidence, abs=0.15)


def test_the_probabilities_of_all_kinds_sum_to_one():
    found = kind(noise(4))
    assert 0.95 < found.confidence + sum(sure for _, sure in found.candidates) <= 1.000001


def test_onsets_fit_a_length_of_whole_beats_and_no_other():
    """What tells a loop from an excerpt: the pulse has whole cycles, and begins with the sound."""

    def evidence(seconds):
        frames = np.full((int(seconds * RATE / 512), 24), -60.0, np.float32)
        beats = (np.arange(0, seconds, 0.5) * RATE / 512).astype(int)
        frames[beats[beats < len(frames)]] = 0.0
        return fit(rises(frames), seconds)

    whole, broken = evidence(8.0), evidence(8.25)
    assert whole["aligned"] > 0.6 > 0.3 > broken["aligned"]
    assert whole["whole_8"] > broken["whole_8"] + 0.3 and whole["on_beat_8"] > 0.7 > broken["on_beat_8"]


def test_a_length_is_round_if_it_is_whole_beats_of_a_whole_tempo():
    assert roundness(16 * 60 / 93) == pytest.approx(1)
    assert roundness(16 * 60 / 93 + 0.2) < 0.2


def test_clicks_are_no_speech():
    assert kind(clicks(120, 8)).value != "speech"
