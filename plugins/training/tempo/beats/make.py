"""Write, play and picture pieces whose beats are known.

usage: make.py FIRST COUNT OUT [DRUM_ONESHOTS]

Pieces FIRST to FIRST + COUNT - 1 are pictured in OUT, a pickle; DRUM_ONESHOTS is a folder of labelled one-shots,
which play half of the drums. Each piece takes a third of a second, so that several ranges may be made at once.
"""

import pickle
import sys
from pathlib import Path

import numpy as np
from composing import compose
from excerpts import Excerpt, excerpts
from sound import play

EACH = 5  # excerpts of a piece
SILENT = 1e-3  # of full scale: now and then nobody plays


def main(first: int, count: int, out: Path, shots: Path | None) -> None:
    """Picture the pieces."""
    made: list[tuple[int, str, Excerpt]] = []
    for number in range(first, first + count):
        piece, chance = compose(number), np.random.default_rng([number, 12])
        sound = play(piece, chance, shots)
        if np.abs(sound).max() > SILENT:
            made += [(number, piece.style, one) for one in excerpts(piece, sound, chance, EACH)]
        if number % 100 == 99:
            print(number + 1 - first, "pieces,", len(made), "excerpts", flush=True)
    out.write_bytes(pickle.dumps(made))


if __name__ == "__main__":
    main(
        int(sys.argv[1]),
        int(sys.argv[2]),
        Path(sys.argv[3]),
        Path(sys.argv[4]) if len(sys.argv) > 4 else None,
    )
