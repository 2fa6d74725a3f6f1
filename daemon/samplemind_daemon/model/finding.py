"""What was found in a sound."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Descriptor:
    """One finding about a sound, with its maker. `value` is a number, a word, a tuple of them, or None."""

    name: str  # "tempo.bpm"
    value: Any
    unit: str
    confidence: float | None
    status: str  # samplemind_sdk.Status
    candidates: tuple[tuple[Any, float | None], ...]
    reason: str
    made_by: str
    version: int


def is_asked_for(name: str, names: Collection[str]) -> bool:
    """Whether a descriptor is among these names, of descriptors or of analyzers for all of theirs."""
    return name in names or name.partition(".")[0] in names


@dataclass(frozen=True)
class Result:
    """All that one analyzer found in one content, and the recipe it was made by."""

    analyzer: str
    version: int
    fingerprint: str
    descriptors: tuple[Descriptor, ...]
