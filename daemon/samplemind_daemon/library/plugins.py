"""The plugins: which there are, which are used, and how their analyzers are set."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.analysis.parameters import objection, unreadable
from samplemind_daemon.model import AnalyzerInfo, PluginInfo
from samplemind_daemon.refusals import Invalid, NotFound
from samplemind_daemon.store import Database, Store, events, plugins
from samplemind_daemon.work.recipes import Recipe, Recipes

LONGEST_VALUE = 4_096  # characters of JSON


@dataclass(frozen=True)
class Offered:
    """An analyzer, the values of its parameters, and why it is left out, if it is."""

    info: AnalyzerInfo
    settings: Mapping[str, Any]
    problem: str


@dataclass(frozen=True)
class Plugin:
    """A plugin as it was found, and what it offers."""

    info: PluginInfo
    enabled: bool
    analyzers: tuple[Offered, ...]


class Plugins:
    """What listens in this daemon. What is changed counts from the next sound on."""

    def __init__(self, store: Store, recipes: Recipes) -> None:
        self._store, self._recipes = store, recipes

    def list(self) -> list[Plugin]:
        """Every plugin that was found, by name."""
        recipe = self._recipes.current
        found = sorted(recipe.catalogue.plugins, key=lambda one: (one.name, one.origin))
        return [_plugin(recipe, one) for one in found]

    def get(self, name: str) -> Plugin:
        """One plugin; NotFound if there is no such one."""
        named = [one for one in self.list() if one.info.name == name]
        if not named:
            raise NotFound("PLUGIN_NOT_FOUND", f"There is no plugin {name[:60]!r}.")
        return next((one for one in named if not one.info.problem), named[0])

    async def enable(self, user: str, name: str, enabled: bool) -> Plugin:
        """Use a plugin, or use it no more; NotFound if there is no such one."""
        self.get(name)
        await self._store.write(_enable, user, name, enabled)
        await self._recipes.refresh()
        return self.get(name)

    async def configure(self, user: str, analyzer: str, values: Mapping[str, str]) -> Plugin:
        """Set parameters by JSON values; null goes back to the default.

        Raises NotFound if there is no such analyzer, and Invalid, parameter by parameter, where one
        cannot have its value; nothing is set then.
        """
        catalogue = self._recipes.current.catalogue
        info = next((one for one in catalogue.analyzers if one.name == analyzer), None)
        if info is None:
            raise NotFound("ANALYZER_NOT_FOUND", f"There is no analyzer {analyzer[:60]!r}.")
        given = _read(info, values)
        await asyncio.to_thread(_look, info, given)
        await self._store.write(_configure, user, info, given)
        await self._recipes.refresh()
        return self.get(info.plugin)


def _plugin(recipe: Recipe, info: PluginInfo) -> Plugin:
    mine = [one for one in recipe.catalogue.analyzers if one.plugin == info.name and not info.problem]
    offered = [Offered(one, recipe.settings[one.name], recipe.left_out.get(one.name, "")) for one in mine]
    return Plugin(info, info.name not in recipe.disabled, tuple(offered))


def _read(info: AnalyzerInfo, values: Mapping[str, str]) -> dict[str, Any]:
    """The values in the JSON; Invalid where one cannot be."""
    declared = {one.name: one for one in info.parameters}
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in values.items():
        if name not in declared:
            wrong[name] = f"{info.name} has no such parameter"
            continue
        try:
            given[name] = json.loads(text[:LONGEST_VALUE])
        except (ValueError, RecursionError):
            wrong[name] = f"{text[:60]!r} is not JSON of up to {LONGEST_VALUE:,} characters"
            continue
        if given[name] is not None and (why := objection(declared[name], given[name])):
            wrong[name] = why
    _refuse(info, wrong)
    return given


def _look(info: AnalyzerInfo, given: Mapping[str, Any]) -> None:
    """Return if every file that is named can be read; Invalid if not."""
    declared = {one.name: one for one in info.parameters}
    wrong = {name: unreadable(declared[name], value) for name, value in given.items()}
    _refuse(info, {name: why for name, why in wrong.items() if why})


def _refuse(info: AnalyzerInfo, wrong: Mapping[str, str]) -> None:
    """Return if nothing is wrong; Invalid, parameter by parameter, if something is."""
    if wrong:
        fields = {f"values_json.{name[:64]}": why for name, why in wrong.items()}
        said = "; ".join(f"{name[:64]}: {why}" for name, why in wrong.items())
        raise Invalid("INVALID_SETTING", f"{info.name} cannot be set so: {said}"[:1_000] + ".", fields)


def _enable(db: Database, user: str, name: str, enabled: bool) -> None:
    plugins.enable(db, name, enabled)
    events.record(db, user, "plugin.changed", name=name)


def _configure(db: Database, user: str, info: AnalyzerInfo, given: Mapping[str, Any]) -> None:
    settings = {**plugins.settings(db).get(info.name, {}), **given}
    plugins.configure(db, info.name, {name: value for name, value in settings.items() if value is not None})
    events.record(db, user, "plugin.changed", name=info.plugin)
