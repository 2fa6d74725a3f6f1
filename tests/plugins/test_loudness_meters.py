"""Other people's meters read the same: libebur128 through pyebur128, and FFmpeg's ebur128 through PyAV."""

import numpy as np
import pytest

from samplemind_plugins.loudness import Loudness
from samplemind_sdk import RATE, Cutter, Samples

STEP = 100  # pieces a second that the other meters are given, so that their maxima are as fine as ours


def measured(source: Samples, rate: int) -> dict[str, float]:
    """The values of a sound of shape (channels, samples)."""
    cutter, analyzer = Cutter(rate), Loudness()
    resampled = np.zeros((len(source), source.shape[1] * RATE // rate), np.float32)
    for blocks in (cutter.push(resampled, source), cutter.finish()):
        for block in blocks:
            analyzer.update(block)
    return {name: one.value for name, one in analyzer.describe()}


def programme(rate: int, channels: int, seconds: int = 25, seed: int = 1) -> Samples:
    """Noise and tones that swell and fade by 25 dB, differently in every channel."""
    chance = np.random.default_rng(seed)
    time = np.arange(seconds * rate) / rate
    rows = []
    for channel in range(channels):
        level = 10 ** ((-30 + 12.5 * np.sin(2 * np.pi * time / (7 + channel))) / 20)
        tone = np.sin(2 * np.pi * chance.uniform(100, 0.2 * rate) * time)
        rows.append(level * (tone + 0.3 * chance.standard_normal(len(time))))
    return np.array(rows, np.float32)


def libebur128(source: Samples, rate: int) -> dict[str, float]:
    meter = pytest.importorskip("pyebur128", reason="NO SECOND METER: pyebur128 is not installed")
    channels, mode = len(source), meter.MeasurementMode
    state = meter.R128State(channels, rate, mode.MODE_I | mode.MODE_S | mode.MODE_TRUE_PEAK)
    short: list[float] = []
    moment = -np.inf
    for number in range(source.shape[1] * STEP // rate):
        piece = source[:, -(-number * rate // STEP) : -(-(number + 1) * rate // STEP)]
        state.add_frames(np.ascontiguousarray(piece.T).ravel(), piece.shape[1])
        if number >= 3 * STEP - 1:
            short.append(meter.get_loudness_shortterm(state))
        if number >= 0.4 * STEP - 1:
            moment = max(moment, meter.get_loudness_momentary(state))
    peak = max(meter.get_true_peak(state, channel) for channel in range(channels))
    return {
        "integrated": meter.get_loudness_global(state),
        "range": loudness_range(np.array(short[:: STEP // 10])),
        "short_term_max": max(short),
        "momentary_max": moment,
        "true_peak": 20 * np.log10(peak),
    }


def loudness_range(short: np.ndarray) -> float:
    """Tech 3342, of its short-term loudness every 0.1 s: its own range looks only once a second."""
    loud = short[short >= -70]
    gate = 10 * np.log10(np.mean(10 ** (loud / 10))) - 20
    low, high = np.percentile(loud[loud >= gate], [10, 95])
    return float(high - low)


@pytest.mark.parametrize(
    ("rate", "channels"),
    [(8_000, 1), (22_050, 1), (44_100, 1), (44_100, 2), (48_000, 2), (48_000, 5), (48_000, 6), (96_000, 2)],
)
def test_libebur128_reads_the_same(rate, channels):
    source = programme(rate, channels)
    ours, theirs = measured(source, rate), libebur128(source, rate)
    for name in ("integrated", "short_term_max", "momentary_max"):
        assert ours[name] == pytest.approx(theirs[name], abs=0.01), name
    assert ours["range"] == pytest.approx(theirs["range"], abs=0.1)
    # the noise goes up to half the rate, where its interpolator, half as long as ours, finds less
    assert ours["true_peak"] == pytest.approx(theirs["true_peak"], abs=0.25)


def ffmpeg(source: Samples, rate: int, layout: str) -> dict[str, str]:
    av = pytest.importorskip("av", reason="NO SECOND METER: PyAV is not installed")
    graph = av.filter.Graph()
    clock = f"1/{rate}"
    entry = graph.add_abuffer(format="fltp", sample_rate=rate, layout=layout, time_base=clock)
    try:
        meter = graph.add("ebur128", "metadata=1:peak=true+sample")
    except ValueError:
        pytest.skip("NO SECOND METER: this FFmpeg was built without ebur128")
    leave = graph.add("abuffersink")
    entry.link_to(meter)
    meter.link_to(leave)
    graph.configure()
    said: dict[str, str] = {}
    for start in range(0, source.shape[1], rate // 10):
        piece = np.ascontiguousarray(source[:, start : start + rate // 10])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, start
        entry.push(frame)
        while True:
            try:
                said = dict(leave.pull().metadata) or said
            except (av.BlockingIOError, av.EOFError):
                break
    return {name.removeprefix("lavfi.r128."): value for name, value in said.items()}


@pytest.mark.parametrize(("layout", "channels"), [("stereo", 2), ("5.1", 6)])
def test_ffmpeg_reads_the_same(layout, channels):
    source = programme(48_000, channels)
    ours, theirs = measured(source, 48_000), ffmpeg(source, 48_000, layout)
    assert ours["integrated"] == pytest.approx(float(theirs["I"]), abs=0.05)
    assert ours["range"] == pytest.approx(float(theirs["LRA"]), abs=0.5)
    assert ours["true_peak"] == pytest.approx(20 * np.log10(float(theirs["true_peak"])), abs=0.2)
    assert ours["sample_peak"] == pytest.approx(20 * np.log10(float(theirs["sample_peak"])), abs=0.01)
