"""The tempo and the beats: right where there is a pulse, doubted or withheld with a reason where there is none."""

import numpy as np
import pytest

from samplemind_plugins.tempo import Meter, Tempo, analyzers
from samplemind_plugins.tempo.length import restated
from samplemind_plugins.tempo.memory import Memory
from samplemind_plugins.tempo.witness import Aubio
from samplemind_sdk import RATE, Cutter, Estimate, Status, blocks
from samplemind_sdk.testing import check, clicks, describe, estimates, noise, silence, tone

TEMPI = [60, 90, 120, 128, 174]


def hits(times, seconds):
    """A click at each of the times, in seconds, shape (1, samples)."""
    chance, sound = np.random.default_rng(1), np.zeros(int(seconds * RATE), np.float32)
    for time in times:
        tail = sound[round(time * RATE) :][:2_000]
        tail += 0.2 * chance.standard_normal(len(tail)) * np.exp(-np.arange(len(tail)) / 400)
    return sound[None]


def drum(kind, length=RATE // 4):
    """A bass drum, a snare drum or a hi-hat, shape (length,)."""
    time, chance = np.arange(length) / RATE, np.random.default_rng(2)
    if kind == "bass":
        return 0.8 * np.sin(2 * np.pi * (50 * time + 3 * (1 - np.exp(-40 * time)))) * np.exp(-18 * time)
    hiss = np.diff(chance.standard_normal(length + 1))
    return (0.25 if kind == "snare" else 0.08) * hiss * np.exp(-time * (20 if kind == "snare" else 90))


def loop(bpm, bars=2):
    """A rock beat that fills exactly so many bars, shape (1, samples)."""
    beat = 60 / bpm
    sound = np.zeros(round(4 * bars * beat * RATE) + RATE, np.float32)
    for eighth in range(8 * bars):
        kinds = [
            "hat",
            *(["bass"] if eighth % 8 in (0, 4, 5) else []),
            *(["snare"] if eighth % 4 == 2 else []),
        ]
        for kind in kinds:
            place = sound[round(eighth * beat / 2 * RATE) :][: RATE // 4]
            place += drum(kind)
    sound[:RATE] += sound[-RATE:]
    return sound[None, :-RATE]


def pattern(drums, bpm, bars, steps):
    """Drums at so many steps of a bar of so many beats, as {kind: steps}, shape (1, samples)."""
    beats, step = steps
    length = 60 / bpm * beats / step
    sound = np.zeros(round(bars * step * length * RATE) + RATE, np.float32)
    for bar in range(bars):
        for kind, places in drums.items():
            for place in places:
                here = sound[round((bar * step + place) * length * RATE) :][: RATE // 4]
                here += drum(kind)
    return sound[None, :-RATE]


def house(bpm=124, bars=4):
    """A bass drum on each beat, and a hi-hat and a bass note between, that are as loud together."""
    sound = pattern({"bass": range(0, 8, 2), "hat": range(1, 8, 2)}, bpm, bars, (4, 8))
    time = np.arange(RATE // 5) / RATE
    note = 0.2 * sum(np.sin(2 * np.pi * 55 * part * time) / part for part in (1, 2, 3)) * np.exp(-15 * time)
    for beat in range(4 * bars):
        here = sound[0, round((beat + 0.5) * 60 / bpm * RATE) :][: len(note)]
        here += note[: len(here)].astype(np.float32)
    return sound


def signature(sound):
    """What is said of the metre, given the beats that are heard."""
    return estimates(Meter(), sound, beats=estimates(Tempo(), sound)["beats"])["signature"]


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


def off(found, true):
    """How far each beat is from the nearest true one, in seconds."""
    return np.abs(np.array(found)[:, None] - np.array(true)[None]).min(axis=1)


def test_it_keeps_the_promises_of_the_contract():
    check(Tempo)
    check(Meter)
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


def test_beats_are_where_the_bass_drum_is_and_not_between():
    sound = house()
    found = describe(Tempo(), sound)["beats"]
    assert len(found) == 16
    assert off(found, np.arange(16) * 60 / 124).max() < 0.02


@pytest.mark.parametrize("bpm", [92, 140])
def test_three_beats_in_a_bar_are_told_from_four(bpm):
    waltz = {"bass": [0], "snare": [2, 4], "hat": range(6)}
    rock = {"bass": [0, 4, 5], "snare": [2, 6], "hat": range(8)}
    assert signature(pattern(waltz, bpm, 12, (3, 6))).value == "3/4"
    assert signature(pattern(rock, bpm, 9, (4, 8))).value == "4/4"


def test_a_metre_has_others_beside_it_each_with_its_chance():
    found = signature(loop(120, 8))
    assert found.value == "4/4" and "2/4" in dict(found.candidates)
    assert found.confidence + sum(chance for _, chance in found.candidates) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("sound", [clicks(128, 30), clicks(174, 30), loop(120, 1)])
def test_beats_that_are_alike_or_few_have_no_metre(sound):
    found = signature(sound)
    assert found.value is None and found.reason


def test_bars_of_a_loop_begin_with_it():
    sound, beats = loop(120, 4), np.arange(16) / 2
    found = estimates(Tempo(), sound, kind=Estimate("loop", 0.95))
    assert off(beats[::4], found["downbeats"].value).max() < 0.03
    assert len(found["downbeats"].value) == 4 and found["downbeats"].confidence > 0.4


def test_bars_are_not_said_where_no_metre_is_known():
    found = estimates(Tempo(), clicks(128, 30))["downbeats"]
    assert found.value is None and "how many beats" in found.reason


def test_a_loop_has_a_whole_number_of_beats_and_a_song_none():
    sound = loop(97.3, 8)
    assert describe(Tempo(), sound, kind=Estimate("loop", 0.95))["loop_beats"] == 32
    assert (
        estimates(Tempo(), sound, kind=Estimate("song", 0.9))["loop_beats"].reason
        == "it is a song, not a loop"
    )


def test_a_loop_longer_than_others_has_the_tempo_that_its_length_says():
    sound = loop(97.3, 8)
    found = describe(Tempo(), sound, kind=Estimate("loop", 0.95))["bpm"]
    assert found == pytest.approx(32 * 60 * RATE / sound.shape[1], abs=1e-3)


@pytest.mark.parametrize("kind", ["one-shot", "speech", "silence"])
def test_what_is_surely_no_music_has_no_tempo_and_a_doubt_does_not_count(kind):
    sure, unsure = (estimates(Tempo(), loop(120, 4), kind=Estimate(kind, chance)) for chance in (0.95, 0.5))
    assert sure["bpm"].value is None and kind in sure["bpm"].reason
    assert unsure["bpm"].value == pytest.approx(120)


def test_half_and_double_are_among_the_candidates_each_with_its_chance():
    found = estimates(Tempo(), loop(120, 6))["bpm"]
    others = np.array([bpm for bpm, _ in found.candidates])
    assert np.abs(others / 60 - 1).min() < 0.02 and np.abs(others / 240 - 1).min() < 0.02
    chances = [found.confidence, *(chance for _, chance in found.candidates)]
    assert chances == sorted(chances, reverse=True)


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
    straight, strided = Aubio(), Aubio()
    for start in range(0, len(sound) - 512, 512):
        assert straight.hear(sound[start : start + 512]) == strided.hear(beside[start : start + 512])


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
