"""How likely each tempo is, to networks that have heard played music whose every beat is known."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from samplemind_sdk import Samples

from .grid import Numbers
from .picture import TEMPI

RATIOS = (1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4, 6)
OCTAVE = 60  # steps of TEMPI
RELATED = tuple(round(OCTAVE * float(np.log2(ratio))) for ratio in RATIOS)  # steps
NEAR = (-2, 2)  # steps
FAR = 170  # steps, more than any of RELATED
SAID = slice(72, 258)  # of TEMPI: 34 to 291 BPM
WITHIN = 0.03  # a tempo is as likely as the likeliest so near it
LEAST = -6.0  # no candidate is said to be less likely, against the likeliest


@dataclass(frozen=True)
class Network:
    """What is fitted; plugins/training/tempo/beats writes it to likelihood.npz. Members were fitted apart.

    The same weights look at each tempo and its relatives: first at the picture, then at what the first layer
    made of it. Only `preferred` knows which tempo it is.
    """

    scale: Samples  # of the rows of a picture, shape (members, 17)
    shift: Samples
    first: Samples  # shape (members, tempi looked at * 17, hidden)
    first_bias: Samples
    second: Samples  # shape (members, tempi looked at * hidden, hidden)
    second_bias: Samples
    preferred: Samples  # shape (members, 6, hidden)
    out: Samples  # shape (members, hidden)
    direct: Samples  # of the first layer, shape (members, hidden)

    def log_probability(self, picture: Samples) -> Numbers:
        """Of TEMPI[SAID], shape (186,): the mean of the members' logarithms."""
        logs = [self._score(picture, member)[SAID] for member in range(len(self.scale))]
        mean: Numbers = np.mean([score - np.logaddexp.reduce(score) for score in logs], axis=0)
        return mean

    def _score(self, picture: Samples, member: int) -> Samples:
        rows = picture * self.scale[member][:, None] + self.shift[member][:, None]
        seen = _relatives(rows, (*RELATED, *NEAR)) @ self.first[member] + self.first_bias[member]
        inside = np.where(seen > 0, seen, np.expm1(np.minimum(seen, 0)))
        related = _relatives(inside.T, RELATED) @ self.second[member] + self.second_bias[member]
        score: Samples = np.tanh(related + speed() @ self.preferred[member]) @ self.out[member]
        whole: Samples = score + inside @ self.direct[member]
        return whole


def log_likelihood(picture: Samples, tempi: Numbers) -> Numbers:
    """Of each tempo in BPM, against the likeliest of them: from LEAST to 0."""
    curve = _fitted().log_probability(picture)
    steps = OCTAVE * np.log2(tempi / TEMPI[SAID][0])
    reach = OCTAVE * np.log2(1 + WITHIN) * np.linspace(-1, 1, 5)
    logs = np.interp(steps[:, None] + reach, np.arange(len(curve)), curve).max(axis=1)
    likely: Numbers = np.maximum(logs - logs.max(), LEAST)
    return likely


def _relatives(rows: Samples, steps: tuple[int, ...]) -> Samples:
    """For each tempo the columns so many steps away, one after the other, 0 beyond the ends."""
    width = rows.shape[1]
    filled = np.pad(rows, ((0, 0), (FAR, FAR)))
    return np.concatenate([filled[:, FAR + step : FAR + step + width] for step in steps]).T


@cache
def speed() -> Samples:
    """Six smooth functions of the tempo, of which its preference is made up, shape (len(TEMPI), 6)."""
    octaves = np.log2(TEMPI / 105)
    bells = [np.exp(-0.5 * ((octaves - middle) / 0.4) ** 2) for middle in (-1, 0, 1)]
    return np.stack([octaves, octaves**2, octaves**3, *bells], axis=1).astype(np.float32)


@cache
def _fitted() -> Network:
    with as_file(files(__package__).joinpath("likelihood.npz")) as path, np.load(path) as stored:
        return Network(**{name: stored[name].astype(np.float32) for name in Network.__annotations__})
