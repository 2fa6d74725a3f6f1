"""What plays, told of sounds that are made here so that it is known."""

import numpy as np
import pytest

from samplemind_plugins.instruments import FAMILIES, Instruments
from samplemind_sdk import RATE, Estimate, Status
from samplemind_sdk.testing import check, estimates, silence

LOOP, SHOT = Estimate("loop", 0.9), Estimate("one-shot", 0.9)
NOTE, SNARE = Estimate("note", 0.9), Estimate("snare", 0.8, (("note", 0.15),))


def labels(sound, kind, **stroke):
    return estimates(Instruments(), sound.astype(np.float32).reshape(1, -1), kind=kind, **stroke)["labels"]


def drums(seconds=8, bpm=120):
    """Kicks, snares and hats."""
    rng = np.random.default_rng(0)
    sound = np.zeros((seconds + 1) * RATE)
    for eighth in range(int(seconds * bpm / 30)):
        at = round(eighth * 30 / bpm * RATE)
        sound[at : at + 3_000] += 0.2 * rng.standard_normal(3_000) * np.exp(-np.arange(3_000) / 500)
        kick, snare = eighth % 4 == 0, eighth % 4 == 2
        time = np.arange(9_000)
        sound[at : at + 9_000] += kick * 0.8 * np.sin(2 * np.pi * 55 * time / RATE) * np.exp(-time / 3_000)
        sound[at : at + 9_000] += snare * 0.5 * rng.standard_normal(9_000) * np.exp(-time / 2_500)
    return sound[: seconds * RATE]


def held(seconds=8):
    """A chord that swells and stays, as of strings or an organ."""
    time = np.arange(seconds * RATE) / RATE
    waves = sum(
        np.sin(2 * np.pi * hertz * part * time) / part for hertz in (220, 277, 330) for part in range(1, 6)
    )
    return 0.1 * waves * np.minimum(1, time)


def probability(found, name="drums"):
    return dict(found.value).get(name, 0.0)


def test_the_promises_of_the_contract_are_kept():
    check(Instruments)


def test_drums_are_heard_alone_and_in_a_mix():
    assert probability(labels(drums(), LOOP)) > 0.8
    assert probability(labels(drums() + held(), LOOP)) > 0.5


def test_a_held_chord_has_no_drums():
    assert probability(labels(held(), LOOP)) < 0.3


def test_families_are_told_of_one_shots_alone():
    time = np.arange(2 * RATE) / RATE
    plucked = np.exp(-time / 0.4) * sum(np.sin(2 * np.pi * 196 * part * time) / part for part in range(1, 8))
    names = {name for name, _ in labels(0.2 * plucked, SHOT, stroke=NOTE).value}
    assert names and names <= {"drums", *FAMILIES} and names & set(FAMILIES)
    assert {name for name, _ in labels(held(), LOOP).value} <= {"drums"}


def test_a_one_shot_is_a_drum_as_far_as_it_is_no_note():
    found = labels(drums(1), SHOT, stroke=SNARE)
    assert found.value[0] == ("drums", pytest.approx(0.85))


def test_labels_are_ranked_and_of_a_one_shot_sum_to_no_more_than_one():
    found = [probability for _, probability in labels(held(2), SHOT, stroke=NOTE).value]
    assert found == sorted(found, reverse=True) and sum(found) <= 1.000001


@pytest.mark.parametrize("kind", ["speech", "silence"])
def test_speech_and_silence_have_no_instruments_and_say_so(kind):
    found = labels(drums(), Estimate(kind))
    assert found.status == Status.NOT_APPLICABLE and found.reason == f"{kind} has no instruments"


def test_silence_has_none_even_where_its_kind_is_not_known():
    assert labels(silence(3), None).value is None
