"""docs/accuracy.md: what SampleMind says of labelled sound, beside what others say of the same files."""

from pathlib import Path

from asking import ask
from classes import class_tables
from confidence import MOST, confidence_tables
from decoding import decoding_table, length_sentence
from labels import Labelled, keys, read_sets, tempi
from loudness import loudness_table, peak_sentence
from music import key_tables, keyless_table, tempo_tables
from ours import Heard, hear

PAGE = """# How accurate it is

This page is written by `make bench CORPORA=PATH`; do not edit it. SampleMind is asked through
`samplemindd analyze --json`, the others are asked about the same files in the same run.
Each figure is a mean over files ± its standard error. Files of one set are often related (one style, one
machine, one album), so true uncertainty is larger than the error says.

A withheld answer counts with its first candidate, or as wrong if there is none. A file that a program
fails on counts as wrong.

The sets are not part of the project. Real music is only in `gtzan_partial` and `breaks`; `rendered_scores`
comes from a synthesiser; the others are loops made for arranging and sampling.
All sets together hold {files:,} files; each got one line, none with NaN, and the exit status was as promised.

## Tempo

These sets took part in fitting the tempo's weights, so the table flatters SampleMind. What to expect of sets that
did not stands in [accuracy/tempo.md](accuracy/tempo.md): compare its column "set" with the others here.

Acc1: within 4 % of the label. Acc2: also at two, three, a half or a third times it.

{tempo}

## Key

No recording took part in fitting the key's weights: see [accuracy/key.md](accuracy/key.md).

{key}

Drum loops have no key. What is said of them all the same:

{keyless}

## Words

Right: as labelled. Mean recall: the mean over the labels of how often each was right, so that rare ones count as much.
Which sets the fits had seen stands under "Confidence"; where they had, the tables flatter SampleMind. Of
`gtzan_partial`, half is classical; its time signatures are as a person heard them, and 3/4 in classical music is often
doubtful there. The class "percussion" of one-shots holds whatever is none of the other twelve.

{classes}

## Confidence

Confidence is meant as a probability: of the answers that said .7, seven in ten should be right. The error is the mean
distance of the two over ten bins of equal width, weighted by answers (expected calibration error); at most
{calibration} is promised of sounds that no fit had seen. Most sets are loops and synthesised scores:
on real music it may be worse. "Left out": as the fitting programs measured it, on sounds that the fit had not seen;
the bins are in [accuracy/left_out.csv](accuracy/left_out.csv).

{confidence}

![What was said, and what was right, by descriptor](accuracy/reliability.svg)

## Loudness

Signals of EBU Tech 3341 and 3342 and of ITU-R BS.2217, and tones of known level; by how much each is off.

{loudness}

{peaks}

## Decoding

{torture:,} odd, old and broken files from the test suites of other programs, by what FFmpeg makes of them:

{decoding}

{lengths}
Why files that FFmpeg decodes are refused here stands in [formats](formats.md).

## How the others were called

- aubio: `aubio.tempo("default", 1024, 512, rate)` on the mono mix at the file's own rate; 60 divided by the beat
  intervals, and the median of that.
- librosa: `librosa.load(path)`; tempo: `librosa.beat.beat_track`; key: the mean of `librosa.feature.chroma_cqt`
  against the 24 profiles of Krumhansl (1990), by correlation.
- essentia: `MonoLoader` at 44,100 Hz; `RhythmExtractor2013(method="multifeature")`, `PercivalBpmEstimator()`,
  `KeyExtractor(profileType="edma")` and `"bgate"`.
- libebur128: `pyebur128`, the file at its own rate, channels in their order.

All else is as they come; their versions stand in `deploy/lock/bench.txt`.
{failed}
"""


def write_accuracy(corpora: Path, page: Path) -> None:
    """Ask everybody about everything, and write the page."""
    sets = list(read_sets(corpora))
    ours = hear(one.folder for one in sets)
    music = dict.fromkeys(path for one in sets for path in (*tempi(one), *keys(one)))
    said = ask("music", music)
    page.write_text(_page(sets, ours, said, page.parent / page.stem))


def _page(
    sets: list[Labelled], ours: dict[Path, Heard], said: dict[Path, dict[str, object]], beside: Path
) -> str:
    named = {one.name: one for one in sets}
    loudness, torture = named["loudness"], named["decoder_torture"]
    return PAGE.format(
        files=len(ours),
        tempo=tempo_tables(sets, ours, said),
        key=key_tables(sets, ours, said),
        keyless=keyless_table(sets, ours),
        classes=class_tables(sets, ours),
        calibration=MOST,
        confidence=confidence_tables(sets, ours, beside / "left_out.csv", beside / "reliability.svg"),
        loudness=loudness_table(loudness, ours, ask("loudness", loudness.rows)),
        peaks=peak_sentence(loudness, ours),
        torture=len(torture.rows),
        decoding=decoding_table(torture, ours),
        lengths=length_sentence(torture, ours),
        failed=_failed(said),
    )


def _failed(said: dict[Path, dict[str, object]]) -> str:
    """On how many files each of the others raised an error; nothing if none did."""
    names = [name for one in said.values() for name in one["failed"]]
    counts = ", ".join(f"{name} on {names.count(name)} of {len(said)}" for name in sorted(set(names)))
    return f"\nErrors raised: {counts}.\n" if counts else ""
