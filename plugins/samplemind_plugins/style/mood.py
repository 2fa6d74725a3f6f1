"""The mood of a piece in one of four words, as far as two weak guesses allow."""

import math
from collections.abc import Iterator
from typing import Any

from samplemind_sdk import (
    Analyzer,
    Block,
    Estimate,
    File,
    Finding,
    Input,
    Label,
    Output,
    parameter,
)

from ..character.scale import UNFIT
from ..own import HELP, MADE_WITH, Own

MOODS = ("happy", "tense", "calm", "sad")
VALENCE_ERROR, AROUSAL_ERROR = 0.22, 0.13  # standard deviations: see plugins/training/style/affect.py
LEAST = 0.15  # probability of a mood that is worth saying, if it is not the first
UNTRIED = "an experiment: no sound with a labelled mood was there to try it on"


class Mood(Analyzer):
    """In which quarter of J. A. Russell's circumplex (1980) a piece is likely felt to be.

    Valence and arousal are taken as the middles of normal distributions, as wide as energy and valence
    in Spotify's table of 9,012 songs are off what loudness, tempo and mode say of them. A model of the
    user's own may say the moods instead, by whatever names it has.
    """

    name, version = "mood", 3
    model: Any = parameter(File(), help=HELP)
    kind: Any = Input("kind.label", optional=True)
    valence: Any = Input("valence.level", optional=True)
    arousal: Any = Input("arousal.level", optional=True)
    labels = Output(
        kind=Label,
        many=True,
        help=f"Experimental: {', '.join(MOODS)}, derived from valence and arousal; no labelled sound exists to fit "
        "the probabilities to. Or what a model of your own has",
    )

    made_with = Output(kind=str, help=MADE_WITH)

    def begin(self) -> None:
        """Get ready to listen, if there is a model that does."""
        self.own = Own(self.model) if self.model else None

    def update(self, block: Block) -> None:
        """Let the model hear the next few seconds; without one, nothing has to be heard."""
        if self.own:
            self.own.update(block)

    def describe(self) -> Iterator[Finding]:
        """Say which moods are likely, or why none can be said."""
        kind = self.kind.value if self.kind else None
        if self.own:
            yield from self.own.describe(self.labels, self.made_with, kind)
        elif kind in UNFIT:
            yield self.labels.withheld(UNFIT[kind])
        elif self.valence is None or self.arousal is None:
            yield self.labels.withheld("its valence or its arousal is not known")
        else:
            yield self._quarters(self.valence, self.arousal)

    def _quarters(self, valence: Estimate, arousal: Estimate) -> Finding:
        pleasant = _above_middle(valence.value, VALENCE_ERROR)
        exciting = _above_middle(arousal.value, AROUSAL_ERROR)
        shares = {
            "happy": pleasant * exciting,
            "tense": (1 - pleasant) * exciting,
            "calm": pleasant * (1 - exciting),
            "sad": (1 - pleasant) * (1 - exciting),
        }
        first, *others = sorted(shares, key=lambda mood: -shares[mood])
        said = [first, *(mood for mood in others if shares[mood] >= LEAST)]
        return self.labels([(mood, round(shares[mood], 4)) for mood in said], doubt=UNTRIED)


def _above_middle(level: float, error: float) -> float:
    """The probability that a level which is known with a normal error is above 0.5."""
    return 0.5 * (1 + math.erf((level - 0.5) / error / math.sqrt(2)))
