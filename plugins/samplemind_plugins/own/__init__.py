"""A user's own ONNX model in place of what is shipped: see docs/own-models.md."""

from collections.abc import Iterator

import numpy as np

from samplemind_sdk import Block, CannotDescribe, File, Finding, Output, Status

from .about import CannotUse
from .model import Model, Numbers, load
from .windows import Windows

HELP = "The full path of an ONNX model of your own that says the labels instead: see docs/own-models.md"
MADE_WITH = "Only where a model of your own says the labels: its file, and the beginning of its SHA-256"
QUIETEST = 1e-3  # of full scale
LEAST, MOST = 0.05, 20  # probability of a label that is worth saying, if it is not the first; labels


class Own:
    """A user's own model and the sound that it hears, window by window: only sums are kept."""

    def __init__(self, path: str) -> None:
        self._path, self._problem, self._peak = File(path), "", 0.0
        self._model: Model | None = None
        self._sum: Numbers = np.zeros(1)
        self._weight = 0.0  # of all windows heard so far

    def update(self, block: Block) -> None:
        """Hear the next few seconds."""
        if self._problem or not block.length:
            return
        self._peak = max(self._peak, float(np.abs(block.samples).max()))
        try:
            if self._model is None:
                self._model = load(self._path)
                self._windows = Windows(self._model)
            for window in self._windows.add(block):
                self._sum = self._sum + self._model.judge(window)
                self._weight += 1
        except CannotUse as why:
            self._problem = str(why)

    def describe(self, labels: Output, made_with: Output, kind: str | None) -> Iterator[Finding]:
        """Say as these outputs what the model says; CannotDescribe where it cannot be used, or is not made for it."""
        if not self._problem and self._peak < QUIETEST:
            raise CannotDescribe("silence")
        model, found = self._judged(kind)
        order = np.argsort(-found, kind="stable")[:MOST]
        said = [
            (model.labels[one], round(float(found[one]), 4))
            for one in order
            if one == order[0] or found[one] >= LEAST
        ]
        confidence = said[0][1] if model.about.calibrated else None
        yield labels(said, confidence)
        yield made_with(model.title)

    def _judged(self, kind: str | None) -> tuple[Model, Numbers]:
        """The model, and the mean of what it said of all windows, each as long as it is."""
        model = self._model
        try:
            if self._problem or model is None:
                raise CannotUse(self._problem)
            if kind is not None and model.about.kinds and kind not in model.about.kinds:
                raise CannotDescribe(
                    f"the model is made for {', '.join(model.about.kinds)}, and this is of kind {kind}"
                )
            rest, share = self._windows.rest()
            total, weight = self._sum, self._weight
            if share:
                total, weight = total + share * model.judge(rest), weight + share
            return model, np.asarray(total / weight)
        except CannotUse as why:
            raise CannotDescribe(f"the model {self._path} cannot be used: {why}", Status.FAILED) from None
