"""Fit samplemind_plugins/key/chord.json and single_chord.json: what one chord stands for, and when there is only one.

When there is one is fitted so that the key gets as likely as can be by choosing between the two layers. Prints how
well it does on pieces left out. Needs FluidSynth, as fit.py does, and song.json, which fit.py makes.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from composing import Piece, compose, compose_one_chord
from fitting import Examples, fit, fit_choice, write
from rendering import render

from samplemind_plugins import key
from samplemind_plugins.key.chroma import TUNINGS, Votes, shares
from samplemind_plugins.key.model import Layer, chance, log_posterior
from samplemind_plugins.key.peaks import Numbers
from samplemind_sdk import blocks

CHORDS, SONGS, FIRST_SONG, FOLDS = (
    1_200,
    500,
    20_000,
    3,
)  # the songs are none of those that song.json was fitted to
POWER = 3.0  # what a chord without a third counts: it teaches how sure of a mode one may be
PLACE = Path(key.__file__).parent


@dataclass(frozen=True)
class Heard:
    """A piece, and what was heard of it."""

    piece: Piece
    chroma: Votes
    song: Numbers  # log probability of each key, taken for a song
    evidence: Numbers  # for one chord

    @property
    def key(self) -> int:
        """Its key, as an index of KEYS."""
        return self.piece.tonic + 12 * (self.piece.mode == "minor")


def hear(number: int) -> Heard | None:
    """A piece of one chord, or a song from FIRST_SONG on; None if nothing sounds or nobody could tell its mode."""
    piece = compose(number) if number >= FIRST_SONG else compose_one_chord(number)
    if piece.mode is None:
        return None
    analyzer = key.Key()
    for block in blocks([render(piece.score, number)[None]]):
        analyzer.update(block)
    if not analyzer.whole.count:
        return None
    tuning = int(np.abs(TUNINGS - analyzer.tune.cents).argmin())
    chroma = shares(analyzer.whole.total)[tuning]
    return Heard(piece, chroma, analyzer.in_song(chroma, tuning), analyzer.constancy.evidence(chroma, tuning))


def fit_chords(heard: list[Heard]) -> dict[str, Numbers]:
    """The layer for one chord."""
    pieces = [one.piece for one in heard]
    weight = np.array([POWER if piece.kind == "power" else 1.0 for piece in pieces])
    mode = np.array([int(piece.mode == "minor") for piece in pieces])
    tonic = np.array([piece.tonic for piece in pieces])
    return fit(Examples(np.array([one.chroma for one in heard]), tonic, mode, weight))


def folds(count: int) -> Iterator[np.ndarray]:
    """Which are left out, in turn."""
    return (np.arange(count) % FOLDS == fold for fold in range(FOLDS))


def picked(heard: list[Heard], which: np.ndarray) -> list[Heard]:
    """Those that are true in `which`."""
    return [one for one, chosen in zip(heard, which, strict=True) if chosen]


def left_out(chords: list[Heard], songs: list[Heard]) -> Numbers:
    """The log probability of each key, taken for one chord: of chords by layers that were fitted to others."""
    found = np.zeros((len(chords) + len(songs), 24))
    for out in folds(len(chords)):
        layer = Layer(**fit_chords(picked(chords, ~out)))
        found[: len(chords)][out] = log_posterior(
            np.array([one.chroma for one in picked(chords, out)]), layer
        )
        found[len(chords) :] = log_posterior(np.array([one.chroma for one in songs]), layer)
    return found


def choose(chord: Numbers, heard: list[Heard], counts: Numbers) -> dict[str, Numbers]:
    """The layer that tells one chord, given what each piece is if it is one, and what it counts."""
    every, keys = np.arange(len(heard)), np.array([one.key for one in heard])
    song = np.array([one.song for one in heard])
    evidence = np.array([one.evidence for one in heard])
    return fit_choice(evidence, np.exp(chord[every, keys]), np.exp(song[every, keys]), counts)


def judge(chord: Numbers, heard: list[Heard], counts: Numbers) -> None:
    """Print the share of right keys, as songs and as chosen, of pieces left out."""
    chosen = np.zeros(len(heard), bool)
    for out in folds(len(heard)):
        layer = Layer(**choose(chord[~out], picked(heard, ~out), counts[~out]))
        chosen[out] = [chance(one.evidence, layer) >= 0.5 for one in picked(heard, out)]
    keys, song = np.array([one.key for one in heard]), np.array([one.song for one in heard])
    mixed = np.where(chosen[:, None], chord, song)
    kinds = np.array([one.piece.kind + " alone" * one.piece.alone for one in heard])
    for kind in sorted(set(kinds)):
        of = kinds == kind
        before, after = (float((each.argmax(axis=1) == keys)[of].mean()) for each in (song, mixed))
        print(
            f"{kind:14} {of.sum():4}  as a song {before:.3f}  chosen {after:.3f}  as a chord {chosen[of].mean():.3f}"
        )


def main() -> None:
    """Hear, judge, fit, and write the weights in their place."""
    numbers = [*range(CHORDS), *range(FIRST_SONG, FIRST_SONG + SONGS)]
    with ProcessPoolExecutor() as pool:
        heard = [one for one in pool.map(hear, numbers, chunksize=10) if one is not None]
    chords = [one for one in heard if one.piece.alone]
    songs = [one for one in heard if not one.piece.alone]
    counts = np.repeat([1 / len(chords), 1 / len(songs)], [len(chords), len(songs)])
    chord = left_out(chords, songs)
    judge(chord, chords + songs, counts)
    write(PLACE / "chord.json", fit_chords(chords))
    write(PLACE / "single_chord.json", choose(chord, chords + songs, counts))


if __name__ == "__main__":
    main()
