"""The minimum-requirements test signals of EBU Tech 3341 (2023, table 1) and Tech 3342 (2023, table 1)."""

import csv
import os
from collections.abc import Iterator
from contextlib import suppress
from math import ceil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import firwin

from samplemind_plugins.loudness import Loudness
from samplemind_sdk import RATE, CannotDescribe, Cutter, Samples

CORPORA = Path(os.environ.get("SAMPLEMIND_CORPORA", Path(__file__).parents[2] / "../shared/corpora"))
FULL_RATE = 48_000


def heard(source: Samples, rate: int = FULL_RATE) -> Iterator[dict[str, float]]:
    """What is known after each tenth of a second of a sound of shape (channels, samples)."""
    cutter, analyzer = Cutter(rate, RATE // 10), Loudness()
    resampled = np.zeros((len(source), source.shape[1] * RATE // rate), np.float32)
    for blocks in (cutter.push(resampled, source), cutter.finish()):
        for block in blocks:
            analyzer.update(block)
            known: dict[str, float] = {}
            with suppress(CannotDescribe):  # as long as all is silent
                known = {name: one.value for name, one in analyzer.describe() if one.value is not None}
            yield known


def measured(source: Samples, rate: int = FULL_RATE) -> dict[str, float]:
    *_, last = heard(source, rate)
    return last


def tones(*parts: tuple[float, float], rate: int = FULL_RATE, counts: tuple[float, ...] = (1, 1)) -> Samples:
    """A sine of 1 kHz in every channel: parts of so many seconds at so many dBFS, one after the other."""
    lengths = [round(seconds * rate) for seconds, _ in parts]
    level = np.repeat([10 ** (decibels / 20) for _, decibels in parts], lengths)
    wave = level * np.sin(2 * np.pi * 1_000 * np.arange(len(level)) / rate)
    return (np.array(counts)[:, None] * wave).astype(np.float32)


SILENT = -np.inf
LOUDNESS = {
    1: ([(20, -23)], -23.0),
    2: ([(20, -33)], -33.0),
    3: ([(10, -36), (60, -23), (10, -36)], -23.0),
    4: ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
    5: ([(20, -26), (20.1, -20), (20, -26)], -23.0),
}


@pytest.mark.parametrize("case", LOUDNESS)
def test_3341_1_to_5_read_the_integrated_loudness(case):
    parts, expected = LOUDNESS[case]
    assert measured(tones(*parts))["integrated"] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("case", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000])
def test_3341_1_and_2_read_all_three_loudnesses_at_every_rate(case, rate):
    parts, expected = LOUDNESS[case]
    found = measured(tones(*parts, rate=rate), rate)
    for name in ("integrated", "momentary_max", "short_term_max"):
        assert found[name] == pytest.approx(expected, abs=0.1)
    assert found["replaygain"] == pytest.approx(-18 - found["integrated"])


FRONT, CENTRE, BACK = (10 ** (decibels / 20) for decibels in (-28, -24, -30))


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param((FRONT, FRONT, CENTRE, BACK, BACK), id="5.0"),
        pytest.param((FRONT, FRONT, CENTRE, 0, BACK, BACK), id="5.1"),
        pytest.param((FRONT, FRONT, CENTRE, 1, BACK, BACK), id="5.1 with a low-frequency channel at 0 dBFS"),
        pytest.param((FRONT, FRONT, CENTRE, 1, 0, 0, BACK, BACK), id="7.1 without its back channels"),
    ],
)
def test_3341_6_reads_surround(layout):
    assert measured(tones((20, 0), counts=layout))["integrated"] == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_3341_9_reads_a_constant_short_term_loudness(rate):
    steady = list(heard(tones(*[(1.34, -20), (1.66, -30)] * 5, rate=rate), rate))[31:]
    assert all(found["short_term_max"] == pytest.approx(-23, abs=0.1) for found in steady)


def test_3341_10_reads_3_s_wherever_they_begin():
    for i in range(20):
        segment = tones((i * 0.15, SILENT), (3, -23), (1, SILENT))
        assert measured(segment)["short_term_max"] == pytest.approx(-23, abs=0.1), i


def test_3341_11_reads_ever_louder_3_s_while_they_come_in():
    parts = [[(i * 0.15, SILENT), (3, i - 38), (3 - i * 0.15, SILENT)] for i in range(20)]
    found = [one.get("short_term_max") for one in heard(tones(*[part for one in parts for part in one]))]
    ends = [ceil(10 * round(6 * i + i * 0.15 + 3, 6)) - 1 for i in range(20)]
    assert [found[end] for end in ends] == pytest.approx([i - 38 for i in range(20)], abs=0.1)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_3341_12_reads_a_constant_momentary_loudness(rate):
    steady = list(heard(tones(*[(0.18, -20), (0.22, -30)] * 25, rate=rate), rate))[11:]
    assert all(found["momentary_max"] == pytest.approx(-23, abs=0.1) for found in steady)


def test_3341_13_reads_400_ms_wherever_they_begin():
    for i in range(20):
        segment = tones((i * 0.02, SILENT), (0.4, -23), (1, SILENT))
        assert measured(segment)["momentary_max"] == pytest.approx(-23, abs=0.1), i


def test_3341_14_reads_ever_louder_400_ms_while_they_come_in():
    parts = [[(i * 0.02, SILENT), (0.4, i - 38), (0.4 - i * 0.02, SILENT)] for i in range(20)]
    found = [one.get("momentary_max") for one in heard(tones(*[part for one in parts for part in one]))]
    ends = [ceil(10 * round(0.8 * i + i * 0.02 + 0.4, 6)) - 1 for i in range(20)]
    assert [found[end] for end in ends] == pytest.approx([i - 38 for i in range(20)], abs=0.1)


def tapered(wave: np.ndarray, rate: int, seconds: float = 0.01) -> Samples:
    """The wave in both channels, faded in and out."""
    place = np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / (seconds * rate)
    return np.repeat([(wave * np.minimum(1, place)).astype(np.float32)], 2, axis=0)


@pytest.mark.parametrize("rate", [44_100, 48_000, 88_200, 96_000])
@pytest.mark.parametrize(
    ("part", "level", "degrees", "expected"),
    [
        pytest.param(4, 0.50, 0.0, -6.0, id="15"),
        pytest.param(4, 0.50, 45.0, -6.0, id="16"),
        pytest.param(6, 0.50, 60.0, -6.0, id="17"),
        pytest.param(8, 0.50, 67.5, -6.0, id="18"),
        pytest.param(4, 1.41, 45.0, 3.0, id="19"),
    ],
)
def test_3341_15_to_19_read_the_true_peak_of_tones(rate, part, level, degrees, expected):
    wave = level * np.sin(2 * np.pi * np.arange(rate) / part + np.radians(degrees))
    found = measured(tapered(wave, rate), rate)["true_peak"]
    assert expected - 0.4 <= found <= expected + 0.2


@pytest.mark.parametrize("offset", range(4))
def test_3341_20_to_23_read_the_true_peak_of_a_single_period(offset):
    slow = 0.5 * np.sin(2 * np.pi * np.arange(24 * 400) / 24)
    single = np.sin(2 * np.pi * np.arange(16) / 16)  # at 4 times the rate, a sixth is 24 and a fourth 16
    wide = np.concatenate([slow, single, slow])
    narrow = np.convolve(wide, firwin(255, 0.96 / 4), mode="same")
    found = measured(tapered(narrow[offset::4], FULL_RATE))["true_peak"]
    assert -0.4 <= found <= 0.2


RANGES = {
    1: ([(20, -20), (20, -30)], 10),
    2: ([(20, -20), (20, -15)], 5),
    3: ([(20, -40), (20, -20)], 20),
    4: ([(20, -50), (20, -35), (20, -20), (20, -35), (20, -50)], 15),
}


@pytest.mark.parametrize("case", RANGES)
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_3342_1_to_4_read_the_loudness_range(case, rate):
    parts, expected = RANGES[case]
    assert measured(tones(*parts, rate=rate), rate)["range"] == pytest.approx(expected, abs=1)


def labelled() -> list[dict[str, str]]:
    labels = CORPORA / "loudness" / "labels.csv"
    return list(csv.DictReader(labels.open())) if labels.exists() else []


@pytest.mark.skipif(not labelled(), reason=f"NO LABELLED SOUND: there is no {CORPORA}/loudness/labels.csv")
@pytest.mark.parametrize("label", labelled(), ids=lambda label: label["file"])
def test_labelled_sound_reads_as_labelled(label):
    source, rate = soundfile.read(CORPORA / "loudness" / label["file"], dtype="float32", always_2d=True)
    found = measured(source.T, rate)
    if label["label_kind"].startswith("no official"):
        expected, within = label["ffmpeg_I"], 0.1  # what another meter says, rounded to 0.1
    else:
        expected, within = label["integrated_lufs"], float(label["tolerance_lu"])
    if expected:
        assert found["integrated"] == pytest.approx(float(expected), abs=within)
    if label["lra_lu"]:
        assert found["range"] == pytest.approx(float(label["lra_lu"]), abs=float(label["lra_tolerance_lu"]))
    assert found["true_peak"] == pytest.approx(float(label["ffmpeg_true_peak_dbtp"]), abs=0.15)
