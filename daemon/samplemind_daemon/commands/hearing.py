"""Files on their way through a crew of workers, with no daemon and no account."""

import asyncio
import os
import time
from collections.abc import Iterator
from typing import Protocol

from samplemind_daemon.analysis.evidence import ANALYZER, evidence
from samplemind_daemon.analysis.plan import CannotPlan, Registry, attachments, fit, plan
from samplemind_daemon.commands.files import Item
from samplemind_daemon.commands.given import settings as given_settings
from samplemind_daemon.commands.output import Report, printable
from samplemind_daemon.model import Catalogue, Problem, is_asked_for
from samplemind_daemon.settings import Settings
from samplemind_daemon.work.cage import Cage
from samplemind_daemon.work.crew import Crew, Limits
from samplemind_daemon.work.failures import TaskFailed
from samplemind_daemon.work.protocol import Found, Progress, Task


class Audience(Protocol):
    """Who is told what came of each file."""

    def progress(self, file: str, fraction: float) -> None:
        """A file is that far, from 0 to 1."""
        ...

    def show(self, report: Report) -> None:
        """A file is done."""
        ...

    def note(self, sentence: str) -> None:
        """Something is worth saying."""
        ...


async def hear(
    items: Iterator[Item],
    only: tuple[str, ...],
    settings: Settings,
    audience: Audience,
    given: tuple[str, ...] = (),
) -> bool:
    """Hear every file, for all descriptors or those asked for; whether every one could be heard.

    `given` are settings such as "tempo.slowest=70". Raises CannotPlan for one that cannot be, or for a
    descriptor that nobody finds out.
    """
    limits = Limits(memory_bytes=settings.worker_memory_mb * 2**20)
    cage = Cage(settings.home, settings.worker_scratch)
    crew = Crew(settings.workers, settings.plugins, limits, interactive=0, cage=cage)
    try:
        await crew.start()
        _complain(crew.catalogue, audience)
        hearing = Hearing(crew, only, given, settings.longest_hours * 3600, audience)
        wells = await asyncio.gather(*(hearing.all(items) for _ in range(settings.workers)))
        return all(wells)
    finally:
        await crew.stop()


class Hearing:
    """The files of one command line on their way through the crew."""

    def __init__(
        self,
        crew: Crew,
        only: tuple[str, ...],
        given: tuple[str, ...],
        longest_seconds: float,
        audience: Audience,
    ) -> None:
        registry, _ = fit(crew.catalogue)
        self._crew, self._audience, self._longest = crew, audience, longest_seconds
        self._only = frozenset(only)
        self._settings = given_settings(given, registry)
        self._attachments = attachments(registry, self._settings)
        self._plan = plan(set(_analyzers(only, registry)) or registry, registry)

    async def all(self, items: Iterator[Item]) -> bool:
        """Hear item after item, and show each; whether all went well."""
        well = True
        for item in items:
            report = await self._hear(item)
            well = well and report.problem is None
            self._audience.show(report)
        return well

    async def _hear(self, item: Item) -> Report:
        if item.problem:
            unreadable = Problem("UNREADABLE", f"the folder cannot be read: {item.problem}")
            return Report(item.path, problem=unreadable)
        if not os.path.lexists(item.path):
            return Report(item.path, problem=Problem("NOT_FOUND", f"there is no file {printable(item.path)}"))
        task = Task(item.path, self._plan, self._settings, (), self._longest, self._attachments)
        begun = time.monotonic()
        try:
            heard = await self._crew.run(task, on_message=lambda message: self._progress(item, message))
        except TaskFailed as failed:
            return Report(item.path, problem=Problem(failed.reason, failed.message))
        took = time.monotonic() - begun
        descriptors = [one for name in self._plan for one in heard.found.get(name, ())]
        descriptors += evidence(printable(os.path.basename(item.path)), heard.media)
        if self._only:
            descriptors = [one for one in descriptors if is_asked_for(one.name, self._only)]
        seconds = heard.media.seconds if heard.media else None
        return Report(item.path, seconds, tuple(descriptors), took_seconds=took)

    def _progress(self, item: Item, message: Progress | Found) -> None:
        if isinstance(message, Progress):
            self._audience.progress(item.path, message.fraction or 0.0)


def _analyzers(only: tuple[str, ...], registry: Registry) -> Iterator[str]:
    """The analyzers of the names; CannotPlan for one that nobody finds out."""
    for name in only:
        analyzer, _, output = name.partition(".")
        if analyzer in registry and output and output not in {one.name for one in registry[analyzer].outputs}:
            raise CannotPlan(f"{analyzer} finds out nothing called {output}")
        if analyzer != ANALYZER:
            yield analyzer


def _complain(catalogue: Catalogue, audience: Audience) -> None:
    for plugin in catalogue.plugins:
        if plugin.problem:
            audience.note(f"the plugin {plugin.name} ({plugin.origin}) is left out: {plugin.problem}")
    for name, reason in fit(catalogue)[1].items():
        audience.note(f"the analyzer {name} is left out: {reason}")
