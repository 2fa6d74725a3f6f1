"""The time signature of a sound."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Input, Output, Status

from .accents import LONGEST
from .bands import FPS, Levels, levels
from .grid import Numbers
from .signature import BEATS, fitted, metre_evidence, signatures

LEAST = 0.5  # probability under which no signature is said
ALIKE = "how its beats repeat does not tell how many make a bar"


class Meter(Analyzer):
    """How many beats make a bar, and whether they have halves or thirds, from the first three minutes."""

    name, version = "meter", 2
    beats: Any = Input("tempo.beats")
    signature = Output(
        kind=str,
        choices=tuple(BEATS),
        help="2/4 is hardly told from 4/4, and is a candidate beside it; signatures not named here are not known",
    )

    def begin(self) -> None:
        """Get ready to listen."""
        self.pieces: list[Levels] = []
        self.left = int(LONGEST * FPS)

    def update(self, block: Block) -> None:
        """Keep the levels of the first minutes."""
        if self.left > 0 and block.length:
            self.pieces.append(levels(block)[: self.left])
            self.left -= len(self.pieces[-1])

    def describe(self) -> Iterator[Finding]:
        """Say the signature, or that it cannot be told."""
        if not self.beats:
            raise CannotDescribe("without beats there are no bars")
        known = judge(tuple(self.pieces), np.array(self.beats.value))
        if not known:
            yield self.signature.withheld(ALIKE, Status.UNMEASURABLE)
            return
        (best, chance), *others = known
        if chance >= LEAST:
            yield self.signature(best, chance, others)
        else:
            yield self.signature.withheld(ALIKE, Status.UNMEASURABLE, known)


def judge(pieces: tuple[Levels, ...], beats: Numbers) -> list[tuple[str, float]]:
    """The signatures with their probabilities, the most probable first; none if beats are few or all alike."""
    evidence = metre_evidence(pieces, beats[beats < LONGEST])
    if evidence is None:
        return []
    return [(name, round(chance, 4)) for name, chance in signatures(evidence, fitted())]
