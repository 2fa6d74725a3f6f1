"""Of what holds no music, no plugin makes up a number: what is not known is said not to be."""

import math

import numpy as np
import pytest
from sound_files import sine

from samplemind_daemon.analysis import plugins
from samplemind_daemon.analysis.listening import Listening
from samplemind_daemon.analysis.plan import fit, plan
from samplemind_sdk import RATE, blocks

EMPTY = {
    "one sample": np.full((1, 1), 0.5, np.float32),
    "a hundredth of a second": np.full((1, RATE // 100), 0.1, np.float32),
    "silence": np.zeros((2, 4 * RATE), np.float32),
    "a tone that nobody can hear": np.float32(1e-38) * sine(4.0, channels=1).T,
    "a tone below all noise": np.float32(1e-7) * sine(4.0, channels=1).T,
    "direct current": np.full((1, 4 * RATE), 0.5, np.float32),
    "faint direct current": np.full((1, 6 * RATE), 1e-3, np.float32),
}
MUSIC = ("tempo.bpm", "tempo.beats", "key.key", "key.tonic", "key.root_note", "bars.meter")
COLOUR = ("timbre.centroid", "timbre.rolloff", "dynamics.crest_factor")


@pytest.fixture(scope="module")
def found():
    return plugins.find()


@pytest.mark.parametrize("kind", EMPTY)
def test_of_what_holds_no_music_nothing_is_made_up(found, kind):
    said = _said(found, EMPTY[kind])
    assert {one.name: one.reason for one in said.values() if one.status == "failed"} == {}
    assert {name: one.value for name, one in said.items() if not _is_finite(one.value)} == {}
    asked = [said[name] for name in MUSIC if name in said]
    assert len(asked) >= 3 and {one.name: one.value for one in asked if one.value is not None} == {}
    assert all(one.reason for one in said.values() if one.value is None)


def test_what_computers_cannot_tell_from_nothing_has_no_colour(found):
    said = _said(found, EMPTY["a tone that nobody can hear"])
    assert {name: said[name].value for name in COLOUR} == dict.fromkeys(COLOUR)
    assert said["kind.label"].value == "silence"


def _said(found, sound):
    """All descriptors of a sound, by name."""
    registry, _ = fit(found.catalogue)
    listening = Listening([found.analyzers[name] for name in plan(registry, registry)], {})
    for block in blocks([sound]):
        listening.hear(block)
    return {one.name: one for _, findings in listening.describe() for one in findings}


def _is_finite(value):
    if isinstance(value, tuple):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
