"""What SampleMind says of some folders: `samplemindd analyze --json`, as anybody would call it."""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

COMMAND = Path(sys.executable).with_name("samplemindd")
PICTURES = ("waveform.", "spectrum.", "similarity.")  # large, and nothing that a label could be compared with


@dataclass(frozen=True)
class Heard:
    """One line of the answer."""

    status: str
    reason: str  # why it failed
    seconds: float | None
    descriptors: dict[str, Any]

    def given(self, name: str) -> Any:
        """The value, or None where the answer was withheld."""
        return self.descriptors.get(name, {}).get("value")

    def best(self, name: str) -> Any:
        """The value, or the first candidate where it was withheld."""
        found = self.descriptors.get(name, {})
        candidates = found.get("candidates") or [{}]
        return found["value"] if found.get("value") is not None else candidates[0].get("value")

    def confidence(self, name: str) -> float | None:
        """The probability of the value, or of the first where it is several labels; None if there is none."""
        found = self.descriptors.get(name, {})
        value = found.get("value")
        if (
            found.get("confidence") is None
            and isinstance(value, list)
            and value
            and isinstance(value[0], list)
        ):
            return float(value[0][1])
        return found.get("confidence")


def hear(folders: Iterable[Path]) -> dict[Path, Heard]:
    """Every file of the folders; raises RuntimeError if the command breaks a promise about its lines or its status."""
    found: dict[Path, Heard] = {}
    with tempfile.TemporaryDirectory() as home:
        for folder in folders:
            command = [COMMAND, "analyze", "--json", "--home", home, folder]
            run = subprocess.run(command, capture_output=True, text=True)
            lines = [json.loads(line, parse_constant=_not_json) for line in run.stdout.splitlines()]
            heard = {Path(line["file"]): _heard(line) for line in lines}
            _check(folder, run.returncode, len(lines), heard)
            found |= heard
    return found


def _heard(line: dict[str, Any]) -> Heard:
    reason = (line["error"] or {}).get("reason", "")
    found = line["descriptors"] or {}
    kept = {name: one for name, one in found.items() if not name.startswith(PICTURES)}
    return Heard(line["status"], reason, line["seconds"], kept)


def _check(folder: Path, status: int, lines: int, heard: dict[Path, Heard]) -> None:
    failed = any(one.status != "completed" for one in heard.values())
    if status != int(failed) or lines != len(heard):
        raise RuntimeError(f"{folder.name}: exit status {status} for {lines} lines of {len(heard)} files")


def _not_json(constant: str) -> NoReturn:
    raise RuntimeError(f"the answer holds {constant}, which is not JSON")


def finite(value: Any) -> float:
    """A number; NaN where there is none, so that no comparison passes by mistake."""
    return float(value) if value is not None else math.nan
