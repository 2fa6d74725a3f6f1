"""Very many calls at a time from a program in Go, which leaves most of the cores to the daemon."""

import base64
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raw_calls import RPCS, message_of

SOURCE = Path(__file__).parent / "load" / "storm"
CLIENT = Path(__file__).parents[1] / "clients" / "go"  # whose messages it sends
USUAL_PLACE = "/usr/local/go/bin"
BUILD_SECONDS, MORE_SECONDS = 600, 60  # the latter for answers that are still to come


@dataclass(frozen=True)
class Outcome:
    """What became of some calls of a group: a code, with the reason if there is one."""

    group: str
    outcome: str
    calls: int
    without_time: int  # of them, that did not say when to come back
    p50_ms: float
    p99_ms: float
    most_ms: float
    histogram: dict[str, int]

    def __str__(self) -> str:
        return f"{self.outcome} {self.calls:,}, p50 {self.p50_ms:.0f} and p99 {self.p99_ms:.0f} ms"


@dataclass(frozen=True)
class Seen:
    """What a storm was."""

    seconds: float
    processor_seconds: float  # of the storm itself
    late_ms: float  # that calls were begun after their time, at the 99th percentile
    outcomes: tuple[Outcome, ...]

    @property
    def calls(self) -> int:
        return sum(one.calls for one in self.outcomes)

    @property
    def each_us(self) -> float:
        """What a call took the storm itself of the processor, in microseconds."""
        return self.processor_seconds / self.calls * 1e6

    def of(self, group: str) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.group == group)

    def good(self, group: str) -> Outcome:
        """The calls of a group that were served."""
        return next(one for one in self.of(group) if one.outcome == "OK")

    def tell(self, group: str) -> str:
        return "; ".join(map(str, self.of(group)))


def deed(
    group: str, weight: float, rpc: str, headers: list[tuple[str, str]], **fields: Any
) -> dict[str, Any]:
    """A call that a storm makes now and then."""
    body = message_of(rpc, **fields).SerializeToString()
    name = f"/{RPCS[rpc].containing_service.full_name}/{RPCS[rpc].name}"
    said = {"headers": dict(headers), "message": base64.b64encode(body).decode()}
    return {"group": group, "weight": weight, "method": name, **said}


def upload(group: str, weight: float, headers: list[tuple[str, str]], size: int) -> dict[str, Any]:
    """A new sound of so many bytes that a storm sends now and then: three calls."""
    return {"group": group, "weight": weight, "headers": dict(headers), "upload": size}


def storm(address: str, deeds: list[dict[str, Any]], connections: int, **how: float) -> Seen:
    """Make these calls, `seconds` long or `most` of them: by `clients` that wait for answers, or at a `rate`."""
    plan = {"address": address, "connections": connections, "deeds": deeds, **how}
    done = subprocess.run(
        [str(_program())],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=how.get("seconds", 0) + MORE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    return Seen(**(seen | {"outcomes": tuple(Outcome(**one) for one in seen["outcomes"])}))


def _program() -> Path:
    """The program, built if it is not there or is old."""
    program = SOURCE / "build" / "storm"
    sources = [*SOURCE.glob("*.go"), SOURCE / "go.mod"]
    if program.exists() and all(one.stat().st_mtime <= program.stat().st_mtime for one in sources):
        return program
    path = os.pathsep.join((os.environ["PATH"], USUAL_PLACE))
    assert shutil.which("go", path=path), "Go is missing: https://go.dev/dl"
    if not (CLIENT / "samplemindv1").is_dir():
        _go(path, CLIENT, "generate", "./...")
    _go(path, SOURCE, "build", "-o", "build/", ".")
    return program


def _go(path: str, folder: Path, *words: str) -> None:
    done = subprocess.run(
        ["go", *words],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
