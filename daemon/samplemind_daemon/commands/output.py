"""What is printed of an analysed file: a JSON object a line for programs, a few lines for people."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.model import Descriptor, Problem

MOST_SHOWN = 4  # of a list, for people


@dataclass(frozen=True)
class Report:
    """What came of one file: descriptors, or the problem."""

    file: str
    seconds: float | None = None
    descriptors: tuple[Descriptor, ...] = ()
    problem: Problem | None = None

    def as_json(self) -> str:
        """One JSON object on one line; never NaN or Infinity."""
        problem = self.problem
        fields = {
            "file": printable(self.file),
            "status": "failed" if problem else "completed",
            "seconds": self.seconds,
            "error": {"reason": problem.reason, "message": problem.message} if problem else None,
            "descriptors": {one.name: _descriptor(one) for one in self.descriptors},
        }
        return json.dumps(fields, ensure_ascii=False, allow_nan=False)

    def as_text(self) -> str:
        """The file's name, and a line for each descriptor."""
        name = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in self.file)
        if self.problem:
            return f"{name}\n  failed: {self.problem.message} ({self.problem.reason})"
        length = "" if self.seconds is None else f"  {self.seconds:.2f} s"
        return "\n".join([name + length, *_rows(self.descriptors)])


def printable(name: str) -> str:
    """A file's name as text: bytes that are none become replacement characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _descriptor(one: Descriptor) -> dict[str, Any]:
    return {
        "value": one.value,
        "unit": one.unit or None,
        "confidence": one.confidence,
        "status": one.status,
        "candidates": [{"value": value, "confidence": sure} for value, sure in one.candidates],
        "reason": one.reason or None,
        "made_by": one.made_by,
        "version": one.version,
    }


def _rows(descriptors: Iterable[Descriptor]) -> Iterable[str]:
    for one in descriptors:
        if one.value is None:
            yield f"  {one.name:26} - {one.status.replace('_', ' ')}: {one.reason}"
            continue
        sure = "" if one.confidence is None else f"  ({one.confidence:.0%} sure)"
        doubt = f"  ? {one.reason}" if one.reason else ""
        yield f"  {one.name:26} {_shown(one.value)} {one.unit}".rstrip() + sure + doubt


def _shown(value: Any) -> str:
    match value:
        case float():
            return f"{value:.2f}"
        case (str(name), float(probability)):
            return f"{name} {probability:.0%}"
        case tuple():
            more = f" … {len(value)} in all" if len(value) > MOST_SHOWN else ""
            return ", ".join(_shown(one) for one in value[:MOST_SHOWN]) + more
    return str(value)
