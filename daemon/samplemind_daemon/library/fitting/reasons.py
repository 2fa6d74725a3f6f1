"""Why a sound fits another, or does not, in words."""

import math
from typing import Any

import numpy as np

from samplemind_daemon.library.fitting import keys
from samplemind_daemon.library.fitting.scores import NEARLY, NEITHER, OUT_OF_TUNE, RATIOS, Scores
from samplemind_daemon.library.likeness.rows import KINDS
from samplemind_daemon.model import Reason, Wish

IN_TUNE = 5.0  # cents that nobody hears
RATIO_WORDS = ("", "double time", "half time", "three beats on two", "two beats on three")


def reasons(sample: Any, other: Any, scores: Scores, row: int, wish: Wish) -> tuple[Reason, ...]:
    """One for each aspect; `sample` and `other` are rows of a table."""
    sentences = {
        "tempo": _tempo(sample, other, scores, row, wish),
        "key": _key(sample, other, scores, row),
        "tuning": _tuning(sample, other, scores, row),
        "loudness": _loudness(sample, other),
        "spectrum": _spectrum(scores.aspects["spectrum"][row]),
    }
    return tuple(_reason(name, float(scores.aspects[name][row]), said) for name, said in sentences.items())


def _reason(aspect: str, score: float, sentence: str) -> Reason:
    if math.isnan(score):
        return Reason(aspect, None, f"{sentence} This counts as {NEITHER:g}.")
    return Reason(aspect, score, sentence)


def semitones(scores: Scores, row: int) -> float | None:
    """By how much its pitch should be shifted to be in tune; None where that makes no difference."""
    if math.isnan(float(scores.aspects["tuning"][row])):
        return None
    away = float(np.rint(scores.shift[row]) - scores.shift[row])
    return round(away, 3) if abs(away) * 100 > IN_TUNE else None


def _tempo(sample: Any, other: Any, scores: Scores, row: int, wish: Wish) -> str:
    for one, which in ((sample, "The sample"), (other, "It")):
        if one["bpm"] == 0:
            return f"{which} is {_kind(one)} and needs no tempo."
        if math.isnan(one["bpm"]):
            return f"{which} has no tempo that is known."
    speed, ratio = float(scores.speed[row]), int(scores.ratio[row])
    target = float(sample["bpm"]) * float(RATIOS[ratio])
    said = f"{_bpm(other['bpm'])} BPM to {_bpm(target)}"
    if RATIO_WORDS[ratio]:
        said += f", which is {RATIO_WORDS[ratio]}"
    if abs(speed - 1) < NEARLY:
        return f"{said}: in time as it is."
    change = f"{abs(speed - 1):.1%} {'faster' if speed > 1 else 'slower'}".replace("%", " %")
    if scores.aspects["tempo"][row] > 0:
        return f"{said}: played {change}."
    return f"{said}: it would be played {change}, and {wish.stretch_limit:.0%} is the limit.".replace(
        "% is", " % is"
    )


def _key(sample: Any, other: Any, scores: Scores, row: int) -> str:
    for one, which in ((sample, "The sample"), (other, "It")):
        if one["atonal"]:
            return f"{which} has no pitch and needs no key."
        if not one["keys"].any():
            return f"{which} has no key that is known."
    moved = int(np.rint(scores.shift[row]))
    mine, theirs = keys.likeliest(sample["keys"]), keys.likeliest(other["keys"])
    now = keys.shifted(theirs, moved)
    said = f"{theirs}" if now == theirs else f"{theirs}, which is {now} at that speed,"
    return f"{said} to {mine}: {keys.relation(mine, now)}."


def _tuning(sample: Any, other: Any, scores: Scores, row: int) -> str:
    if math.isnan(float(scores.aspects["tuning"][row])):
        return "Without two pitches there is nothing to be in tune."
    cents = 100 * float(scores.shift[row] - np.rint(scores.shift[row]))
    if abs(cents) <= IN_TUNE:
        return "In tune."
    return f"{abs(cents):.0f} cents {'sharp' if cents > 0 else 'flat'}; {OUT_OF_TUNE:.0f} are a quarter tone."


def _loudness(sample: Any, other: Any) -> str:
    gap = float(other["loudness"]) - float(sample["loudness"])
    if math.isnan(gap):
        return "A loudness is not known."
    if abs(gap) < 0.5:
        return "As loud."
    return f"{abs(gap):.1f} LU {'louder' if gap > 0 else 'softer'}."


def _spectrum(room: float) -> str:
    if math.isnan(room):
        return "A spectrum is not known."
    return f"{1 - room:.0%} of the smaller spectrum are covered by the other.".replace("%", " %")


def _kind(one: Any) -> str:
    kind = KINDS[int(one["kind"])]
    return f"a {kind}" if kind in ("song", "loop", "one-shot") else kind or "a sound without a pulse"


def _bpm(value: float) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
