"""Which keys go with a key: each rule against lists written by hand, from the circle of fifths and the wheel."""

import pytest

from samplemind_daemon.library.harmony import NAMES, harmony
from samplemind_daemon.model import TONICS, KeyRule
from samplemind_daemon.store.entries import place

BY_HAND = {
    KeyRule.SAME: {"A minor": "A minor", "C major": "C major", "F# major": "F# major"},
    KeyRule.RELATIVE: {
        "A minor": "A minor, C major", "C major": "C major, A minor", "F# minor": "F# minor, A major",
        "A# major": "A# major, G minor", "D# minor": "D# minor, F# major", "B major": "B major, G# minor",
    },
    KeyRule.FIFTHS: {
        "A minor": "A minor, E minor, D minor", "C major": "C major, G major, F major",
        "F# minor": "F# minor, C# minor, B minor", "C# major": "C# major, G# major, F# major",
    },
    KeyRule.CAMELOT: {
        "A minor": "A minor, E minor, D minor, C major", "C major": "C major, G major, F major, A minor",
        "G# minor": "G# minor, D# minor, C# minor, B major", "E major": "E major, B major, A major, C# minor",
    },
    KeyRule.ENERGY_BOOST: {
        "A minor": "A minor, B minor, A# minor", "C major": "C major, D major, C# major",
        "F# minor": "F# minor, G# minor, G minor", "B major": "B major, C# major, C major",
    },
}  # fmt: skip
WHEEL = {  # as it is printed
    "A": ["G#", "D#", "A#", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"],
    "B": ["B", "F#", "C#", "G#", "D#", "A#", "F", "C", "G", "D", "A", "E"],
}
MODES = {"A": "minor", "B": "major"}


@pytest.mark.parametrize("rule", KeyRule)
def test_each_rule_gives_the_keys_that_musicians_have_for_it(rule):
    for key, expected in BY_HAND[rule].items():
        found = harmony(key, rule)
        assert {NAMES[one] for one in found.keys} == set(expected.split(", ")), key
        assert not found.roots


def test_camelot_names_mean_the_keys_that_the_wheel_has():
    for letter, tonics in WHEEL.items():
        for hour, tonic in enumerate(tonics, start=1):
            key = f"{tonic} {MODES[letter]}"
            assert harmony(f"{hour}{letter}") == harmony(key)
            assert place(key) == (hour - 1) * 2 + (letter == "B")
    assert len(NAMES) == 24


def test_a_root_alone_is_both_modes_and_the_sounds_of_that_root():
    found = harmony("A")
    assert {NAMES[one] for one in found.keys} == {"A minor", "A major"} and found.roots == {9}
    boosted = harmony("Bb", KeyRule.ENERGY_BOOST)
    assert {NAMES[one] for one in boosted.keys} == {
        f"{tonic} {mode}" for tonic in ("A#", "C", "B") for mode in ("minor", "major")
    }
    assert boosted.roots == {10, 0, 11}


def test_keys_are_read_however_they_are_spelled():
    for text in ("A minor", "Am", "a min", "8A", "8a", "A-Moll", "1m"):
        assert harmony(text) == harmony("A minor"), text
    assert harmony("Db") == harmony("C#") and harmony("F♯m") == harmony("F# minor")
    for text in ("", "H", "13A", "0B", "A dorian", "quiet", "A minor, C major"):
        with pytest.raises(ValueError):
            harmony(text)


@pytest.mark.parametrize("rule", KeyRule)
def test_a_rule_means_the_same_in_every_key(rule):
    shapes = set()
    for shift, tonic in enumerate(TONICS):
        found = [NAMES[one].split() for one in harmony(f"{tonic} minor", rule).keys]
        shapes.add(frozenset(((TONICS.index(one) - shift) % 12, mode) for one, mode in found))
    assert len(shapes) == 1
