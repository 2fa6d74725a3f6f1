"""What fits what, and what is nearest: by numbers that are known."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from samplemind_daemon.library.fitting.best import best
from samplemind_daemon.library.fitting.keys import agreement, relation
from samplemind_daemon.library.likeness.likeness import _nearest
from samplemind_daemon.library.likeness.samples import Sample
from samplemind_daemon.library.likeness.shelf import Shelf
from samplemind_daemon.model import KEYS, Aspects, Profile, Wish
from samplemind_daemon.store.vectors import Row

EDGES = (0, 40, 92, 128)


def key(name):
    return bytes(255 if one == name else 0 for one in KEYS)


LOOP = Profile(
    bands=bytes([200] * 24 + [1] * 24),
    keys=key("A minor"),
    tuning=0.0,
    bpm=120.0,
    loudness=-14.0,
    kind="loop",
)


def fits(other, sample=LOOP, **wish):
    """The one match, and its scores by aspect."""
    shelf = Shelf()
    shelf.put(["other"], [Row("other", other)])
    [match], compared = best(shelf, sample, Wish(**wish), shelf.rows(None, ()), 5)
    assert compared == 1
    return match, {why.aspect: why.score for why in match.reasons}


def sentence(match, aspect):
    return next(why.sentence for why in match.reasons if why.aspect == aspect)


def test_a_sound_that_is_the_same_in_all_but_its_spectrum_fits_in_full():
    match, scores = fits(replace(LOOP, bands=bytes([1] * 24 + [200] * 24)))
    assert match.score == 1 and set(scores.values()) == {1.0}
    assert match.speed is None and match.semitones is None


@pytest.mark.parametrize(
    ("bpm", "speed", "low", "high"),
    [
        (120, None, 1, 1),
        (60, None, 0.95, 0.95),
        (240, None, 0.95, 0.95),
        (180, None, 0.6, 0.6),
        (80, None, 0.6, 0.6),
        (124, 120 / 124, 0.55, 0.6),
        (118, 120 / 118, 0.75, 0.8),
        (62, 60 / 62, 0.52, 0.57),
        (100, None, 0, 0),
    ],
)
def test_tempos_fit_at_once_or_twice_as_fast_and_less_where_they_must_be_stretched(bpm, speed, low, high):
    match, scores = fits(replace(LOOP, bpm=float(bpm)))
    assert low - 1e-6 <= scores["tempo"] <= high + 1e-6
    assert match.speed == (None if speed is None else pytest.approx(speed, rel=1e-5))


def test_the_limit_is_the_callers():
    slow = replace(LOOP, bpm=100.0)
    assert fits(slow, stretch_limit=0.3)[0].speed == pytest.approx(1.2)
    assert "would be played 20.0 % faster, and 8 % is the limit" in sentence(fits(slow)[0], "tempo")


@pytest.mark.parametrize(
    ("name", "score"),
    [("A minor", 1), ("C major", 1), ("E minor", 0.8), ("D minor", 0.8), ("G major", 0.8), ("D# minor", 0)],
)
def test_keys_fit_by_the_notes_that_they_share(name, score):
    assert fits(replace(LOOP, keys=key(name)))[1]["key"] == pytest.approx(score)


def test_keys_agree_both_ways_and_in_every_transposition():
    table = agreement()
    assert np.array_equal(table, table.T) and table.min() == 0 and np.all(np.diag(table) == 1)
    for mode in (0, 12):
        rows = [np.roll(table[mode + tonic, :12], -tonic) for tonic in range(12)]
        assert all(np.array_equal(row, rows[0]) for row in rows)
    assert relation("A minor", "C major") == "relative keys, with the same notes"
    assert relation("C major", "F major") == "a fifth apart, with 6 notes of 7 in common"


def test_a_key_that_is_not_sure_counts_as_far_as_it_is_likely():
    unsure = bytes(128 if one == "A minor" else 127 if one == "D# minor" else 0 for one in KEYS)
    assert fits(replace(LOOP, keys=unsure))[1]["key"] == pytest.approx(0.5, abs=0.01)


def test_a_speed_moves_the_pitch_unless_it_is_kept():
    faster = replace(LOOP, bpm=120 / 2 ** (1 / 12), keys=key("G# minor"))  # a semitone slower and lower
    match, scores = fits(faster)
    assert scores["key"] == pytest.approx(1) and match.semitones is None
    assert "G# minor, which is A minor at that speed, to A minor" in sentence(match, "key")
    assert fits(faster, keep_pitch=True)[1]["key"] == 0  # a semitone apart


def test_what_is_out_of_tune_is_said_and_set_right():
    match, scores = fits(replace(LOOP, tuning=20.0))
    assert scores["tuning"] == pytest.approx(0.6) and match.semitones == pytest.approx(-0.2)
    assert sentence(match, "tuning") == "20 cents sharp; 50 are a quarter tone."


def test_what_is_not_known_or_needed_counts_as_a_half_and_says_so():
    known, _ = fits(LOOP)
    for lacking, aspect, words in (
        (replace(LOOP, keys=b""), "key", "It has no pitch and needs no key. This counts as 0.5."),
        (replace(LOOP, keys=None), "key", "It has no key that is known. This counts as 0.5."),
        (
            replace(LOOP, bpm=0.0, kind="one-shot"),
            "tempo",
            "It is a one-shot and needs no tempo. This counts as 0.5.",
        ),
        (replace(LOOP, bpm=None), "tempo", "It has no tempo that is known. This counts as 0.5."),
        (replace(LOOP, loudness=None), "loudness", "A loudness is not known. This counts as 0.5."),
        (replace(LOOP, bands=None), "spectrum", "A spectrum is not known. This counts as 0.5."),
    ):
        match, scores = fits(lacking)
        assert scores[aspect] is None and sentence(match, aspect) == words
        assert 0 < match.score < 1 and (match.score < known.score or aspect == "spectrum")


def test_silence_and_what_was_not_heard_fit_nothing():
    shelf = Shelf()
    shelf.put(["a", "b"], [Row("a", replace(LOOP, kind="silence")), Row("b", Profile())])
    assert best(shelf, LOOP, Wish(), shelf.rows(None, ()), 5) == ([], 0)


def test_the_nearest_are_exactly_those_that_a_slow_search_finds():
    chance = np.random.default_rng(1)
    vectors = chance.normal(0, 0.12, (5_000, 128)).astype("<f4")
    shelf = Shelf()
    rows = [
        Row(f"{number}", Profile(fingerprint="f", edges=EDGES, numbers=one.tobytes(), kind="loop"))
        for number, one in enumerate(vectors)
    ]
    for start in range(0, len(rows), 1_500):  # as they come, a part at a time
        some = rows[start : start + 1_500]
        shelf.put([one.audio for one in some], some)
    gone = [f"{number}" for number in range(0, 5_000, 7)]
    shelf.put(gone, [])
    sample = Sample("0" * 64, rows[1].profile)
    weights = Aspects(2.0, 0.5, 0.0)
    near, compared = _nearest(shelf, sample, weights, None, {"1"}, 20)
    left = [number for number in range(5_000) if number % 7 and number != 1]
    scale = np.repeat([2.0 / 0.7, 0.5, 0.0], np.diff(EDGES))
    slow = np.linalg.norm((vectors[left].astype(float) - vectors[1]) * scale, axis=1)
    order = np.argsort(slow)[:20]
    assert compared == len(left) and [one.audio for one in near] == [f"{left[place]}" for place in order]
    assert [one.distance for one in near] == pytest.approx(slow[order], rel=1e-5)
    assert struct.unpack("<128f", rows[1].profile.numbers)[0] == vectors[1][0]


def test_the_weights_that_vectors_come_with_are_those_of_the_analyzer():
    from samplemind_daemon.library.likeness import AS_THEY_COME
    from samplemind_plugins.similarity.layout import WEIGHTS

    assert vars(AS_THEY_COME) == WEIGHTS
