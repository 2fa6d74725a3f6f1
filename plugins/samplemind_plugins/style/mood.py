"""The mood of a piece in one of four words, as far as two weak guesses allow."""

import math
from collections.abc import Iterator
from typing import Any

from samplemind_sdk import Analyzer, CannotDescribe, Finding, Input, Label, Output

MOODS = ("happy", "tense", "calm", "sad")
VALENCE_ERROR, AROUSAL_ERROR = 0.22, 0.13  # standard deviations: see plugins/training/style/affect.py
LEAST = 0.15  # probability of a mood that is worth saying, if it is not the first
UNTRIED = "an experiment: no sound with a labelled mood was there to try it on"


class Mood(Analyzer):
    """In which quarter of J. A. Russell's circumplex (1980) a piece is likely felt to be.

    Valence and arousal are taken as the middles of normal distributions, as wide as energy and valence
    in Spotify's table of 9,012 songs are off what loudness, tempo and mode say of them.
    """

    name, version = "mood", 2
    valence: Any = Input("valence.level")
    arousal: Any = Input("arousal.level")
    labels = Output(
        kind=Label,
        many=True,
        choices=MOODS,
        help="Experimental: derived from valence and arousal; no labelled sound exists to fit the probabilities to",
    )

    def describe(self) -> Iterator[Finding]:
        """Say which moods are likely, or why none can be said."""
        for given in (self.valence, self.arousal):
            if given is None or given.value is None:
                raise CannotDescribe("its valence or its arousal is not known")
        pleasant = _above_middle(self.valence.value, VALENCE_ERROR)
        exciting = _above_middle(self.arousal.value, AROUSAL_ERROR)
        shares = {
            "happy": pleasant * exciting,
            "tense": (1 - pleasant) * exciting,
            "calm": pleasant * (1 - exciting),
            "sad": (1 - pleasant) * (1 - exciting),
        }
        first, *others = sorted(shares, key=lambda mood: -shares[mood])
        said = [first, *(mood for mood in others if shares[mood] >= LEAST)]
        yield self.labels([(mood, round(shares[mood], 4)) for mood in said], doubt=UNTRIED)


def _above_middle(level: float, error: float) -> float:
    """The probability that a level which is known with a normal error is above 0.5."""
    return 0.5 * (1 + math.erf((level - 0.5) / error / math.sqrt(2)))
