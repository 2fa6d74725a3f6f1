"""`samplemindd plugins test`: whether a plugin keeps the promises of its contract, and what it does to real files."""

import json
import tempfile
import wave
from dataclasses import asdict, dataclass
from pathlib import Path

from samplemind_daemon.analysis.plan import fit
from samplemind_daemon.commands.output import printable
from samplemind_daemon.model import AnalyzerInfo
from samplemind_daemon.settings import Settings
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.examination import broken_promise, failures
from samplemind_daemon.work.hiring import Hiring
from samplemind_sdk import RATE
from samplemind_sdk.testing import clicks, noise, silence, tone


class NoSuchPlugin(Exception):
    """There is no plugin of this name; the message names those that there are."""


@dataclass(frozen=True)
class Verdict:
    """What is wrong with an analyzer of a plugin, or with the plugin itself where none is named."""

    plugin: str
    analyzer: str
    problems: tuple[str, ...]

    def as_json(self) -> str:
        """One JSON object on one line."""
        return json.dumps(asdict(self))

    def as_text(self) -> str:
        """A line for it, and one for each problem."""
        lines = [f"{self.analyzer or self.plugin} {'fails' if self.problems else 'keeps its promises'}"]
        return "\n".join(lines + [printable(f"  {problem}") for problem in self.problems])


async def examine(plugin: str, settings: Settings) -> list[Verdict]:
    """A verdict for each analyzer of a plugin. Raises NoSuchPlugin, or CannotStart if no worker comes up."""
    cage = Cage(settings.home, settings.worker_scratch)
    limits = Limits(memory_bytes=settings.worker_memory_mb * 2**20)
    crew = Crew(1, settings.plugins, limits, interactive=0, cage=cage)
    try:
        await crew.start()
        found = [one for one in crew.catalogue.plugins if one.name == plugin]
        if not found:
            names = ", ".join(sorted({one.name for one in crew.catalogue.plugins}))
            raise NoSuchPlugin(f"there is no plugin {plugin[:60]!r}, but {names}")
        bad = tuple(f"it cannot be used: {one.problem}" for one in found if one.problem)
        verdicts = [Verdict(plugin, "", bad)] if bad else []
        offered = [one for one in crew.catalogue.analyzers if one.plugin == plugin and len(bad) < len(found)]
        return verdicts + [await _try(crew, Hiring(settings.plugins, cage=cage), one) for one in offered]
    finally:
        await crew.stop()


async def _try(crew: Crew, hiring: Hiring, info: AnalyzerInfo) -> Verdict:
    """What an analyzer breaks, and what goes wrong with files."""
    registry, left_out = fit(crew.catalogue)
    if reason := left_out.get(info.name):
        return Verdict(info.plugin, info.name, (f"it is left out: {reason}",))
    problems = [broken] if (broken := await broken_promise(hiring, info.name)) else []
    with tempfile.TemporaryDirectory(prefix="samplemind-") as folder:
        problems += await failures(crew, registry, info.name, _files(Path(folder)))
    return Verdict(info.plugin, info.name, tuple(problems))


def _files(folder: Path) -> list[Path]:
    """The sounds as files of 16 bits, named by what is in them."""
    sounds = {
        "silence": silence(2),
        "a moment": noise(0.002),
        "clicks": clicks(120, 10),
        "a chord": tone(220, 277.18, 329.63, seconds=5),
    }
    paths = []
    for name, sound in sounds.items():
        paths.append(folder / f"{name}.wav")
        with wave.open(str(paths[-1]), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((sound[0].clip(-1, 1) * 32_767).astype("<i2").tobytes())
    return paths
