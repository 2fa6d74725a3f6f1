"""The tempo and the beats: right where there is a pulse, doubted or withheld with a reason where there is none."""

import numpy as np
import pytest
from rhythms import hits, loop, off

from samplemind_plugins.tempo import Meter, Tempo, analyzers
from samplemind_plugins.tempo.bands import FPS
from samplemind_plugins.tempo.folding import folded_evidence
from samplemind_plugins.tempo.length import restated
from samplemind_plugins.tempo.memory import Memory
from samplemind_plugins.tempo.witness import Aubio
from samplemind_sdk import RATE, Cutter, Status, blocks
from samplemind_sdk.testing import check, clicks, describe, estimates, noise, silence, tone

TEMPI = [60, 90, 120, 128, 174]


def babble(seconds, seed):
    """Something like speech: voiced syllables of irregular length, with pauses, shape (1, samples)."""
    chance, sound, time = np.random.default_rng(seed), np.zeros(int(seconds * RATE), np.float32), 0.1
    while time < seconds - 1:
        length = min(0.5, chance.lognormal(np.log(0.17), 0.45))
        place = sound[int(time * RATE) :][: int(length * RATE)]
        now = np.arange(len(place)) / RATE
        voice = sum(np.sin(2 * np.pi * 140 * partial * now) / partial for partial in range(1, 12))
        place += 0.1 * chance.uniform(0.4, 1) * voice * np.hanning(len(place)) ** 0.4
        time += length + chance.choice([0, 0.05, 0.35])
    return sound[None] + noise(seconds, 0.001)


def listening():
    """A tempo analyzer that is not told what kind of sound it hears."""
    analyzer = Tempo()
    analyzer.kind = None
    return analyzer


def test_it_keeps_the_promises_of_the_contract():
    check(Tempo)
    assert analyzers() == [Tempo, Meter]


@pytest.mark.parametrize("bpm", TEMPI)
def test_clicks_have_their_tempo_within_a_thousandth(bpm):
    found = estimates(Tempo(), clicks(bpm, 20))["bpm"]
    assert found.value == pytest.approx(bpm, rel=1e-3)
    assert found.confidence > 0.4


@pytest.mark.parametrize("bpm", TEMPI)
def test_every_click_is_a_beat_and_every_beat_a_click(bpm):
    true = np.arange(0.237, 19.9, 60 / bpm)
    found = describe(Tempo(), hits(true, 20))["beats"]
    assert len(found) == len(true)
    assert off(found, true).max() < 0.02


def test_beats_follow_a_tempo_that_drifts():
    true = [0.5]
    while true[-1] < 60:
        true.append(true[-1] + 60 / (105 + 20 * true[-1] / 60))
    found = describe(Tempo(), hits(true, 61))
    assert len(found["beats"]) == len(true)
    assert off(found["beats"], true).max() < 0.02
    assert 105 < found["bpm"] < 125


def test_half_and_double_are_among_the_candidates_each_with_its_chance():
    found = estimates(Tempo(), loop(120, 6))["bpm"]
    others = np.array([bpm for bpm, _ in found.candidates])
    assert np.abs(others / 60 - 1).min() < 0.02 and np.abs(others / 240 - 1).min() < 0.02
    chances = [found.confidence, *(chance for _, chance in found.candidates)]
    assert chances == sorted(chances, reverse=True)


def test_two_beats_that_are_one_in_thirds_are_told_from_two_in_halves():
    def evidence(parts):
        row = np.zeros(int(24 * FPS))
        row[np.round(np.arange(0, 24, 1 / parts) * FPS).astype(int)] = np.where(
            np.arange(24 * parts) % parts, 1, 2
        )
        return folded_evidence(np.tile(row, (4, 1)), np.array([60.0, 120.0]))["thirds of two"]

    slow, fast = evidence(3)
    assert fast > 2 and slow < 0.2
    assert evidence(2).max() < 0.2 and evidence(4).max() < 0.2


@pytest.mark.parametrize("bpm", [87.3, 99.9, 123.4, 140.7])
def test_a_loop_has_the_tempo_that_its_length_says(bpm):
    sound = loop(bpm)
    found = estimates(Tempo(), sound)["bpm"]
    assert found.value == pytest.approx(8 * 60 * RATE / sound.shape[1], abs=2e-3)
    assert found.status == Status.OK


def test_the_exact_length_counts_at_the_rate_of_the_file():
    sound, bpm = loop(123.4), 123.4
    cutter, analyzer = Cutter(48_000), listening()
    decoded = np.zeros((1, round(8 * 60 / bpm * 48_000)), np.float32)
    for stage in (cutter.push(sound, decoded), cutter.finish()):
        for block in stage:
            analyzer.update(block)
    assert dict(analyzer.describe())["bpm"].value == pytest.approx(bpm, abs=2e-3)


def test_a_loop_with_a_little_silence_after_it_keeps_its_whole_tempo():
    assert restated(140.02, 8 * 60 / 140 + 0.01) is None
    assert restated(139.6, 8 * 60 / 140) == pytest.approx(140)
    assert restated(128.0, 30.0) is None


def test_loudness_does_not_matter():
    sound = loop(104, 4)
    loud, quiet = (estimates(Tempo(), (gain * sound).astype(np.float32))["bpm"] for gain in (1, 0.05))
    assert quiet.value == pytest.approx(loud.value, rel=1e-4)


def test_blocks_of_any_size_are_heard_alike():
    sound, found = loop(97, 6), []
    for size in (2**17, 2**14, 2**12):
        analyzer = listening()
        for block in blocks([sound], size):
            analyzer.update(block)
        found.append(dict(analyzer.describe()))
    assert found[0] == found[1] == found[2]


def test_a_tempo_is_said_while_listening_goes_on():
    analyzer, said = listening(), []
    for block in blocks([clicks(126, 30)]):
        analyzer.update(block)
        said.append(dict(analyzer.describe())["bpm"].value)
    assert np.allclose(said[1:], 126, rtol=2e-3)


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (silence(10), "silent"),
        (tone(440, seconds=20), "steady"),
        (np.full((1, 10 * RATE), 0.5, np.float32), "steady"),
        (hits([1], 6), "single hit"),
        (hits([0, 1.3], 6), "single hit"),
        (clicks(120, 1.9), "1.90 s"),
        (clicks(120, 0.3), "0.30 s"),
        (silence(0), "0.00 s"),
    ],
    ids=["silence", "sine", "direct current", "one hit", "two hits", "under 2 s", "a scrap", "nothing"],
)
def test_what_has_no_tempo_is_said_to_have_none_and_why(sound, why):
    found = estimates(Tempo(), sound)
    for name in ("bpm", "beats"):
        assert found[name].value is None and found[name].status == Status.NOT_APPLICABLE
        assert why in found[name].reason


def test_a_loop_under_two_seconds_names_its_candidates():
    found = estimates(Tempo(), loop(148, 1))["bpm"]
    assert found.value is None and found.status == Status.NOT_APPLICABLE
    assert found.candidates[0][0] == pytest.approx(148, rel=0.001)


@pytest.mark.parametrize("seed", range(4))
def test_noise_and_babble_and_random_hits_are_never_sure_of_a_tempo(seed):
    chance = np.random.default_rng(seed)
    random = hits(np.cumsum(chance.exponential(0.4, 30)), 12)
    swell = np.interp(np.arange(12 * RATE), np.arange(0, 12 * RATE, RATE // 2), chance.uniform(0, 1, 24))
    wind = noise(12, 0.1, seed) * swell.astype(np.float32)
    for sound in (noise(12, 0.1, seed), wind, babble(12, seed), random):
        found = estimates(Tempo(), sound)["bpm"]
        assert found.status in (Status.LOW_CONFIDENCE, Status.UNMEASURABLE, Status.NOT_APPLICABLE)
        assert found.reason
        assert (found.confidence or 0) < 0.5


def test_tempi_outside_the_range_asked_for_are_not_said():
    sound = loop(170, 8)
    slow, fast = describe(Tempo(slowest=60, fastest=110), sound), describe(Tempo(slowest=110), sound)
    assert slow["bpm"] == pytest.approx(85, rel=2e-3)
    assert fast["bpm"] == pytest.approx(170, rel=2e-3)
    assert len(fast["beats"]) == pytest.approx(2 * len(slow["beats"]), abs=2)


def test_a_range_of_a_single_tempo_is_answered_only_if_it_is_heard():
    narrow = {"slowest": 100, "fastest": 100.2}
    assert describe(Tempo(**narrow), clicks(100, 20))["bpm"] == pytest.approx(100, rel=2e-3)
    assert (estimates(Tempo(**narrow), loop(140, 6))["bpm"].confidence or 0) < 0.5


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_samples_that_are_no_numbers_make_it_unmeasurable(bad):
    sound = clicks(120, 10)
    sound[0, 5 * RATE] = bad
    assert estimates(Tempo(), sound)["bpm"].status == Status.UNMEASURABLE


def test_a_range_that_is_none_or_out_of_bounds_is_refused():
    with pytest.raises(ValueError, match="120"):
        Tempo(slowest=120, fastest=100)
    with pytest.raises(ValueError, match="20"):
        Tempo(slowest=20)


def test_aubio_hears_the_same_whatever_lies_in_memory_around_it():
    sound = clicks(120, 4)[0]
    beside = np.stack([sound, np.ones_like(sound)], axis=1)[:, 0]
    hops, beside = (one[: len(one) // 512 * 512].reshape(-1, 512) for one in (sound, beside))
    assert Aubio().hear(hops) == Aubio().hear(beside)


def test_memory_grows_by_few_bytes_a_second_and_ends_where_it_says():
    memory = Memory(longest=20)
    for block in blocks([noise(40)]):
        memory.add(block)
    heard = memory.recall()
    kept = sum(piece.nbytes for piece in heard.levels) + heard.complex.nbytes
    assert heard.full and heard.seconds == 40
    assert 20 * 6_500 < kept < 24 * 7_000


def test_the_end_that_was_not_heard_is_told():
    analyzer = listening()
    analyzer.memory = Memory(longest=10)
    for block in blocks([clicks(120, 30)]):
        analyzer.update(block)
    found = dict(analyzer.describe())
    assert found["bpm"].value == pytest.approx(120, rel=1e-3)
    assert "were heard" in found["bpm"].reason and max(found["beats"].value) < 15
