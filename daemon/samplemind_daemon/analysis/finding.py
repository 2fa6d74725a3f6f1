"""What an analyzer said, checked and turned into a descriptor."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from samplemind_daemon.model import Descriptor
from samplemind_sdk import Analyzer, Estimate, Output, Status

MOST_BYTES = 8 * 2**20  # of all that one analyzer found, as JSON
LONGEST_REASON = 1_000  # characters
DEEPEST = 4  # lists in lists


class CannotReport(Exception):
    """An analyzer said something that no descriptor can hold."""


def descriptor(kind: type[Analyzer], output: Output, estimate: Estimate) -> Descriptor:
    """The estimate as a descriptor; CannotReport unless it is finite, bounded and says what it is."""
    name = f"{kind.name}.{output.name}"
    if not isinstance(estimate, Estimate):
        raise CannotReport(f"{name} must be an Estimate, not {type(estimate).__name__}")
    value, status = _plain(name, estimate.value), Status(estimate.status)
    if value is None and status in (Status.OK, Status.LOW_CONFIDENCE):
        raise CannotReport(f"{name} is {status}, but has no value")
    candidates = tuple((_plain(name, one), _probability(name, sure)) for one, sure in estimate.candidates)
    return Descriptor(
        name=name,
        value=value,
        unit=output.unit,
        confidence=_probability(name, estimate.confidence),
        status=str(status),
        candidates=candidates,
        reason=_text(str(estimate.reason)[:LONGEST_REASON]),
        made_by=kind.name,
        version=kind.version,
    )


def weigh(name: str, findings: Iterable[Descriptor]) -> None:
    """CannotReport if all that an analyzer found is more than MOST_BYTES."""
    size = sum(len(json.dumps([one.value, one.candidates, one.reason])) for one in findings)
    if size > MOST_BYTES:
        raise CannotReport(f"{name} reported {size:,} bytes, and {MOST_BYTES:,} are the most")


def _plain(name: str, value: Any, depth: int = 0) -> Any:
    """The value without numpy's types: None, a number, a word, or a tuple of such."""
    _bound(name, value)
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, (list, tuple)) and depth < DEEPEST:
        if _are_numbers(value):
            return tuple(value)
        return tuple(_plain(name, one, depth + 1) for one in value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    raise CannotReport(f"{name} cannot be {str(value)[:100]} ({type(value).__name__})")


def _bound(name: str, value: Any) -> None:
    """CannotReport if a value is too much by its length alone: a copy of it might be more than a worker may have."""
    size = value.size if isinstance(value, np.ndarray) else len(value) if hasattr(value, "__len__") else 1
    if size > MOST_BYTES:
        raise CannotReport(f"{name} has a length of {size:,}, and {MOST_BYTES:,} bytes are the most")


def _are_numbers(values: Sequence[Any]) -> bool:
    """Whether all are plain numbers that a descriptor can hold; told at once, as there may be thousands."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return bool(min(values) >= -(2**63) and max(values) < 2**63)
    return kinds == {float} and all(map(math.isfinite, values))


def _probability(name: str, confidence: float | None) -> float | None:
    if confidence is None:
        return None
    if not 0 <= confidence <= 1:
        raise CannotReport(f"the confidence of {name} is a probability, 0 to 1, not {confidence}")
    return float(confidence)


def _text(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
