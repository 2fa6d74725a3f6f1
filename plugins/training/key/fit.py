"""Fit samplemind_plugins/key/song.json to sound that is made for it: compose, render, hear, fit, write.

Needs FluidSynth and its two soundfonts (Debian: fluidsynth, fluid-soundfont-gm, timgm6mb-soundfont).
No recording takes part, so what is fitted here may be judged on all labelled recordings.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from composing import WEIGHTS, compose
from fitting import Examples, fit, write
from rendering import render

from samplemind_plugins import key
from samplemind_plugins.key.chroma import TUNINGS, Votes, shares
from samplemind_sdk import Samples, blocks

PIECES = 4_000
MODES = {"major": 0, "minor": 1, None: -1}


def hear(sound: Samples) -> Votes | None:
    """What the analyzer gathers of a whole sound, at the tuning it finds: shape (channels, 12); None without tones."""
    analyzer = key.Key()
    for block in blocks([sound[None]]):
        analyzer.update(block)
    if not analyzer.whole.count:
        return None
    return shares(analyzer.whole.total)[np.abs(TUNINGS - analyzer.tune.cents).argmin()]


def example(number: int) -> tuple[Votes, int, int, float] | None:
    """What is heard of a piece, its tonic, its mode and its weight; None if nobody plays."""
    piece = compose(number)
    heard = hear(render(piece.score, number))
    if heard is None:
        return None
    return heard, piece.tonic, MODES[piece.mode], WEIGHTS[piece.kind]


def gather(count: int) -> Examples:
    """Examples from that many pieces."""
    with ProcessPoolExecutor() as pool:
        found = [one for one in pool.map(example, range(count), chunksize=20) if one is not None]
    chroma, tonic, mode, weight = zip(*found, strict=True)
    return Examples(np.array(chroma), np.array(tonic), np.array(mode), np.array(weight))


def main() -> None:
    """Fit, and write the weights in their place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--out", type=Path, default=Path(key.__file__).with_name("song.json"))
    asked = parser.parse_args()
    write(asked.out, fit(gather(asked.pieces)))


if __name__ == "__main__":
    main()
