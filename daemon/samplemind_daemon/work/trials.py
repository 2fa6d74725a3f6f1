"""Sounds that are heard once, for an answer, and not kept: no job, no result and no event comes of them."""

from collections.abc import Collection
from pathlib import Path

from samplemind_daemon.analysis.plan import attachments, plan
from samplemind_daemon.model import Lane, Result
from samplemind_daemon.work.crew import Crew
from samplemind_daemon.work.failures import TaskFailed, WorkerDied
from samplemind_daemon.work.protocol import Task
from samplemind_daemon.work.recipes import Recipe, Recipes

TRIES = 3  # where the plugins change while a sound is heard
LONGEST_SECONDS = 1_800.0  # of a sound, since somebody waits for it


class Trials:
    """Has files heard by the crew, ahead of all batches."""

    def __init__(self, crew: Crew, recipes: Recipes) -> None:
        self._crew, self._recipes = crew, recipes

    async def hear(self, path: Path, wanted: Collection[str]) -> list[Result]:
        """What those of the wanted analyzers find that there are, and those they build upon.

        Raises TaskFailed, or one of its kinds, where that fails, and CrewStopped. To cancel it ends the hearing.
        """
        for _ in range(TRIES):
            recipe = self._recipes.current
            task = _task(path, wanted, recipe)
            try:
                heard = await self._crew.run(task, Lane.INTERACTIVE)
            except TaskFailed as failed:
                if failed.reason == "NO_ANALYZER":
                    continue
                raise
            return [
                Result(name, recipe.registry[name].version, recipe.fingerprints[name], found)
                for name, found in heard.found.items()
            ]
        raise WorkerDied("the plugins changed again and again")


def _task(path: Path, wanted: Collection[str], recipe: Recipe) -> Task:
    names = plan([one for one in wanted if one in recipe.registry], recipe.registry)
    settings = {name: recipe.settings[name] for name in names}
    named = attachments(recipe.registry, settings)
    return Task(str(path), names, settings, longest_seconds=LONGEST_SECONDS, attachments=named)
