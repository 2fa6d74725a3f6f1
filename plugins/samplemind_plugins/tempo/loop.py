"""Whether a sound is a loop, and what it is if not."""

import numpy as np

from samplemind_sdk import Estimate

from .grid import Numbers
from .length import restated

BY_LENGTH = 0.5  # chance that a short sound is a loop if only its length says so
SURE = 0.8  # from here on what kind a sound is decides what is said of it
ODD = 0.05  # of a beat: so near its length is to a whole number of beats, if it is a loop
PULSELESS = ("one-shot", "speech", "silence")  # kinds that have no tempo


def loop_chance(kind: Estimate | None) -> float:
    """How probably the sound is a loop, as far as its kind is known."""
    if kind is None:
        return 0.0
    named = [(kind.value, kind.confidence), *kind.candidates]
    return next((chance for name, chance in named if name == "loop" and chance is not None), 0.0)


def by_length(tempo: float, seconds: float) -> float:
    """How probably it is one by its length at its tempo, where nothing else is known."""
    return BY_LENGTH if restated(tempo, seconds) else 0.0


def without_tempo(kind: Estimate | None) -> str:
    """The reason to say no tempo of a sound of this kind, if there is one."""
    if kind is None or kind.value not in PULSELESS or (kind.confidence or 1) < SURE:
        return ""
    return (
        f"it is {kind.value}, which has no tempo" if kind.value != "one-shot" else "a one-shot has no tempo"
    )


def not_a_loop(kind: Estimate | None) -> str:
    """The reason to say no number of beats."""
    return (
        "its length does not say that it is a loop" if kind is None else f"it is a {kind.value}, not a loop"
    )


def is_whole(beats: float) -> bool:
    """Whether a length in beats is a whole number of them."""
    return round(beats) >= 1 and abs(beats - round(beats)) <= ODD


def even(beats: Numbers, seconds: float, count: int) -> Numbers:
    """So many beats at equal distances that fill a loop, as far from its start as the tracked ones are on average."""
    length = seconds / count
    turn = np.angle(np.exp(2j * np.pi * beats / length).mean()) / (2 * np.pi)
    spread: Numbers = np.maximum(0, (np.arange(count) + turn) * length)
    return spread
