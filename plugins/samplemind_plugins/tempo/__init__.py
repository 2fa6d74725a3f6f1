"""The tempo of a sound, and its beats."""

from collections.abc import Iterator

import numpy as np

from samplemind_sdk import Analyzer, Block, CannotDescribe, Finding, Output, Status, hookimpl, parameter

from .beats import periods, steady, track
from .choice import probabilities
from .envelopes import ALL, onsets
from .evidence import Evidence, peaks, weigh
from .grid import Numbers
from .length import restated
from .memory import LONGEST, Memory

SHORTEST = 2.0  # seconds
FEWEST = 4  # onsets
CERTAIN = 0.95  # no tempo is surer: more was never measured
UNSURE = 0.4
STEADY = 0.02  # of a beat: if the beats are nearer to a straight line, the line says the tempo
ALTERNATIVES = 5


class Tempo(Analyzer):
    """The tempo in beats a minute, other tempi it may be heard at, and when its beats fall."""

    name, version = "tempo", 1
    slowest = parameter(40.0, unit="BPM", low=40, high=280, help="No slower tempo is considered")
    fastest = parameter(280.0, unit="BPM", low=40, high=280, help="No faster tempo is considered")
    bpm = Output(
        unit="BPM", low=20, high=560, help="Its confidence is the chance that it is right within 4 %"
    )
    beats = Output(many=True, unit="s", low=0, help="When each beat falls, from the start of the sound")

    def begin(self) -> None:
        """Get ready to listen."""
        if self.slowest > self.fastest:
            raise ValueError(f"slowest must not be above fastest, but {self.slowest} is above {self.fastest}")
        self.memory = Memory()

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        self.memory.add(block)

    def describe(self) -> Iterator[Finding]:
        """Say the tempo and the beats, or why there are none."""
        heard = self.memory.recall()
        if heard.seconds < SHORTEST:
            raise CannotDescribe(
                f"{heard.seconds:.1f} s is too short for a tempo; {SHORTEST:.0f} s are needed"
            )
        rows = onsets(heard)
        count = len(peaks(rows[ALL]))
        if count < FEWEST:
            raise CannotDescribe("nothing repeats: it is silent, steady or a single hit")
        evidence = weigh(rows, np.array(heard.taps), heard.seconds, self.slowest, self.fastest)
        if not len(evidence.tempi):
            raise CannotDescribe(
                f"no pulse from {self.slowest:g} to {self.fastest:g} BPM stands out", Status.UNMEASURABLE
            )
        probability = probabilities(evidence, heard.seconds) * min(1.0, count / (2 * FEWEST))
        best, *others = (int(one) for one in np.argsort(-probability, kind="stable"))
        beats = track(rows[ALL], periods(evidence.curve, float(evidence.tempi[best]), rows.shape[1]))
        candidates = [
            (round(float(evidence.tempi[one]), 2), float(probability[one])) for one in others[:ALTERNATIVES]
        ]
        sure = min(CERTAIN, float(probability[best]))
        doubt = "other tempi together are more likely" if sure < UNSURE else ""
        if heard.full:
            doubt = doubt or f"only the first {LONGEST:,} s were heard"
        yield self.bpm(round(_exact(evidence, best, beats, heard.seconds), 3), sure, candidates, doubt)
        yield self.beats([round(float(beat), 4) for beat in beats], sure, doubt=doubt)


def _exact(evidence: Evidence, best: int, beats: Numbers, seconds: float) -> float:
    """The chosen tempo, read as finely as the sound allows."""
    tempo, sharp = float(evidence.tempi[best]), float(evidence.sharp[best])
    exact = sharp if abs(sharp / tempo - 1) < 0.008 else tempo
    if len(beats) >= 8:
        line, off = steady(beats)
        if off < STEADY * 60 / tempo and abs(line / tempo - 1) < 0.02:
            exact = line
    return restated(exact, seconds) or exact


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """The tempo analyzer."""
    return [Tempo]
