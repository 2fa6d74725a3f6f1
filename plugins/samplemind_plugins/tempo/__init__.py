"""The tempo of a sound, and its beats."""

import math
from collections.abc import Iterator

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

from .bands import FPS
from .beats import periods, track
from .choice import choose, fitted
from .coherence import coherence
from .envelopes import ALL, onsets, peaks
from .evidence import Evidence, weigh
from .memory import Heard, Memory
from .precision import exact

SHORTEST = 2.0  # seconds
SCRAP = 1.0  # seconds: from here on there are candidates
FEWEST = 4  # onsets
CERTAIN = 0.95  # no tempo is surer: more was never measured
PULSELESS = 0.1  # chance of a steady pulse under which no tempo is said
UNSURE = 0.5
ALTERNATIVES = 5


class Tempo(Analyzer):
    """The tempo in beats a minute, other tempi it may be heard at, and when its beats fall."""

    name, version = "tempo", 2
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
        if heard.broken:
            raise CannotDescribe("a sample is not a number, or far beyond any level", Status.UNMEASURABLE)
        if heard.seconds < SCRAP:
            raise CannotDescribe(_too_short(heard))
        rows = onsets(heard)
        if len(peaks(rows[ALL])) < FEWEST:
            raise CannotDescribe(_too_short(heard) or "nothing repeats: it is silent, steady or a single hit")
        evidence = weigh(rows, np.array(heard.taps), heard.seconds, self.slowest, self.fastest)
        strength = rows[ALL].copy()
        del rows  # of two hours they are 22 MB
        yield from self._judged(heard, strength, evidence)

    def _judged(self, heard: Heard, strength: Samples, evidence: Evidence) -> Iterator[Finding]:
        """The findings, once there are candidates."""
        chosen = choose(evidence, heard.seconds)
        best, *others = chosen.order
        tempo = float(evidence.tempi[best])
        beats = track(strength, periods(evidence.salience, tempo, len(strength)))
        bpm = round(exact(evidence, best, beats, heard.seconds), 3)
        pulse = fitted()[2].probability(evidence.contrast[best], math.log1p(coherence(strength, tempo)))
        sure = confidence(chosen.probability[best], pulse)
        candidates = [
            (round(float(evidence.tempi[one]), 2), confidence(chosen.probability[one], pulse))
            for one in others[:ALTERNATIVES]
        ]
        if reason := _too_short(heard):
            yield self.bpm.withheld(reason, Status.NOT_APPLICABLE, [(bpm, sure), *candidates])
            yield self.beats.withheld(reason)
        elif pulse < PULSELESS:
            reason = "what begins in the sound keeps no steady pulse"
            yield self.bpm.withheld(reason, Status.UNMEASURABLE, [(bpm, sure), *candidates])
            yield self.beats.withheld(reason, Status.UNMEASURABLE)
        else:
            doubt = _doubt(sure, pulse) or _forgotten(heard)
            yield self.bpm(bpm, sure, candidates, doubt)
            yield self.beats([round(float(beat), 4) for beat in beats], sure, doubt=doubt)


def confidence(probability: float, pulse: float) -> float:
    """The chance that a candidate is right: that there is a pulse, times that it is the candidate's."""
    return round(min(CERTAIN, float(probability)) * pulse, 4)


def _too_short(heard: Heard) -> str:
    """The reason to say no tempo, if the sound is too short for one."""
    if heard.seconds >= SHORTEST:
        return ""
    return f"a tempo takes {SHORTEST:g} s, and the sound has {heard.seconds:.2f} s"


def _forgotten(heard: Heard) -> str:
    minutes = heard.frames / FPS / 60
    return f"only the first {minutes:.1f} minutes were heard" if heard.full else ""


def _doubt(sure: float, pulse: float) -> str:
    """Why the tempo may be wrong, if it may."""
    if pulse < UNSURE:
        return "the pulse is hardly steadier than chance makes it"
    return "other tempi together are as likely" if sure < UNSURE else ""


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """The tempo analyzer."""
    return [Tempo]
