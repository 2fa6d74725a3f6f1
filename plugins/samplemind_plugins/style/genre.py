"""The genre of a song, in the ten words of an old collection."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from samplemind_sdk import (
    RATE,
    Analyzer,
    Block,
    Estimate,
    File,
    Finding,
    Input,
    Label,
    Output,
    Samples,
    parameter,
)

from ..own import HELP, MADE_WITH, Own
from .model import fitted
from .spectra import BINS, FRAME, WINDOW, spectra
from .summary import Numbers, summary

GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
SHORTEST = 5.0  # seconds
LEFT_OVER = WINDOW // 3  # frames: a shorter rest has no say beside whole windows
MOST = 240  # windows, two hours
SILENT = 1e-3  # of full scale, in the loudest bin: -60 dBFS
LEAST = 0.05  # probability of a genre that is worth saying, if it is not the first
UNSURE = 0.5
TEMPI = (78.0, 97.0, 112.0, 128.0, 158.0)  # BPM: the middles of five equal parts of what was learnt from
UNFIT = {
    "one-shot": "a single hit or note has no genre",
    "speech": "it is speech, and genres are of music",
    "silence": "silence",
}


class Genre(Analyzer):
    """Which of ten genres a song may be, with the probability of each, or what a model of the user's own says."""

    name, version = "genre", 3
    model: Any = parameter(File(), help=HELP)
    bpm: Any = Input("tempo.bpm", optional=True)
    mode: Any = Input("key.mode", optional=True)
    kind: Any = Input("kind.label", optional=True)
    labels = Output(
        kind=Label,
        many=True,
        help=f"Of {', '.join(GENRES)}, the genres of GTZAN, of recordings up to about 2000: there is no word "
        "for other music. Or what a model of your own has",
    )
    made_with = Output(kind=str, help=MADE_WITH)

    def begin(self) -> None:
        """Get ready to listen."""
        self.own = Own(self.model) if self.model else None
        self.rows: list[Numbers] = []
        self.waiting: list[Samples] = []
        self.frames, self.loudest = 0, 0.0

    def update(self, block: Block) -> None:
        """Hear the next few seconds; of each half minute only a row of numbers is kept."""
        if self.own:
            return self.own.update(block)
        if len(self.rows) == MOST:
            return
        heard = spectra(block)
        self.loudest = max(self.loudest, float(heard.max(initial=0)))
        while len(heard):
            fresh = heard[: WINDOW - self.frames]
            self.waiting.append(fresh)
            self.frames += len(fresh)
            heard = heard[len(fresh) :]
            if self.frames == WINDOW:
                self.rows.append(summary(np.concatenate(self.waiting)))
                self.waiting, self.frames = [], 0

    def describe(self) -> Iterator[Finding]:
        """Say which genres are likely, or why none can be said."""
        kind = self.kind.value if self.kind else None
        seconds = (len(self.rows) * WINDOW + self.frames) * FRAME / RATE
        if self.own:
            yield from self.own.describe(self.labels, self.made_with, kind)
        elif unfit := self._unfit(kind, seconds):
            yield self.labels.withheld(unfit)
        else:
            yield self._said(kind, seconds)

    def _unfit(self, kind: str | None, seconds: float) -> str:
        """Why the sound has no genre that can be told, if so."""
        if kind in UNFIT:
            return UNFIT[kind]
        if self.loudest < SILENT * FRAME / 8:
            return "silence"
        return "" if seconds >= SHORTEST else f"a genre takes {SHORTEST:g} s, and {seconds:.1f} s are heard"

    def _said(self, kind: str | None, seconds: float) -> Finding:
        probability = self._probabilities()
        order = np.argsort(-probability, kind="stable")
        said = [int(one) for one in order if one == order[0] or probability[one] >= LEAST]
        labels = [(GENRES[one], round(float(probability[one]), 4)) for one in said]
        return self.labels(labels, doubt=_doubt(labels[0][1], kind, seconds))

    def _probabilities(self) -> Numbers:
        """The probability of each genre: the mean over half minutes, and over what tempo and mode may be."""
        rows = list(self.rows)
        if self.frames >= LEFT_OVER or not rows:
            rows.append(summary(np.concatenate([np.zeros((0, BINS), np.float32), *self.waiting])))
        cases = [
            (bpm, minor, p * q) for bpm, p in tempo_chances(self.bpm) for minor, q in mode_chances(self.mode)
        ]
        extended = np.array([[*row, math.log(bpm), minor] for bpm, minor, _ in cases for row in rows])
        found = fitted().probabilities(extended).reshape(len(cases), len(rows), len(GENRES)).mean(axis=1)
        mixed: Numbers = np.array([likely for *_, likely in cases]) @ found
        return mixed


def tempo_chances(bpm: Estimate | None) -> list[tuple[float, float]]:
    """What the tempo may be, with the probability of each."""
    if bpm is None or bpm.value is None:
        return [(tempo, 1 / len(TEMPI)) for tempo in TEMPI]
    likely = [(bpm.value, bpm.confidence), *bpm.candidates]
    known = [(tempo, sure) for tempo, sure in likely if sure] or [(bpm.value, 1.0)]
    total = sum(sure for _, sure in known)
    return [(tempo, sure / total) for tempo, sure in known]


def mode_chances(mode: Estimate | None) -> list[tuple[float, float]]:
    """Minor (1) and major (-1), with the probability of each."""
    if mode is None or mode.value is None:
        return [(1.0, 0.5), (-1.0, 0.5)]
    sure = 1.0 if mode.confidence is None else mode.confidence
    minor = sure if mode.value == "minor" else 1 - sure
    return [(1.0, minor), (-1.0, 1 - minor)]


def _doubt(sure: float, kind: str | None, seconds: float) -> str:
    """Why the genre may be wrong, if it may."""
    if kind == "loop":
        return "genres were learnt from half minutes of songs, and this is a loop"
    if seconds < 2 * SHORTEST:
        return f"genres were learnt from half minutes, and {seconds:.1f} s are heard"
    return "other genres together are as likely" if sure < UNSURE else ""
