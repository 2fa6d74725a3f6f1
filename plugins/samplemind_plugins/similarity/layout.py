"""Where each number lies in the vector, and on which scale."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from .gathered import Numbers

ASPECTS = {  # the parts of each, in their order in the vector
    "rhythm": ("pattern", "envelope", "strokes"),
    "timbre": ("shape", "loud_shape", "spread", "change"),
    "harmony": ("balance", "chord_balance", "mode", "moves"),
}
SIZES = {
    "pattern": 25, "envelope": 8, "strokes": 7,
    "shape": 16, "loud_shape": 16, "spread": 12, "change": 8,
    "balance": 6, "chord_balance": 6, "mode": 12, "moves": 12,
}  # fmt: skip
EDGES = (0, 40, 92, 128)  # where rhythm, timbre and harmony begin and end
SHARES = {"pattern": 0.7, "spread": 0.6, "change": 0.6}  # of a part in its aspect; of the others, 1
WEIGHTS = {"rhythm": 0.7, "timbre": 1.0, "harmony": 0.5}  # of the aspects in a plain distance
OWN_SCALES = {"envelope", "strokes"}  # parts of unlike numbers; in the others all have one deviation
FARTHEST = 4.0  # deviations


@dataclass(frozen=True)
class Scale:
    """The mean of each number, and its deviation, or that of its part, over the sounds it was fitted to."""

    mean: dict[str, Numbers]
    deviation: dict[str, Numbers]

    def vector(self, parts: dict[str, Numbers]) -> Numbers:
        """The standardised parts in the order of the vector, shape (EDGES[-1],).

        Over the sounds of the fit, the mean square of the length of an aspect is its weight squared.
        """
        laid = []
        for aspect, names in ASPECTS.items():
            whole = WEIGHTS[aspect] / np.sqrt(sum(SHARES.get(name, 1.0) ** 2 for name in names))
            for name in names:
                away = np.clip((parts[name] - self.mean[name]) / self.deviation[name], -FARTHEST, FARTHEST)
                laid.append(away * whole * SHARES.get(name, 1.0) / np.sqrt(SIZES[name]))
        return np.concatenate(laid)


@cache
def scale() -> Scale:
    """The one that is shipped: see docs/models/similarity.md for where it comes from."""
    fitted = json.loads(files(__package__).joinpath("scale.json").read_text())
    return Scale(
        *({name: np.array(row) for name, row in fitted[key].items()} for key in ("mean", "deviation"))
    )
