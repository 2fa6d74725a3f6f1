"""A Dockerfile, read strictly: what is not known here is refused, so that nothing is passed over in silence."""

import json
import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

SAID = (
    "LABEL",
    "EXPOSE",
    "VOLUME",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "ENTRYPOINT",
    "CMD",
)  # of the image, not of a step
WORDS = ("FROM", "RUN", "COPY", "ENV", "USER", "WORKDIR", *SAID)
_FROM = re.compile(r"(?P<image>[^\s$]+)(?: AS (?P<name>[a-z][a-z0-9]*))?")
_VARIABLE = re.compile(r"\$[A-Za-z_{]")


class CannotRead(Exception):
    """The Dockerfile says something that is not known here; the message says where and what."""


@dataclass(frozen=True)
class Step:
    """One instruction: its word, and what follows it on the line or lines from `line` on."""

    line: int
    word: str
    said: str

    @property
    def listed(self) -> list[str]:
        """What was said as a JSON list of texts; CannotRead if it is none."""
        try:
            found = json.loads(self.said)
        except ValueError:
            found = None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise CannotRead(f'line {self.line}: {self.word} takes a list here, such as ["a", "b"]')
        return found

    @property
    def pairs(self) -> dict[str, str]:
        """What was said as name=value, one or several."""
        words = shlex.split(self.said)
        if not all("=" in one for one in words):
            raise CannotRead(f"line {self.line}: {self.word} takes name=value here")
        return dict(one.split("=", 1) for one in words)


@dataclass(frozen=True)
class Stage:
    """What is built from one FROM to the next."""

    image: str
    name: str
    steps: tuple[Step, ...]

    def last(self, word: str) -> Step | None:
        """The last step of that word: for what belongs to the image it is the one that counts."""
        return next((step for step in reversed(self.steps) if step.word == word), None)


@dataclass(frozen=True)
class Copy:
    """What a COPY says: which sources, of the context or of another stage, go where."""

    sources: tuple[str, ...]
    target: str
    stage: str  # empty for the context


def read(text: str) -> list[Stage]:
    """The stages of a Dockerfile. Raises CannotRead."""
    stages: list[Stage] = []
    for step in _steps(text):
        if step.word == "FROM":
            if (found := _FROM.fullmatch(step.said)) is None:
                raise CannotRead(f"line {step.line}: FROM takes IMAGE or IMAGE AS NAME, not {step.said!r}")
            stages.append(Stage(found["image"], found["name"] or "", ()))
        elif not stages:
            raise CannotRead(f"line {step.line}: {step.word} comes before the first FROM")
        else:
            last = stages.pop()
            stages.append(Stage(last.image, last.name, (*last.steps, step)))
    if not stages:
        raise CannotRead("there is no FROM in it")
    return stages


def copied(step: Step) -> Copy:
    """What a COPY step says. Raises CannotRead."""
    words = step.said.split()
    flags = [word for word in words if word.startswith("--")]
    *sources, target = [word for word in words if not word.startswith("--")] or [""]
    if not sources or any(set("*?[") & set(word) for word in words):
        raise CannotRead(f"line {step.line}: COPY takes sources and a target here, and no patterns")
    stage = ""
    for flag in flags:
        name, _, stage = flag.partition("=")
        if name != "--from":
            raise CannotRead(f"line {step.line}: COPY takes --from and no other flag here, not {flag}")
    return Copy(tuple(sources), target, stage)


def left_out(patterns: str, path: str) -> bool:
    """Whether a .dockerignore with these lines keeps a path of the context out: the last line that fits counts."""
    out = False
    for line in patterns.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.removeprefix("!")
        if any(_fits(wanted, str(part)) for part in (PurePosixPath(path), *PurePosixPath(path).parents)):
            out = not pattern.startswith("!")
    return out


def _fits(pattern: str, path: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatchcase(path.rpartition("/")[2], pattern.removeprefix("**/"))
    return pattern.count("/") == path.count("/") and fnmatchcase(path, pattern)


def _steps(text: str) -> list[Step]:
    found, pending, start = list[Step](), "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or not line.strip():
            continue  # within an instruction, too
        start = start if pending else number
        if line.endswith("\\"):
            pending += line[:-1]
            continue
        found.append(_step(start, (pending + line).strip()))
        pending = ""
    if pending:
        raise CannotRead(f"line {start}: it does not end")
    return found


def _step(number: int, text: str) -> Step:
    word, _, said = text.partition(" ")
    step = Step(number, word, said.strip())
    if word not in WORDS:
        raise CannotRead(f"line {number}: {word} is not known here")
    if word == "RUN" and (said.startswith(("--", "[")) or "<<" in said):
        raise CannotRead(f"line {number}: RUN takes a command of the shell here, no flags, list or text")
    if word != "RUN" and _VARIABLE.search(said):
        raise CannotRead(f"line {number}: {word} takes no variables here")
    return step
