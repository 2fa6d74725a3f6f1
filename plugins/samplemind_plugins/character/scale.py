"""From measurements to a level of 0 to 1, and which sounds have one."""

import math

from samplemind_sdk import CannotDescribe, Estimate

SHORTEST = 2.0  # seconds
UNFIT = {
    "one-shot": "it is a single hit or note, and this is asked of music",
    "speech": "it is speech, and this is asked of music",
    "silence": "silence",
}
FARTHEST = 2.0  # steps from the middle: no measurement alone decides


def level(logit: float) -> float:
    """The logistic function, to four digits."""
    return round(1 / (1 + math.exp(-logit)), 4)


def logit(level: float) -> float:
    """What `level` was made of; kept finite at 0 and 1."""
    inside = min(max(level, 0.001), 0.999)
    return math.log(inside / (1 - inside))


def octaves(value: float, middle: float) -> float:
    """By how many octaves a value lies above the middle, FARTHEST at most to either side."""
    if value <= 0:
        return -FARTHEST
    return steps(math.log2(value / middle))


def steps(value: float) -> float:
    """The same, FARTHEST at most to either side."""
    return min(max(value, -FARTHEST), FARTHEST)


def known(estimate: Estimate | None) -> bool:
    """Whether an input has a value."""
    return estimate is not None and estimate.value is not None


def refuse_what_is_no_music(kind: Estimate | None, seconds: float) -> None:
    """Raise CannotDescribe for kinds and lengths of sound that are no music."""
    if kind is not None and kind.value in UNFIT:
        raise CannotDescribe(UNFIT[kind.value])
    if seconds < SHORTEST:
        raise CannotDescribe(f"it takes {SHORTEST:g} s of music, and {seconds:.2f} s are heard")
