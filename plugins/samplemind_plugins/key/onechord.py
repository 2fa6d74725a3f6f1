"""Whether a sound never leaves its chord."""

import numpy as np

from .chroma import NO_VOTES, Gathered, Votes, shares
from .model import chance, layer
from .peaks import Numbers

MOMENT = 5  # frames, 0.9 s: longer than the notes of a broken chord, shorter than most chords


class Constancy:
    """How much the pitch classes of a sound's moments are alike."""

    def __init__(self) -> None:
        self._moments, self._moment, self._frames = Gathered(), NO_VOTES, 0

    def add(self, level: float, votes: Votes) -> None:
        """Hear the next frame, and how loud it is, in dB."""
        self._moment = self._moment + votes
        self._frames += 1
        if self._frames % MOMENT == 0:
            self._moments.add(level, np.sqrt(shares(self._moment)))
            self._moment = NO_VOTES

    def evidence(self, chroma: Votes, tuning: int) -> Numbers:
        """What tells one chord from many, given the whole sound's shares at a tuning, shape (channels, 12).

        For each channel the squared length of the mean moment, 1 if all are the same; how many moments
        there are; and how much the strongest three and five pitch classes hold of the first channel.
        """
        count = self._moments.count
        alike = ((self._moments.total[tuning] / count) ** 2).sum(axis=-1) if count else np.ones(len(chroma))
        strongest = np.sort(chroma[0])[::-1]
        rest = np.array([np.log(max(1, count)), min(1, count), strongest[:3].sum(), strongest[:5].sum()])
        evidence: Numbers = np.concatenate([alike, rest])
        return evidence


def is_one_chord(evidence: Numbers) -> bool:
    """Whether one chord throughout is likelier than several."""
    return chance(evidence, layer("single chord")) >= 0.5
