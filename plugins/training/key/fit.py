"""Fit samplemind_plugins/key/weights.json to sound that is made for it: compose, render, hear, fit, write.

Needs FluidSynth and its two soundfonts (Debian: fluidsynth, fluid-soundfont-gm, timgm6mb-soundfont).
No recording takes part, so what is fitted here may be judged on all labelled recordings.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from composing import WEIGHTS, compose
from fitting import Examples, fit
from rendering import render

from samplemind_plugins import key
from samplemind_plugins.key.chroma import TUNINGS, Votes, shares
from samplemind_plugins.key.peaks import Numbers
from samplemind_sdk import Samples, blocks

PIECES = 4_000
DIGITS = 5  # that are kept of each number
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


def write(path: Path, fitted: dict[str, Numbers]) -> None:
    """The numbers, rounded, as the plugin reads them."""
    rounded = {name: np.round(numbers, DIGITS).tolist() for name, numbers in fitted.items()}
    path.write_text(json.dumps(rounded))


def main() -> None:
    """Fit, and write the weights in their place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--out", type=Path, default=Path(key.__file__).with_name("weights.json"))
    asked = parser.parse_args()
    write(asked.out, fit(gather(asked.pieces)))


if __name__ == "__main__":
    main()
