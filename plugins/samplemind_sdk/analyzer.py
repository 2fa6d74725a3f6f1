"""What an analyzer is: three nouns (parameters, inputs, outputs) and two verbs (update, describe)."""

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .block import Block


class Status(StrEnum):
    """How far a finding can be relied on."""

    OK = "ok"
    LOW_CONFIDENCE = "low_confidence"
    NOT_APPLICABLE = "not_applicable"
    UNMEASURABLE = "unmeasurable"
    FAILED = "failed"


class CannotDescribe(Exception):
    """Raise it with a reason when the sound gives nothing to go on: too short, silent, atonal.

    Every output of the analyzer then has the given status and that reason instead of a value.
    """

    def __init__(self, reason: str, status: Status = Status.NOT_APPLICABLE) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


@dataclass(frozen=True)
class Estimate:
    """What an analyzer believes about a sound.

    `confidence` is the probability that the value is right, fitted on labelled sound; None where
    it was not fitted. `candidates` are the other likely values, best first, each with its
    confidence. A value that is not known is None, and `reason` says why.
    """

    value: Any
    confidence: float | None = None
    candidates: tuple[tuple[Any, float | None], ...] = ()
    status: Status = Status.OK
    reason: str = ""


class Label(NamedTuple):
    """One of several names that may hold for a sound together, such as its instruments."""

    name: str
    probability: float  # that the name holds


Finding = tuple[str, Estimate]  # the output's name, and what was found


@dataclass(kw_only=True)
class Quantity:
    """The name, unit and range of a number or a word."""

    name: str = ""
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    help: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def check(self, value: Any) -> Any:
        """The value itself; ValueError if it is not finite, or outside the declared range or choices."""
        if isinstance(value, Label):
            return Label(self.check(value.name), _certain(value.probability))
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} must be one of {', '.join(self.choices)}, not {value}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{self.name} must be a finite number, not {value}")
        if isinstance(value, (int, float)) and not self.low <= value <= self.high:
            unit = f" {self.unit}" if self.unit else ""
            raise ValueError(f"{self.name} must be {self.low:g} to {self.high:g}{unit}, not {value}")
        return value


@dataclass(kw_only=True)
class Parameter(Quantity):
    """A setting, fixed before the first block. Declare it with parameter()."""

    default: Any

    def cast(self, value: Any) -> Any:
        """The value as the kind of the default; ValueError if it cannot be, or must not."""
        kind = type(self.default)
        try:
            if isinstance(value, bool) != (kind is bool):
                raise TypeError  # for Python, "no" is true, and true is 1
            found = kind(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{self.name} must be of type {kind.__name__}, not {value!r}") from None
        return self.check(found)


def parameter(default: Any, **about: Any) -> Any:
    """Declare a setting; in the analyzer's methods, the attribute is its value."""
    return Parameter(default=default, **about)


@dataclass(kw_only=True)
class Output(Quantity):
    """Something an analyzer finds out. Call it in describe() to say what was found.

    `kind` is float, int, str or Label; with `many`, the value is a sequence of them and the range
    holds for each. A Label may be given as a pair, and the choices are those of its name. What is
    `live` holds for a moment only, as a meter does: it is reported by now(), and never kept.
    """

    kind: type = float
    many: bool = False
    live: bool = False

    def __call__(
        self,
        value: Any,
        confidence: float | None = None,
        candidates: Sequence[tuple[Any, float | None]] = (),
        doubt: str = "",
    ) -> Finding:
        """Report a value; with a `doubt`, as one of low confidence, for that reason."""
        others = tuple((self._cast(other), _probability(sure)) for other, sure in candidates)
        status = Status.LOW_CONFIDENCE if doubt else Status.OK
        return self.name, Estimate(self._cast(value), _probability(confidence), others, status, doubt)

    def withheld(
        self,
        reason: str,
        status: Status = Status.NOT_APPLICABLE,
        candidates: Sequence[tuple[Any, float | None]] = (),
    ) -> Finding:
        """Report that there is no value, and why."""
        others = tuple((self._cast(other), _probability(sure)) for other, sure in candidates)
        return self.name, Estimate(None, None, others, status, reason)

    def _cast(self, value: Any) -> Any:
        if self.many and self.kind in (int, float):
            return self._cast_numbers(value)
        return tuple(map(self._cast_one, value)) if self.many else self._cast_one(value)

    def _cast_numbers(self, values: Any) -> tuple[Any, ...]:
        """All of them at once, as there may be thousands: if the least and the greatest may be, all may."""
        numbers: NDArray[Any] = np.array(values, self.kind)
        if numbers.size:
            self.check(numbers.min().item())
            self.check(numbers.max().item())
        return tuple(numbers.tolist())

    def _cast_one(self, value: Any) -> Any:
        return self.check(Label(str(value[0]), value[1]) if self.kind is Label else self.kind(value))


def _probability(confidence: float | None) -> float | None:
    if confidence is None:
        return None
    return _certain(confidence)


def _certain(probability: float) -> float:
    if not 0 <= probability <= 1:
        raise ValueError(f"a confidence is a probability, 0 to 1, not {probability}")
    return float(probability)


@dataclass
class Input:
    """An output of another analyzer, as in "tempo.bpm"; in describe(), the attribute is its Estimate."""

    source: str
    optional: bool = False  # if so, the attribute is None while the source is unknown


class Analyzer:
    """Listens to one sound, as hashlib does to bytes: update() with each block, describe() at any time.

    An instance hears one sound only, so there is nothing to reset. Raise `version` whenever the
    same sound may now be described differently: stored results become stale.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    grain: ClassVar[int] = (
        2**14
    )  # samples: blocks of a multiple of it are heard as longer ones are, to the last bit
    parameters: ClassVar[Mapping[str, Parameter]]
    inputs: ClassVar[Mapping[str, Input]]
    outputs: ClassVar[Mapping[str, Output]]
    meters: ClassVar[Mapping[str, Output]]  # the live ones

    def __init_subclass__(cls) -> None:
        members = inspect.getmembers_static(cls)
        cls.parameters = {name: found for name, found in members if isinstance(found, Parameter)}
        cls.inputs = {name: found for name, found in members if isinstance(found, Input)}
        outputs = {name: found for name, found in members if isinstance(found, Output)}
        cls.outputs = {name: found for name, found in outputs.items() if not found.live}
        cls.meters = {name: found for name, found in outputs.items() if found.live}

    def __init__(self, **settings: Any) -> None:
        if unknown := settings.keys() - self.parameters.keys():
            raise ValueError(f"{self.name} has no parameter {', '.join(sorted(unknown))}")
        for name, declared in self.parameters.items():
            setattr(self, name, declared.cast(settings.get(name, declared.default)))
        self.begin()

    def begin(self) -> None:
        """Get ready to listen; parameters are set."""

    def update(self, block: Block) -> None:
        """Hear the next few seconds. Leave it out to reason about other analyzers' outputs alone."""

    def describe(self) -> Iterable[Finding]:
        """Say what was found so far, and leave everything as it is: listening may go on."""
        raise NotImplementedError

    def now(self) -> Iterable[Finding]:
        """Say what holds at this moment of a stream, of the live outputs: it is asked ten times a second."""
        return ()

    @classmethod
    def listens(cls) -> bool:
        """Whether the analyzer needs the sound, or only what others made of it."""
        return cls.update is not Analyzer.update
