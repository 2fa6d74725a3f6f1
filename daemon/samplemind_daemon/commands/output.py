"""What is printed of an analysed file: a JSON object a line for programs, a few lines for people."""

import json
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.commands.rows import rows
from samplemind_daemon.model import Descriptor, Problem


@dataclass(frozen=True)
class Report:
    """What came of one file: descriptors, or the problem."""

    file: str
    seconds: float | None = None
    descriptors: tuple[Descriptor, ...] = ()
    problem: Problem | None = None
    took_seconds: float = 0.0  # of hearing it; not printed

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
        """The file's name, and the descriptors in lines."""
        name = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in self.file)
        if self.problem:
            return f"{name}\n  failed: {self.problem.message} ({self.problem.reason})"
        length = "" if self.seconds is None else f"  {self.seconds:.2f} s"
        return "\n".join([name + length, *rows(self.descriptors)])


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
