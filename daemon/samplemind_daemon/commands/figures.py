"""What is printed of measures: a table for people, a JSON object a line for programs."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.analysis.scores import Score
from samplemind_daemon.commands.measures import Outcome

HEAD = ("", "files", "score", "withheld", "of the answered", "calibration error")


@dataclass(frozen=True)
class Speed:
    """How many files took how long, in one worker each."""

    files: int
    failed: int
    seconds: float  # of sound
    took_seconds: float

    @property
    def seconds_a_file(self) -> float:
        return self.took_seconds / max(1, self.files)

    @property
    def times_realtime(self) -> float:
        return self.seconds / self.took_seconds if self.took_seconds else 0.0


@dataclass(frozen=True)
class Figures:
    """All that was measured, and the names of the descriptors that are on offer."""

    outcomes: Sequence[Outcome]
    offered: Collection[str]
    speed: Speed


def objects(figures: Figures) -> Iterator[str]:
    """One line for each measure, and one for the speed; what is not known is null."""
    for one in figures.outcomes:
        yield json.dumps(_object(one, one.measure.descriptor in figures.offered), allow_nan=False)
    speed = figures.speed
    counts = {"files": speed.files, "failed": speed.failed, "sound_seconds": speed.seconds}
    yield json.dumps(
        counts | {"seconds_a_file": speed.seconds_a_file, "times_realtime": speed.times_realtime}
    )


def _object(one: Outcome, offered: bool) -> dict[str, Any]:
    known = offered and one.score.count > 0
    return {
        "measure": one.measure.title,
        "descriptor": one.measure.descriptor,
        "offered": offered,
        "files": one.files,
        "score": one.score.mean if known else None,
        "standard_error": one.score.error if known and one.score.count > 1 else None,
        "largest": one.largest if known and one.measure.unit else None,
        "unit": one.measure.unit or None,
        "withheld": one.withheld if offered else None,
        "score_of_answered": one.answered.mean if offered and one.answered.count else None,
        "calibration_error": one.calibration,
    }


def lines(figures: Figures) -> Iterator[str]:
    """A table, and sentences on how many files there were and how fast they were heard."""
    rows = [HEAD, *(_row(one, one.measure.descriptor in figures.offered) for one in figures.outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield f"{first:{widths[0]}}  {'  '.join(cells)}".rstrip()
    if not figures.outcomes:
        yield "labels.csv has no labels that can be measured"
    speed = figures.speed
    yield f"{speed.files} files, {speed.failed} of them could not be heard"
    if speed.took_seconds:
        pace = f"{speed.times_realtime:.0f} times real time"
        yield f"{speed.seconds_a_file:.3f} s a file, {pace} in one worker"


def _row(one: Outcome, offered: bool) -> tuple[str, ...]:
    if not offered:
        return one.measure.title, str(one.files), f"{one.measure.descriptor} is not there", "", "", ""
    error = "" if one.calibration is None else f"{one.calibration:.3f}"
    score, answered = (_score(each, one) for each in (one.score, one.answered))
    return one.measure.title, str(one.files), score, f"{one.withheld:.0%}", answered, error


def _score(score: Score, one: Outcome) -> str:
    if not one.measure.unit or not score.count:
        return str(score)
    return f"{score.mean:.3f} {one.measure.unit}, at most {one.largest:.3f}"
