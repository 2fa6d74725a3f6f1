"""A sound in windows as a model wants them: log-mel frames, or samples at a rate of its own."""

import math
from collections.abc import Iterator

import numpy as np
import scipy.signal

from samplemind_sdk import RATE, Block, Samples, mel, mono

from .model import Model

SHORTEST = 1.0  # seconds: a model that takes any length is given this much at least


class Windows:
    """Cuts a sound into windows of the model's length, one after the other, and keeps what is not yet cut."""

    def __init__(self, model: Model) -> None:
        self._model = model
        steps = model.length if model.rate is None else math.ceil(model.length * RATE / model.rate)
        self._steps = steps  # frames, or samples at RATE
        self._waiting: list[Samples] = []
        self._count = 0

    def add(self, block: Block) -> Iterator[Samples]:
        """Hear a block, and give the windows that it completes."""
        heard = mel(block) if self._model.rate is None else mono(block)
        while len(heard):
            fresh = heard[: self._steps - self._count]
            self._waiting.append(fresh.copy())  # a slice would hold on to the whole block
            self._count += len(fresh)
            heard = heard[len(fresh) :]
            if self._count == self._steps:
                yield self._window(np.concatenate(self._waiting))
                self._waiting, self._count = [], 0

    def rest(self) -> tuple[Samples, float]:
        """What is left, filled up with silence as far as the model needs it, and its share of a window."""
        if not self._waiting:
            return np.zeros(0, np.float32), 0.0
        heard = np.concatenate(self._waiting)
        least = self._steps if self._model.is_fixed else min(self._steps, self._model.steps(SHORTEST))
        missing = [(0, max(0, least - len(heard))), *[(0, 0)] * (heard.ndim - 1)]
        return self._window(np.pad(heard, missing)), len(heard) / self._steps

    def _window(self, heard: Samples) -> Samples:
        rate = self._model.rate
        if rate is None or rate == RATE:
            return heard
        shared = math.gcd(rate, RATE)
        found: Samples = scipy.signal.resample_poly(heard, rate // shared, RATE // shared)
        return found[: self._model.length].astype(np.float32)
