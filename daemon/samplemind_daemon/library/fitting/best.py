"""The sounds of a shelf that fit a sample best."""

import numpy as np

from samplemind_daemon.library.fitting.reasons import reasons, semitones
from samplemind_daemon.library.fitting.scores import score
from samplemind_daemon.library.likeness.rows import KINDS, put, table
from samplemind_daemon.library.likeness.shelf import Rows, Shelf
from samplemind_daemon.model import Match, Profile, Wish

BLOCK = 4_096  # rows scored at a time: some megabytes


def best(shelf: Shelf, sample: Profile, wish: Wish, rows: Rows, limit: int) -> tuple[list[Match], int]:
    """Up to `limit` of these rows, the best first, and how many of them were compared: those that were heard."""
    mine = table(1, len(sample.numbers or b"") // 4)
    put(mine, [0], [sample], [0])
    kinds = shelf.of(rows)["kind"]
    rows = rows[(kinds > 0) & (kinds != KINDS.index("silence"))]
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    totals = np.concatenate([np.zeros(0), *(score(mine, shelf.of(some), wish).total for some in blocks)])
    first = rows[np.argsort(-totals, kind="stable")[:limit]]
    theirs = shelf.of(first)
    scores = score(mine, theirs, wish)
    return [
        Match(
            shelf.ids[row],
            float(scores.total[place]),
            scores.change(place),
            semitones(scores, place),
            reasons(mine[0], theirs[place], scores, place, wish),
        )
        for place, row in enumerate(first)
    ], len(rows)
