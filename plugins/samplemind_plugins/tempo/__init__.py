"""The tempo of a sound, and its beats."""

from collections.abc import Iterator, Sequence

import numpy as np

from samplemind_sdk import (
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Output,
    Samples,
    Status,
    hookimpl,
    parameter,
)

from .beats import periods, steady, track
from .choice import Chosen, choose
from .envelopes import ALL, onsets
from .evidence import Evidence, peaks, weigh
from .grid import Numbers
from .length import restated
from .memory import LONGEST, Heard, Memory

SHORTEST = 2.0  # seconds
FEWEST = 4  # onsets
CERTAIN = 0.95  # no tempo is surer: more was never measured
PULSELESS = 0.1  # chance of a steady pulse under which no tempo is said
UNSURE = 0.5
STEADY = 0.02  # of a beat: if the beats are nearer to a straight line, the line says the tempo
ALTERNATIVES = 5


class Tempo(Analyzer):
    """The tempo in beats a minute, other tempi it may be heard at, and when its beats fall."""

    name, version = "tempo", 1
    slowest = parameter(40.0, unit="BPM", low=40, high=280, help="No slower tempo is considered")
    fastest = parameter(280.0, unit="BPM", low=40, high=280, help="No faster tempo is considered")
    bpm = Output(
        unit="BPM", low=30, high=300, help="Its confidence is the chance that it is right within 4 %"
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
        taps = np.array(heard.taps)
        evidence = weigh(rows, taps, heard.seconds, self.slowest, self.fastest)
        if not len(evidence.tempi):
            reason = f"no pulse from {self.slowest:g} to {self.fastest:g} BPM stands out"
            raise CannotDescribe(reason, Status.UNMEASURABLE)
        chosen = choose(evidence, heard.seconds)
        if chosen.pulse < PULSELESS:
            yield from self._withheld(evidence, chosen)
        else:
            yield from self._found(heard, rows[ALL], evidence, chosen)

    def _withheld(self, evidence: Evidence, chosen: Chosen) -> Iterator[Finding]:
        reason = "what begins in the sound keeps no steady pulse"
        candidates = _candidates(evidence, chosen, chosen.order)
        yield self.bpm.withheld(reason, Status.UNMEASURABLE, candidates)
        yield self.beats.withheld(reason, Status.UNMEASURABLE)

    def _found(
        self, heard: Heard, strength: Samples, evidence: Evidence, chosen: Chosen
    ) -> Iterator[Finding]:
        best, *others = chosen.order
        beats = track(strength, periods(evidence.salience, float(evidence.tempi[best]), len(strength)))
        sure = _confidence(chosen, best)
        doubt = _doubt(chosen, sure) or (
            f"only its first {LONGEST / 60:g} minutes were heard" if heard.full else ""
        )
        exact = round(_exact(evidence, best, beats, heard.seconds), 3)
        yield self.bpm(exact, sure, _candidates(evidence, chosen, others), doubt)
        yield self.beats([round(float(beat), 4) for beat in beats], sure, doubt=doubt)


def _confidence(chosen: Chosen, one: int) -> float:
    return round(min(CERTAIN, float(chosen.probability[one])) * chosen.pulse, 4)


def _candidates(evidence: Evidence, chosen: Chosen, some: Sequence[int]) -> list[tuple[float, float]]:
    """The first of some candidates in BPM, with their confidence."""
    return [(round(float(evidence.tempi[one]), 2), _confidence(chosen, one)) for one in some[:ALTERNATIVES]]


def _doubt(chosen: Chosen, sure: float) -> str:
    """Why the tempo may be wrong, if it may."""
    if chosen.pulse < UNSURE:
        return "the pulse is hardly steadier than chance makes it"
    if sure < UNSURE:
        return "other tempi together are as likely"
    return ""


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
