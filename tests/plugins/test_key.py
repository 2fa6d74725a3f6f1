"""The key: right in all keys and tunings where there is one, and withheld with a reason where there is none."""

from functools import cache

import numpy as np
import pytest

from samplemind_plugins.key import Key
from samplemind_plugins.key.names import KEYS, camelot, note_name, open_key
from samplemind_sdk import RATE, Estimate
from samplemind_sdk.testing import check, clicks, describe, estimates, noise, silence, tone

CADENCES = {  # chords above the tonic, the last of them the tonic's own
    "major": [(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)],
    "minor": [(0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7)],
}
CAMELOT = """
B major 1B, F# major 2B, C# major 3B, G# major 4B, D# major 5B, A# major 6B, F major 7B, C major 8B, G major 9B,
D major 10B, A major 11B, E major 12B, G# minor 1A, D# minor 2A, A# minor 3A, F minor 4A, C minor 5A, G minor 6A,
D minor 7A, A minor 8A, E minor 9A, B minor 10A, F# minor 11A, C# minor 12A
"""
OPEN_KEY = """
C major 1d, G major 2d, D major 3d, A major 4d, E major 5d, B major 6d, F# major 7d, C# major 8d, G# major 9d,
D# major 10d, A# major 11d, F major 12d, A minor 1m, E minor 2m, B minor 3m, F# minor 4m, C# minor 5m, G# minor 6m,
D# minor 7m, A# minor 8m, F minor 9m, C minor 10m, G minor 11m, D minor 12m
"""


@cache
def note(midi, seconds, cents=0.0):
    """A plucked string, more or less: six partials that die away, shape (samples,)."""
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((midi - 69 + cents / 100) / 12)
    waves = sum(np.sin(2 * np.pi * hertz * partial * time) / partial**1.5 for partial in range(1, 7))
    return (0.1 * waves * np.exp(-1.5 * time)).astype(np.float32)


def cadence(key, cents=0.0, seconds=12.0):
    """A sound in a key: bass, chords, and the scale's leading note, shape (1, samples)."""
    tonic, mode = KEYS.index(key) % 12, key.split()[1]
    length = seconds / 8
    bars = []
    for chord in CADENCES[mode] * 2:
        low = 48 + (tonic + chord[0] - 48) % 12
        pitches = [low - 12, *(low + one - chord[0] for one in chord)]
        bars.append(sum(note(pitch, length, cents) for pitch in pitches))
    return np.concatenate(bars)[None]


@pytest.mark.parametrize("key", KEYS)
def test_a_cadence_is_heard_in_its_key_and_named_in_every_way(key):
    found = estimates(Key(), cadence(key))
    assert found["key"].value == key
    assert f"{found['tonic'].value} {found['mode'].value}" == key
    assert found["camelot"].value == camelot(KEYS.index(key))
    assert found["open_key"].value == open_key(KEYS.index(key))
    assert found["key"].confidence > 0.5


@pytest.mark.parametrize("cents", [-40, -25, -10, 10, 25, 40])
@pytest.mark.parametrize("key", ["C major", "F# major", "A minor", "D# minor"])
def test_a_sound_that_is_tuned_off_is_heard_in_the_same_key_and_its_tuning_is_said(key, cents):
    found = describe(Key(), cadence(key, cents))
    assert found["key"] == key
    assert found["tuning"] == pytest.approx(cents, abs=2)


@pytest.mark.parametrize("cents", [-47, 47])
def test_between_two_keys_both_are_named(cents):
    found = estimates(Key(), cadence("A minor", cents))["key"]
    names = {found.value, *(key for key, _ in found.candidates)}
    assert {"A minor", "G# minor" if cents < 0 else "A# minor"} <= names
    assert "semitone" in found.reason


def test_candidates_go_from_the_likely_to_the_unlikely_and_make_at_most_one_with_the_answer():
    for key in ("C major", "E minor", "A# major"):
        found = estimates(Key(), cadence(key))["key"]
        chances = [found.confidence, *(chance for _, chance in found.candidates)]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1 + 1e-9
        assert len({found.value, *(name for name, _ in found.candidates)}) == 6


def test_loudness_does_not_matter():
    sound = cadence("D major")
    whole = estimates(Key(), sound)
    quiet = estimates(Key(), 0.01 * sound)
    assert quiet["key"].value == whole["key"].value
    assert quiet["key"].confidence == pytest.approx(whole["key"].confidence, abs=0.01)


def test_a_long_silence_around_it_does_not_matter():
    sound = np.concatenate([silence(30), cadence("G minor"), silence(30)], axis=1)
    assert describe(Key(), sound)["key"] == "G minor"


def drums(seconds):
    """Kicks that fall in pitch, and bursts of noise between them."""
    sound, chance = np.zeros(int(seconds * RATE), np.float32), np.random.default_rng(5)
    fade = np.exp(-np.arange(RATE // 4) / RATE * 25)
    kick = fade * np.sin(2 * np.pi * np.cumsum(50 + 150 * fade**2) / RATE)
    for number, start in enumerate(range(0, len(sound) - len(fade), RATE // 4)):
        hit = kick if number % 2 == 0 else 0.5 * fade * chance.standard_normal(len(fade))
        sound[start : start + len(fade)] += hit.astype(np.float32)
    return sound[None]


@pytest.mark.parametrize(
    "sound",
    [silence(10), noise(10), drums(12), clicks(120, 12), tone(440, seconds=0.3), np.full((1, 5 * RATE), 0.3)],
    ids=["silence", "noise", "drums", "clicks", "too short", "a constant"],
)
def test_what_has_no_key_is_given_none_and_a_reason(sound):
    for name in ("key", "mode", "camelot", "open_key"):
        one = estimates(Key(), sound.astype(np.float32))[name]
        assert one.value is None, name
        assert len(one.reason) > 20


def test_a_bass_line_on_one_note_tells_its_tonic_surely():
    sound = np.concatenate([note(33, 0.5) for _ in range(20)])[None]
    found = estimates(Key(), sound)
    assert found["tonic"].value == "A"
    assert found["tonic"].confidence > found["key"].confidence
    assert (found["tonic"].reason, found["root_note"].value) == ("", "A1")
    assert "mode" in found["key"].reason


def loop(root, above, seconds=6.0):
    """One chord, struck twice a second, shape (1, samples)."""
    strike = sum(note(root + one, 0.5) for one in above)
    return np.concatenate([strike] * int(seconds * 2))[None]


@pytest.mark.parametrize("root", [48, 50, 55, 58])
@pytest.mark.parametrize(
    ("above", "mode"),
    [
        *[((0, 4, 7), "major"), ((4, 7, 12), "major"), ((7, 12, 16), "major"), ((0, 4, 7, 11), "major")],
        *[((0, 3, 7), "minor"), ((3, 7, 12), "minor"), ((7, 12, 15), "minor"), ((0, 3, 7, 10), "minor")],
    ],
)
def test_a_loop_of_one_chord_is_in_the_key_of_its_root_whichever_note_is_lowest(root, above, mode):
    assert describe(Key(), loop(root, above))["key"] == f"{note_name(root)[:-1]} {mode}"


def test_a_chord_without_a_third_tells_its_tonic_surely_and_its_mode_not():
    found = estimates(Key(), loop(45, (0, 7, 12)))
    assert found["tonic"].value == "A"
    assert found["tonic"].confidence > 0.8
    assert found["tonic"].reason == ""
    assert len(found["key"].reason) > 20
    assert found["mode"].reason == found["key"].reason


@pytest.mark.parametrize(("name", "published"), [(camelot, CAMELOT), (open_key, OPEN_KEY)])
def test_the_wheels_are_as_published(name, published):
    pairs = dict(entry.strip().rsplit(" ", 1) for entry in published.split(","))
    assert {key: name(number) for number, key in enumerate(KEYS)} == pairs


def test_neighbours_on_the_wheel_are_a_fifth_apart_or_relatives():
    for number, key in enumerate(KEYS):
        fifth = number // 12 * 12 + (number + 7) % 12
        assert int(camelot(fifth)[:-1]) == int(camelot(number)[:-1]) % 12 + 1
        if number < 12:
            relative = KEYS.index(f"{KEYS[(number + 9) % 12].split()[0]} minor")
            assert camelot(relative)[:-1] == camelot(number)[:-1], key


def test_key_keeps_the_promises_of_every_analyzer():
    check(Key)


ONE_SHOT, SONG = Estimate("one-shot"), Estimate("song")


@pytest.mark.parametrize("midi", [28, 33, 42, 49, 57, 64, 72, 81])
@pytest.mark.parametrize("cents", [-30.0, 0.0, 25.0])
def test_a_single_note_is_named_with_its_octave_and_tuning(midi, cents):
    found = estimates(Key(), note(midi, 1.0, cents)[None], kind=ONE_SHOT)
    assert found["root_note"].value == note_name(midi)
    assert found["root_note"].confidence > 0.7
    assert found["tonic"].value == note_name(midi)[:-1]
    assert found["tuning"].value == pytest.approx(cents, abs=6)


def test_a_note_is_named_as_it_sounds_and_not_by_its_strongest_partial():
    time = np.arange(RATE) / RATE
    hollow = sum(np.sin(2 * np.pi * 110 * partial * time) for partial in (2, 3, 4, 5, 6)).astype(np.float32)
    assert describe(Key(), 0.1 * hollow[None], kind=ONE_SHOT)["root_note"] == "A2"


def test_a_one_shot_has_a_note_but_no_key():
    found = estimates(Key(), note(45, 1.5)[None], kind=ONE_SHOT)
    for name in ("key", "mode", "camelot", "open_key"):
        assert found[name].value is None
        assert "no key" in found[name].reason
    assert found["root_note"].value == "A2"


def test_a_short_note_is_named_where_a_key_would_want_more():
    found = estimates(Key(), note(57, 0.25)[None])
    assert found["root_note"].value == "A3"
    assert found["tonic"].value == "A"
    assert "too short" in found["key"].reason


def test_a_bass_drum_that_rings_has_a_note_and_a_snare_has_none():
    time = np.arange(RATE) / RATE
    boom = np.sin(2 * np.pi * 55 * np.cumsum(1 + 3 * np.exp(-time / 0.01)) / RATE) * np.exp(-3 * time)
    assert describe(Key(), boom.astype(np.float32)[None], kind=ONE_SHOT)["root_note"] == "A1"
    snare = noise(0.3) * np.exp(-15 * np.arange(int(0.3 * RATE)) / RATE).astype(np.float32)
    found = estimates(Key(), snare, kind=ONE_SHOT)
    assert found["root_note"].value is None
    assert found["tonic"].value is None


@pytest.mark.parametrize("sound", [silence(2), noise(2), drums(4), cadence("C major"), cadence("A minor")])
def test_what_is_not_one_note_has_no_root_note_and_a_reason(sound):
    found = estimates(Key(), sound.astype(np.float32))["root_note"]
    assert found.value is None
    assert len(found.reason) > 15


def test_a_song_is_not_asked_for_its_one_note():
    found = estimates(Key(), note(57, 3.0)[None], kind=SONG)["root_note"]
    assert (found.value, found.reason) == (None, "it is a song, not one note")
