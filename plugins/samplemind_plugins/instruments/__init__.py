"""What plays: whether drums do, and of a single note, what family its instrument is of."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from samplemind_sdk import Analyzer, Block, Estimate, File, Finding, Input, Label, Output, hookimpl, parameter

from ..network import Network, load
from ..own import HELP, MADE_WITH, Own
from .evidence import evidence
from .memory import Memory

DRUMS, NOTE = "drums", "note"
FAMILIES = ("bass", "guitar", "keys", "mallets", "organ", "strings", "winds")
LIKELY = 0.1  # names that are less probable are left out
QUIETEST = 1e-3  # of full scale


class Instruments(Analyzer):
    """Whether drums play, and of a one-shot also what family of instruments it is of.

    A model of the user's own may say the instruments instead, by whatever names it has.
    """

    name, version = "instruments", 2
    model: Any = parameter(File(), help=HELP)
    kind: Any = Input("kind.label")
    stroke: Any = Input("oneshot.label", optional=True)
    labels = Output(
        kind=Label,
        many=True,
        help="In loops and songs only drums are told, and often missed where the mix is dense; of a one-shot, "
        f"the family of its instrument ({', '.join(FAMILIES)}), which was learnt from few recordings of each. "
        "Or what a model of your own has",
    )
    made_with = Output(kind=str, help=MADE_WITH)

    def begin(self) -> None:
        self.own = Own(self.model) if self.model else None
        self.memory = Memory()

    def update(self, block: Block) -> None:
        (self.own.update if self.own else self.memory.add)(block)

    def describe(self) -> Iterator[Finding]:
        kind = self.kind.value if self.kind is not None else None
        if self.own:
            yield from self.own.describe(self.labels, self.made_with, kind)
        elif kind in ("speech", "silence") or self.memory.peak < QUIETEST:
            yield self.labels.withheld(f"{kind or 'silence'} has no instruments")
        else:
            yield self._said(kind)

    def _said(self, kind: str | None) -> Finding:
        heard = evidence(self.memory.recall())
        if kind == "one-shot" and self.stroke is not None and self.stroke.value is not None:
            note = _probability_of(NOTE, self.stroke)
            families = _probable("families.json", heard)
            found = [(DRUMS, 1 - note), *((name, note * sure) for name, sure in families.items())]
        else:
            found = [(DRUMS, min(_probable(name, heard)[DRUMS] for name in ("drums.json", "strokes.json")))]
        likely = sorted((one for one in found if one[1] >= LIKELY), key=lambda one: -one[1])
        return self.labels(likely, doubt=_doubt(kind, likely))


def _probability_of(value: str, estimate: Estimate) -> float:
    """How probable an estimate holds a value to be, among its candidates too."""
    believed = dict(estimate.candidates) | {estimate.value: estimate.confidence}
    return believed.get(value) or 0.0


def _probable(name: str, heard: dict[str, float]) -> dict[str, float]:
    """The probability of each class of a network."""
    fitted = network(name)
    return dict(zip(fitted.classes, map(float, fitted.probabilities(heard)), strict=True))


def _doubt(kind: str | None, likely: list[tuple[str, float]]) -> str:
    if kind == "one-shot" and (not likely or likely[0][1] < 0.5):
        return "no family of instruments is more likely than all others together"
    if any(name == DRUMS and probability < 0.8 for name, probability in likely):
        return "what is struck or plucked can sound like drums"
    return ""


@cache
def network(name: str) -> Network:
    """A fitted network that is shipped: see docs/models/instruments.md."""
    return load(__package__, name)


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Instruments]
