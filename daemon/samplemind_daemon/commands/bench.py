"""`samplemindd bench`: how right the analyzers are about a labelled folder of your own, and how fast."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.commands.analyze import INTERRUPTED
from samplemind_daemon.commands.figures import Figures, Speed, lines, objects
from samplemind_daemon.commands.files import Item
from samplemind_daemon.commands.hearing import hear
from samplemind_daemon.commands.labels import CannotRead, read_labels
from samplemind_daemon.commands.measures import DESCRIPTORS, MEASURES, measure
from samplemind_daemon.commands.output import Report
from samplemind_daemon.commands.screen import Screen
from samplemind_daemon.model import Descriptor
from samplemind_daemon.settings import CannotConfigure, load
from samplemind_daemon.work.failures import TaskFailed


@dataclass
class Gathering:
    """What was heard of a folder, as far as it is measured; shown on a screen as progress only."""

    screen: Screen
    answers: dict[Path, dict[str, Descriptor]] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)
    failed: int = 0
    seconds: float = 0.0  # of sound
    took_seconds: float = 0.0

    def progress(self, file: str, fraction: float) -> None:
        self.screen.progress(file, fraction)

    def note(self, sentence: str) -> None:
        self.screen.note(sentence)

    def show(self, report: Report) -> None:
        """Keep what is measured of a file, and say so if it could not be heard."""
        found = {one.name: one for one in report.descriptors if one.name in DESCRIPTORS}
        self.offered |= set(found)
        self.answers[Path(report.file)] = found
        self.seconds += report.seconds or 0.0
        self.took_seconds += report.took_seconds
        if report.problem:
            self.failed += 1
            self.note(f"{report.file}: {report.problem.message} ({report.problem.reason})")
        self.screen.tick(report.file)

    @property
    def speed(self) -> Speed:
        """How fast it went."""
        return Speed(len(self.answers), self.failed, self.seconds, self.took_seconds)


def bench(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds sounds and a labels.csv.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Files to hear at a time.")] = 1,
    home: Annotated[Path | None, typer.Option(help="Where the folder of plugins is.")] = None,
) -> None:
    """Measure the analyzers on a folder whose labels.csv says what is true of its files.

    Its column `file` names them; any of bpm, key, time_signature, genre, kind, class, instrument and lufs
    say what is true. A withheld answer counts with its first candidate, a file that cannot be heard as wrong.
    """
    try:
        settings = load(home=home, workers=jobs)
        labels = read_labels(folder)
        with Screen(as_json, lambda: len(labels)) as screen:
            heard = Gathering(screen)
            asyncio.run(hear((Item(str(path)) for path in labels), (), settings, heard))
    except (CannotConfigure, CannotRead) as wrong:
        typer.echo(f"samplemindd bench: {wrong}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except TaskFailed as failed:
        typer.echo(f"samplemindd bench: {failed.message}\n{failed.details}", err=True)
        raise typer.Exit(1) from None
    outcomes = [found for one in MEASURES if (found := measure(one, labels, heard.answers))]
    figures = Figures(outcomes, heard.offered, heard.speed)
    for line in objects(figures) if as_json else lines(figures):
        typer.echo(line)
    raise typer.Exit(1 if heard.failed else 0)
