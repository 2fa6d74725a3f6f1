"""From what is remembered of a sound to how probable each kind is."""

from functools import cache

from ..network import Network, load
from .evidence import evidence
from .memory import Outline

SILENCE = "silence"
QUIETEST = 1e-3  # of full scale, -60 dBFS: where nothing is louder, it is silence
LIKELY = 0.01  # candidates below are left out

Weighed = tuple[str, float | None]


def weigh(outline: Outline) -> list[Weighed]:
    """The kinds, most probable first; that of silence is a matter of definition and has no probability."""
    if outline.peak < QUIETEST:
        return [(SILENCE, None)]
    probabilities = network().probabilities(evidence(outline))
    ranked = sorted(zip(network().classes, map(float, probabilities), strict=True), key=lambda one: -one[1])
    return [one for place, one in enumerate(ranked) if place == 0 or one[1] >= LIKELY]


def phrase(kind: str) -> str:
    """The kind as it stands in a sentence."""
    return kind if kind in ("speech", SILENCE) else f"a {kind}"


@cache
def network() -> Network:
    """The fitted network that is shipped: see docs/models/kind.md."""
    return load(__package__, "kind.json")
