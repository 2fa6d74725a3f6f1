"""Sounds that are alike are near each other, and each aspect hears what it should and no more."""

import numpy as np
import pytest

from samplemind_plugins.similarity import Similarity, analyzers
from samplemind_plugins.similarity.gathered import Gathered
from samplemind_plugins.similarity.layout import ASPECTS, EDGES, OWN_SCALES, SIZES, scale
from samplemind_plugins.similarity.rhythm import pattern
from samplemind_sdk import RATE, Samples
from samplemind_sdk.testing import check, clicks, describe, estimates, noise, silence, tone

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)


def vector(sound: Samples) -> np.ndarray:
    return np.array(describe(Similarity(), sound)["vector"])


def aspect(name: str, sound: Samples) -> np.ndarray:
    """The numbers of one aspect."""
    found = describe(Similarity(), sound)
    start, end = found["edges"][list(ASPECTS).index(name) :][:2]
    return np.array(found["vector"])[start:end]


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.linalg.norm(one - other))


def struck(intervals: tuple[int, ...], root: float, seconds: float = 6, bpm: float = 100) -> Samples:
    """A chord of decaying notes with harmonics, struck on every beat."""
    time, sound = np.arange(int(seconds * RATE)) / RATE, np.zeros(int(seconds * RATE))
    since = time % (60 / bpm)
    for interval in intervals:
        hertz = root * 2 ** (interval / 12)
        sound += sum(np.sin(2 * np.pi * hertz * order * time) / order**2 for order in (1, 2, 3, 4))
    return (0.1 * sound * np.exp(-4 * since) * np.minimum(1, since / 0.005))[None].astype(np.float32)


def drums(bpm: float, seconds: float = 12, seed: int = 0) -> Samples:
    """Low strokes on 1 and 3, and noise on 2 and 4 and on the last eighth of the bar."""
    chance, beat = np.random.default_rng(seed), 60 / bpm
    sound = 1e-4 * chance.standard_normal(int(seconds * RATE))
    time = np.arange(int(0.15 * RATE)) / RATE
    low = 0.6 * np.sin(2 * np.pi * 70 * time) * np.exp(-30 * time)
    for bar in np.arange(0, seconds, 4 * beat):
        for at, is_low in ((0, True), (1, False), (2, True), (3, False), (3.5, False)):
            stroke = low if is_low else 0.2 * chance.standard_normal(len(time)) * np.exp(-40 * time)
            place = sound[int((bar + at * beat) * RATE) :][: len(time)]
            place += stroke[: len(place)]
    return sound[None].astype(np.float32)


def test_the_promises_of_the_contract_are_kept():
    check(Similarity)
    assert analyzers() == [Similarity]


def test_the_vector_is_laid_out_as_it_says():
    found = describe(Similarity(), clicks(120, 5))
    assert len(found["vector"]) == found["edges"][-1] == 128 and tuple(found["edges"]) == EDGES
    sizes = [sum(SIZES[name] for name in names) for names in ASPECTS.values()]
    assert np.diff(EDGES).tolist() == sizes


def test_the_shipped_scale_fits_the_layout():
    for name, size in SIZES.items():
        assert scale().mean[name].shape == scale().deviation[name].shape == (size,)
        assert (scale().deviation[name] > 0).all()
        assert name in OWN_SCALES or len(set(scale().deviation[name])) == 1


@pytest.mark.parametrize("sound", [struck(MAJOR, 220), drums(110), noise(2)], ids=["chord", "drums", "noise"])
def test_a_softer_sound_is_the_same_sound(sound):
    unlike = min(distance(vector(sound), vector(other)) for other in (tone(440, seconds=6), clicks(97, 6)))
    assert distance(vector(sound), vector(sound / 2)) < unlike / 5


def test_in_another_key_the_harmony_is_the_same():
    here, there = (aspect("harmony", struck(MAJOR, root)) for root in (220, 220 * 2 ** (5 / 12)))
    minor = aspect("harmony", struck(MINOR, 220))
    assert distance(here, there) < distance(here, minor) / 2


def test_at_another_tempo_the_rhythm_is_nearly_the_same():
    slow, fast = (aspect("rhythm", drums(bpm)) for bpm in (90, 120))
    other = aspect("rhythm", struck(MAJOR, 220, 12))
    assert distance(slow, fast) < distance(slow, other) / 2


def test_a_pattern_at_another_tempo_is_nearer_than_another_pattern():
    def strokes(places: tuple[int, ...], step: int) -> np.ndarray:
        rises = np.zeros(64 * step)
        for bar in range(8):
            rises[[(8 * bar + place) * step for place in places]] = 10
        return rises

    straight, dotted = (0, 2, 4, 6), (0, 3, 6)
    same = distance(pattern(strokes(straight, 12)), pattern(strokes(straight, 16)))
    for step in (12, 16):
        assert same < distance(pattern(strokes(straight, 12)), pattern(strokes(dotted, step)))


def test_timbre_tells_what_sounds_and_not_when():
    often, seldom = (aspect("timbre", drums(bpm)) for bpm in (100, 130))
    assert distance(often, seldom) < distance(often, aspect("timbre", struck(MAJOR, 220))) / 5


def test_the_nearest_of_a_few_sounds_is_of_its_kind():
    sounds = {
        "drums": [drums(bpm, seed=bpm) for bpm in (85, 105, 125)],
        "chords": [struck(MAJOR, root, bpm=bpm) for root, bpm in ((196, 80), (233, 100), (262, 120))],
        "noise": [noise(seconds, level, seed=1) for seconds, level in ((3, 0.1), (5, 0.05), (8, 0.2))],
        "tones": [tone(hertz, seconds=4) for hertz in (300, 340, 400)],
    }
    known = [(name, vector(sound)) for name, those in sounds.items() for sound in those]
    for number, (name, here) in enumerate(known):
        others = known[:number] + known[number + 1 :]
        assert min(others, key=lambda other: distance(here, other[1]))[0] == name


def test_silence_is_like_nothing_and_says_so():
    for sound, reason in ((silence(3), "silence is like nothing else"), (noise(0.01), "too short")):
        for one in estimates(Similarity(), sound).values():
            assert one.value is None and reason in one.reason


def test_a_stroke_of_a_twentieth_of_a_second_is_like_something():
    assert np.isfinite(vector(clicks(120, 0.05))).all()


def test_what_is_gathered_is_the_mean_of_the_frames_above_the_gate():
    gathered = Gathered(3)
    for _ in range(100):
        gathered.add(np.array([-20.0, -70.0]), np.array([[1.0, 2.0, 3.0], [9.0, 9.0, 9.0]]))
    assert gathered.mean(40).tolist() == [1, 2, 3]
    assert gathered.mean(60).tolist() == [5, 5.5, 6]
