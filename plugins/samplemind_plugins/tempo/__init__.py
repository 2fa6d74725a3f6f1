"""The tempo of a sound, its beats, its bars and its metre."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from samplemind_sdk import (
    Analyzer,
    Block,
    CannotDescribe,
    Finding,
    Input,
    Output,
    Samples,
    Status,
    hookimpl,
    parameter,
)

from .accents import beginning
from .bands import FPS
from .bars import downbeat_evidence, first_downbeat
from .beats import periods, track
from .choice import choose, fitted
from .coherence import coherence
from .envelopes import ALL, LOW, onsets, peaks
from .evidence import Evidence, weigh
from .grid import Numbers
from .loop import by_length, even, is_whole, loop_chance, not_a_loop, without_tempo
from .loudness import loudness
from .memory import Heard, Memory
from .meter import LEAST, Meter, judge
from .phase import moved, phase_evidence, place
from .precision import exact
from .signature import BEATS
from .signature import fitted as bars

SHORTEST = 2.0  # seconds
SCRAP = 1.0  # seconds: from here on there are candidates
FEWEST = 4  # onsets
CERTAIN = 0.95  # no tempo is surer: more was never measured
PULSELESS = 0.1  # chance of a steady pulse under which no tempo is said
UNSURE = 0.5
ALTERNATIVES = 5


class Tempo(Analyzer):
    """The tempo in beats a minute, other tempi it may be heard at, and when its beats fall."""

    name, version, grain = "tempo", 6, 2**12
    slowest = parameter(40.0, unit="BPM", low=40, high=280, help="No slower tempo is considered")
    fastest = parameter(280.0, unit="BPM", low=40, high=280, help="No faster tempo is considered")
    bpm = Output(
        unit="BPM", low=30, high=300, help="Its confidence is the chance that it is right within 4 %"
    )
    beats = Output(many=True, unit="s", low=0, help="When each beat falls, from the start of the sound")
    downbeats = Output(
        many=True,
        unit="s",
        low=0,
        help="The beats that begin a bar; their confidence was fitted to loops only",
    )
    loop_beats = Output(kind=int, low=1, help="How many beats fill a loop exactly")
    kind: Any = Input("kind.label", optional=True)

    def begin(self) -> None:
        """Get ready to listen."""
        if self.slowest > self.fastest:
            raise ValueError(f"slowest must not be above fastest, but {self.slowest} is above {self.fastest}")
        self.memory = Memory()

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        self.memory.add(block)

    def describe(self) -> Iterator[Finding]:
        """Say the tempo, the beats and the bars, or why there are none."""
        heard = self.memory.recall()
        if heard.broken:
            raise CannotDescribe("a sample is not a number, or far beyond any level", Status.UNMEASURABLE)
        if reason := without_tempo(self.kind):
            raise CannotDescribe(reason)
        if heard.seconds < SCRAP:
            raise CannotDescribe(_too_short(heard))
        rows = onsets(heard)
        if len(peaks(rows[ALL])) < FEWEST:
            raise CannotDescribe(_too_short(heard) or "nothing repeats: it is silent, steady or a single hit")
        evidence = weigh(rows, np.array(heard.taps), heard.seconds, self.slowest, self.fastest)
        rows = rows[[ALL, LOW]]  # of two hours all of them are 22 MB
        yield from self._judged(heard, rows, evidence)

    def _judged(self, heard: Heard, rows: Samples, evidence: Evidence) -> Iterator[Finding]:
        """The findings, once there are candidates."""
        loop = loop_chance(self.kind)
        chosen = choose(evidence, heard.seconds, loop)
        best, *others = chosen.order
        tempo = float(evidence.tempi[best])
        told = loop > UNSURE
        loop = loop if self.kind else by_length(tempo, heard.seconds)
        loud = loudness(heard.levels)
        beats, right = found_beats(rows[0], loud, periods(evidence.salience, tempo, rows.shape[1]), loop)
        bpm = round(exact(evidence, best, beats, heard.seconds, told), 3)
        if told and is_whole(bpm * heard.seconds / 60):
            beats = even(beats, heard.seconds, round(bpm * heard.seconds / 60))
        pulse = fitted()[1].probability(evidence.contrast[best], math.log1p(coherence(rows[0], tempo)))
        sure = confidence(chosen.probability[best], pulse)
        candidates = [
            (round(float(evidence.tempi[one]), 2), confidence(chosen.probability[one], pulse))
            for one in others[:ALTERNATIVES]
        ]
        if reason := _too_short(heard):
            yield from self._withheld(reason, Status.NOT_APPLICABLE, [(bpm, sure), *candidates])
        elif pulse < PULSELESS:
            reason = "what begins in the sound keeps no steady pulse"
            yield from self._withheld(reason, Status.UNMEASURABLE, [(bpm, sure), *candidates])
        else:
            doubt = _doubt(sure, pulse) or _forgotten(heard)
            yield self.bpm(bpm, sure, candidates, doubt)
            apart = "they may as well be between those that are said" if sure * right < UNSURE else ""
            yield self.beats(_seconds(beats), round(sure * right, 4), doubt=doubt or apart)
            yield self._bars(heard, loud, rows[1], beats, loop, sure * right)
            yield self._length(bpm * heard.seconds / 60, loop, sure, doubt)

    def _withheld(
        self, reason: str, status: Status, candidates: list[tuple[float, float]]
    ) -> Iterator[Finding]:
        yield self.bpm.withheld(reason, status, candidates)
        for output in (self.beats, self.downbeats, self.loop_beats):
            yield output.withheld(reason, status)

    def _bars(
        self, heard: Heard, loud: Samples, low: Samples, beats: Numbers, loop: float, sure: float
    ) -> Finding:
        """Which beats begin a bar, if it is known how many make one."""
        signature, chance = next(iter(judge(beginning(heard.levels), beats)), ("", 0.0))
        if chance < LEAST:
            return self.downbeats.withheld("it is not known how many beats make a bar", Status.UNMEASURABLE)
        evidence = downbeat_evidence(loud, low, beats, BEATS[signature])
        first, right = first_downbeat(evidence, beats, loop, bars().downbeat)
        said = round(sure * chance * right, 4)
        doubt = "a bar may as well begin with another beat" if said < UNSURE else ""
        return self.downbeats(_seconds(beats[first :: BEATS[signature]]), said, doubt=doubt)

    def _length(self, beats: float, loop: float, sure: float, doubt: str) -> Finding:
        """How many beats a loop has."""
        if loop < UNSURE:
            return self.loop_beats.withheld(not_a_loop(self.kind))
        if not is_whole(beats):
            reason = f"at its tempo it has {beats:.2f} beats, which is no whole number"
            return self.loop_beats.withheld(reason, Status.UNMEASURABLE)
        doubt = doubt or ("" if self.kind else "only its length says that it is a loop")
        return self.loop_beats(round(beats), round(sure * loop, 4), doubt=doubt)


def found_beats(strength: Samples, loud: Samples, period: Numbers, loop: float) -> tuple[Numbers, float]:
    """The beats in seconds, at the most probable place in the period, and how probable that is."""
    tracked = track(strength, period)
    if len(tracked) < 2:
        return tracked, 1.0
    offset, right = place(phase_evidence(loud, tracked), tracked, loop, bars().phase)
    return moved(strength, period, tracked, offset), right


def confidence(probability: float, pulse: float) -> float:
    """The chance that a candidate is right: that there is a pulse, times that it is the candidate's."""
    return round(min(CERTAIN, float(probability)) * pulse, 4)


def _seconds(beats: Numbers) -> list[float]:
    return [round(float(beat), 4) for beat in beats]


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
    """The tempo and the metre."""
    return [Tempo, Meter]
