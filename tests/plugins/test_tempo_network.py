"""What networks take for the beat: right of rhythms that anybody would tap along to, whatever their speed and level."""

import numpy as np
import pytest
from rhythms import hits, loop

from samplemind_plugins.tempo.envelopes import HIGH, onsets
from samplemind_plugins.tempo.grid import tempograms
from samplemind_plugins.tempo.likelihood import LEAST, SAID, log_likelihood
from samplemind_plugins.tempo.memory import Memory
from samplemind_plugins.tempo.picture import ROWS, TEMPI, draw
from samplemind_sdk import blocks
from samplemind_sdk.testing import clicks, silence


def picture(sound):
    """How periodic a sound is, as the networks see it."""
    memory = Memory()
    for block in blocks([sound]):
        memory.add(block)
    rows = onsets(memory.recall())
    return draw(rows, *tempograms(rows, HIGH + 1))


def likeliest(sound):
    """The tempo that is likeliest to the networks, in BPM."""
    return TEMPI[SAID][log_likelihood(picture(sound), TEMPI[SAID]).argmax()]


@pytest.mark.parametrize("bpm", [90, 120, 150])
def test_all_measures_of_clicks_are_high_at_their_tempo(bpm):
    rows = picture(clicks(bpm, 20))
    assert rows.shape == (ROWS, len(TEMPI))
    at = np.abs(TEMPI / bpm - 1).argmin()
    assert (rows[:, at - 2 : at + 3].max(axis=1) > 0.5 * rows[:, SAID].max(axis=1)).mean() > 0.8


@pytest.mark.parametrize("bpm", [84, 100, 126])
def test_a_beat_of_kick_and_snare_is_heard_at_its_tempo(bpm):
    assert likeliest(loop(bpm, 8)) == pytest.approx(bpm, rel=0.03)


def test_loudness_does_not_matter():
    loud, quiet = (picture((gain * loop(110, 6)).astype(np.float32)) for gain in (1, 0.05))
    assert np.allclose(log_likelihood(loud, TEMPI[SAID]), log_likelihood(quiet, TEMPI[SAID]), atol=0.1)


def test_the_likeliest_candidate_loses_nothing_and_none_loses_more_than_the_least():
    logs = log_likelihood(picture(loop(96, 6)), np.array([40.0, 64, 96, 128, 192, 280]))
    assert logs.max() == 0 and logs.min() >= LEAST and np.isfinite(logs).all()


@pytest.mark.parametrize(
    "sound", [silence(5), hits([0, 1.3], 6), clicks(120, 0.3)], ids=["silence", "two hits", "a scrap"]
)
def test_of_what_has_no_tempo_it_says_something_all_the_same(sound):
    assert np.isfinite(log_likelihood(picture(sound), np.array([60.0, 120.0]))).all()
