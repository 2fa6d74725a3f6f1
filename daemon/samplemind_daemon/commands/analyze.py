"""`samplemindd analyze`: files and folders, heard by workers, with no daemon and no account."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from samplemind_daemon.analysis.evidence import evidence
from samplemind_daemon.analysis.plan import CannotPlan, fit, plan
from samplemind_daemon.commands.files import Item, files
from samplemind_daemon.commands.output import Report, printable
from samplemind_daemon.commands.screen import Screen
from samplemind_daemon.model import Catalogue, Problem
from samplemind_daemon.settings import CannotConfigure, Settings, load
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Found, Progress, Task

INTERRUPTED = 130  # exit status, as shells have it


def analyze(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    only: Annotated[str, typer.Option(metavar="NAMES", help="Only these analyzers, as in tempo,key.")] = "",
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Files to hear at a time.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where the folder of plugins is.")] = None,
) -> None:
    """Analyse files and folders here and now: results on stdout, progress on stderr."""
    try:
        settings = load(home=home, workers=jobs)
        with Screen(as_json, lambda: sum(1 for _ in files(paths))) as screen:
            well = asyncio.run(_analyze(paths, _names(only), settings, screen))
    except (CannotConfigure, CannotPlan) as wrong:
        typer.echo(f"samplemindd analyze: {wrong}", err=True)
        raise typer.Exit(2) from None
    except TaskFailed as failed:
        typer.echo(f"samplemindd analyze: {failed.message}\n{failed.details}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read the results has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if well else 1)


async def _analyze(paths: list[str], only: tuple[str, ...], settings: Settings, screen: Screen) -> bool:
    """Whether every file could be heard."""
    limits = Limits(memory_bytes=settings.worker_memory_mb * 2**20)
    crew = Crew(settings.workers, settings.plugins, limits, interactive=0)
    try:
        await crew.start()
        _complain(crew.catalogue, screen)
        hearing = Hearing(crew, only, settings.longest_hours * 3600, screen)
        items = files(paths)
        wells = await asyncio.gather(*(hearing.all(items) for _ in range(settings.workers)))
        return all(wells)
    finally:
        await crew.stop()


class Hearing:
    """The files of one command line on their way through the crew."""

    def __init__(self, crew: Crew, only: tuple[str, ...], longest_seconds: float, screen: Screen) -> None:
        registry, _ = fit(crew.catalogue)
        self._crew, self._screen, self._longest = crew, screen, longest_seconds
        self._shown, self._all = frozenset(only or registry), not only
        self._plan = plan(self._shown, registry)

    async def all(self, items: Iterator[Item]) -> bool:
        """Hear item after item, and show each; whether all went well."""
        well = True
        for item in items:
            report = await self._hear(item)
            well = well and report.problem is None
            self._screen.show(report)
        return well

    async def _hear(self, item: Item) -> Report:
        if item.problem:
            unreadable = Problem("UNREADABLE", f"the folder cannot be read: {item.problem}")
            return Report(item.path, problem=unreadable)
        if not os.path.lexists(item.path):
            return Report(item.path, problem=Problem("NOT_FOUND", f"there is no file {printable(item.path)}"))
        task = Task(item.path, self._plan, longest_seconds=self._longest)
        try:
            heard = await self._crew.run(task, on_message=lambda message: self._progress(item, message))
        except TaskFailed as failed:
            return Report(item.path, problem=Problem(failed.reason, failed.message))
        descriptors = [one for name in self._plan if name in self._shown for one in heard.found.get(name, ())]
        if self._all:
            descriptors += evidence(printable(os.path.basename(item.path)), heard.media)
        return Report(item.path, heard.media.seconds if heard.media else None, tuple(descriptors))

    def _progress(self, item: Item, message: Progress | Found) -> None:
        if isinstance(message, Progress):
            self._screen.progress(item.path, message.fraction or 0.0)


def _names(only: str) -> tuple[str, ...]:
    return tuple(name for part in only.split(",") if (name := part.strip()))


def _complain(catalogue: Catalogue, screen: Screen) -> None:
    for plugin in catalogue.plugins:
        if plugin.problem:
            screen.note(f"the plugin {plugin.name} ({plugin.origin}) is left out: {plugin.problem}")
    for name, reason in fit(catalogue)[1].items():
        screen.note(f"the analyzer {name} is left out: {reason}")
