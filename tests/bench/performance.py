"""docs/performance.md: how long a file takes beside essentia and beside decoding, where the time goes, and memory."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from textwrap import fill
from typing import Any

import av
import band
from asking import HERE, PYTHON
from beside import beside
from memory import peak_mib
from ours import COMMAND
from running import OUR_PYTHON, ours, theirs, took, wall
from tables import share, table

SECONDS, HOURS, PAIRS = 200, 2, 7
FASTER, DECODINGS = 5, 4  # times: than MusicExtractor, and the cost of decoding MP3, as promised
MOST_MIB = 300
LEAST = 0.005  # share of the whole that gets a row of its own

PAGE = """# How fast it is, and how much memory it takes

This page is written by `make bench PARTS=performance`; do not edit it. Ratios are worth more than seconds,
which depend on the machine. Machine of this run: {machine}.
Searching 100,000 sounds has [a page of its own](performance/library.md), and so has finding [what is like one of
them](performance/similar.md); where the time of a call to the daemon goes is told in [a third](performance/calls.md).

## Time

A synthesised stereo file of {seconds} s (drums, bass, chords, melody; 44,100 Hz) is heard by all {count} shipped
analyzers: on one core, one thread, in turns with the others, {pairs} pairs. The others are essentia's `MusicExtractor`
with its defaults on the same file, and our own decoder on the same sound as MP3 (128 kbit/s, LAME), doing nothing
else. The analyzers are:
{analyzers}.

{times}

"In the worker": processor time from opening the file to the last finding, in a process that has heard a short sound
before, as MusicExtractor has; where it is set against decoding, both processes have heard the whole file once before.
"Whole command": wall time of `samplemindd analyze --json` against a Python that imports essentia and extracts.

Promised: at least {faster} times faster than `MusicExtractor`. {faster_verdict}
Promised: at most {decodings} times the cost of decoding MP3. {decodings_verdict}

## Beside other programs

The same file, one core, one thread, in turns, the median of three: processor time from opening it to the last answer,
after a short sound, and the most memory that the process took, with all that it had loaded. How each was called stands
in [accuracy](accuracy.md#how-the-others-were-called). Seconds are those of this machine.

{beside}

## Where the time goes

Shares of the processor time in the worker. A feature is computed once a block and shared; an analyzer's share is
without the features it takes, "handing round" is what holds them together.

{shares}

## What was tried

- Features shared by all analyzers are transformed 2**17 samples at a time, which stay in the processor's cache: that
  halves the spectra. Windows are made once. Blocks are copied once from what was decoded, channel by channel, and only
  once where nothing is resampled. Sixteen-bit numbers become fractions in a third of libsndfile's time.
- Blocks are of 2**18 samples, six seconds: each costs more than a thousand calls from Python. With 2**17 all takes 5 to
  10 % more, with 2**16 about 40 %, with 2**15 about 70 %. It takes 4 MiB more of memory than 2**17 does.
- Workers keep the memory that a block frees, up to 64 MiB, for the next one. Before, it went back to the system after
  each block and was cleared again: a tenth of all time.
- The K-weighting of loudness is a product of matrices for every 64 samples, with four numbers that carry over to the
  next. That takes a fifth of the time of second-order sections sample by sample; what carries over is in 64-bit floats
  and spreads to all pieces in a few doublings, which takes less time than `lfilter` on its modes. The loudness of all
  files that were tried differs by less than 0.0001 LU.
- Bands of a spectrum are summed sixteen at a time, over the bins that matter to any of these: half to a third of the
  time of a product with all bins. It is done for eight frames at a time, so that the bits do not depend on how many
  there are: in larger products they do.
- aubio is built with `-O3`, which makes it two to four times faster. The hops of a block are halved
  in rate together: a mean for each hop took a quarter of its time. Its transforms for onsets and for the tempo are
  the same, but cannot be shared.
- Spectra are of 32-bit floats. `numpy.fft` takes eight times as long as `scipy.fft`
  for the same frames of 2,048 samples, and twice as long for one long signal of 64-bit floats.
- Files are decoded in pieces of 2**16 frames, and resampled 2**15 or more at a time. MP3 comes in frames of 26 ms, and
  most of what decoding them costs beyond the decoder itself is Python's price for each.
- The true peak is interpolated only where a bound says that it may exceed the peak so far: on music, few places. A
  rough bound by the greatest sample alone comes first; it leaves a twentieth of them to a finer one, half if loud.
- Long lists of numbers that are found are checked by their extremes, not one by one: that was a tenth of describing.
- To transform the frames for the key eight at a time, as the shared ones are, gains nothing.
- Magnitudes as the square root of a sum of squares take three times as long as `abs`, and differ in the last bit.
- No compiled code of our own: nothing in the table is large enough alone to be worth a compiler on every machine.

## Memory

While a worker hears a stereo WAV file of {hours} hours, its resident memory peaks at {peak:.0f} MiB,
{verdict}the {most} MiB that are promised.
"""


def write_performance(page: Path) -> None:
    """Measure, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        short, piece, long = (Path(folder) / f"{name}.wav" for name in ("short", "piece", "long"))
        band.write(short, 10)
        band.write(piece, SECONDS)
        analyzers = ours(piece, short)["analyzers"]
        extracting, decoding, whole = _ratios(piece, short)
        shares = _shares(piece, short)
        others = beside(piece, short, SECONDS)
        band.write(long, HOURS * 3_600)
        peak = max(peak_mib([COMMAND, "analyze", "--json", "--jobs", "1", "--home", folder, long]).values())
    page.write_text(
        PAGE.format(
            machine=_machine(), seconds=SECONDS, count=len(analyzers),
            analyzers=fill(", ".join(analyzers), 118), pairs=PAIRS,
            times=_times(extracting, decoding, whole), beside=others, shares=shares,
            faster=FASTER, faster_verdict=_verdict(median(extracting) <= 1 / FASTER, 1 / median(extracting)),
            decodings=DECODINGS, decodings_verdict=_verdict(median(decoding) <= DECODINGS, median(decoding)),
            hours=HOURS, peak=peak, verdict="under " if peak < MOST_MIB else "**over** ", most=MOST_MIB,
        )
    )  # fmt: skip


def _ratios(piece: Path, short: Path) -> tuple[list[float], list[float], list[float]]:
    """Our time against that of extracting, of decoding, and of whole commands; each pair in turns."""
    packed = piece.with_suffix(".mp3")
    _encode(piece, packed)
    with tempfile.TemporaryDirectory() as home:
        command = [COMMAND, "analyze", "--json", "--jobs", "1", "--home", home, piece]
        other: list[str | Path] = [PYTHON, HERE / "costing.py", "MusicExtractor", piece]
        return (
            _pairs(
                lambda: ours(piece, short)["cpu"],
                lambda: theirs("MusicExtractor", piece, short),
            ),
            _pairs(
                lambda: ours(piece, piece)["cpu"], lambda: took([OUR_PYTHON, HERE / "unpacking.py", packed])
            ),
            _pairs(lambda: wall(command), lambda: {"cpu": wall(other)}),
        )


def _pairs(ours: Callable[[], float], theirs: Callable[[], dict[str, Any]]) -> list[float]:
    return [ours() / float(theirs()["cpu"]) for _ in range(PAIRS)]


def _times(extracting: list[float], decoding: list[float], whole: list[float]) -> str:
    rows = [
        ["in the worker, against MusicExtractor", *_spread(extracting)],
        ["whole command, against MusicExtractor", *_spread(whole)],
        ["in the worker, against decoding MP3", *_spread(decoding)],
    ]
    return table(["our time", "median ratio", "lowest", "highest"], rows)


def _spread(found: list[float]) -> list[str]:
    return [f"{one:.2f}" for one in (median(found), min(found), max(found))]


def _verdict(kept: bool, times: float) -> str:
    return f"It is {times:.1f} times: {'kept' if kept else '**not kept**'}."


def _shares(piece: Path, short: Path) -> str:
    """The run that took least, so that what else the machine did disturbs least."""
    watched = [took([OUR_PYTHON, HERE / "hearing.py", piece, short, "watch"]) for _ in range(3)]
    least = min(watched, key=lambda one: sum(one.values()))
    whole = sum(least.values())
    ordered = sorted(least.items(), key=lambda one: -one[1])
    rows = [[what, share(part, whole)] for what, part in ordered if part >= LEAST * whole]
    rest = [(what, part) for what, part in ordered if part < LEAST * whole]
    if rest:
        rows.append(
            [f"the rest: {', '.join(what for what, _ in rest)}", share(sum(part for _, part in rest), whole)]
        )
    return table(["what", "share"], rows)


def _encode(sound: Path, packed: Path) -> None:
    """The same sound as MP3."""
    with av.open(str(sound)) as source, av.open(str(packed), "w", format="mp3") as out:
        stream = out.add_stream("libmp3lame", rate=band.RATE, layout="stereo")
        stream.bit_rate = 128_000
        for frame in source.decode(audio=0):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
    return f"{name}, {os.cpu_count()} cores"
