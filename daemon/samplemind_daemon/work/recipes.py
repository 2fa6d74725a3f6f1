"""What analysis means today: which analyzers run, with which settings, and the fingerprints of what they find."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samplemind_daemon.analysis.parameters import objection
from samplemind_daemon.analysis.plan import Settings, effective, files, fingerprints, fit, plan, sources
from samplemind_daemon.model import AnalyzerInfo, Catalogue, Media
from samplemind_daemon.store import Database, Store, plugins
from samplemind_daemon.work.attachments import Attachments
from samplemind_daemon.work.crew import Crew


@dataclass(frozen=True)
class Recipe:
    """Every analyzer that takes part, and why the others do not."""

    catalogue: Catalogue
    disabled: frozenset[str]  # plugins
    registry: Mapping[str, AnalyzerInfo]
    left_out: Mapping[str, str]  # the reason by analyzer
    settings: Settings  # the value of every parameter
    fingerprints: Mapping[str, str]
    prints: Mapping[str, str]  # what each analyzer is, whatever is set
    digests: Mapping[str, str]  # of the files that parameters name, by path

    def fresh(self, prints: Mapping[str, str], media: Media | None) -> frozenset[str]:
        """The analyzers that would find again what is known of a content by these fingerprints.

        None counts while it is not known what decoding finds, since only hearing tells that.
        """
        if media is None and any(one.listens for one in self.registry.values()):
            return frozenset()
        return frozenset(name for name, print in prints.items() if print == self.fingerprints.get(name))

    @property
    def files(self) -> frozenset[str]:
        """The paths of all files that parameters name."""
        named = (files(one, self.settings[one.name]).values() for one in self.catalogue.analyzers)
        return frozenset(path for paths in named for path in paths)

    def todo(self, fresh: frozenset[str]) -> tuple[str, ...]:
        """The analyzers that must run where these need not, in order."""
        return plan(self.registry, self.registry, fresh)

    def building_on(self, name: str) -> frozenset[str]:
        """The analyzer and all that build upon it."""
        found = {name}
        for one in plan(self.registry, self.registry):
            if found & set(sources(one, self.registry)):
                found.add(one)
        return frozenset(found)


class Recipes:
    """Today's recipe. It follows the crew's catalogue by itself.

    `refresh` after a change in the store, and `look` every now and then for changes in named files.
    """

    def __init__(self, store: Store, crew: Crew) -> None:
        self._store, self._crew = store, crew
        self._disabled: frozenset[str] = frozenset()
        self._set: dict[str, dict[str, Any]] = {}
        self._attachments, self._digests = Attachments(), dict[str, str]()
        self._looking = asyncio.Lock()
        self._recipe = recipe(crew.catalogue)

    @property
    def current(self) -> Recipe:
        """The recipe for the plugins that the newest worker found."""
        if self._crew.catalogue != self._recipe.catalogue:
            self._recipe = self._make()
        return self._recipe

    async def refresh(self) -> Recipe:
        """The recipe for what is switched off and set in the store now."""
        self._disabled, self._set = await self._store.read(_read)
        self._recipe = self._make()
        return await self.look()

    async def look(self) -> Recipe:
        """The recipe for what is in the files now that parameters name."""
        async with self._looking:
            digests = await asyncio.to_thread(self._attachments.digests, self.current.files)
        if digests != self._digests:
            self._digests = digests
            self._recipe = self._make()
        return self.current

    def _make(self) -> Recipe:
        return recipe(self._crew.catalogue, self._disabled, self._set, self._digests)


def recipe(
    catalogue: Catalogue,
    disabled: frozenset[str] = frozenset(),
    given: Mapping[str, Mapping[str, Any]] | None = None,
    digests: Mapping[str, str] | None = None,
) -> Recipe:
    """The recipe for these plugins; a setting that its parameter no longer takes is passed over.

    `digests` of the files that parameters name are by their paths.
    """
    registry, left_out = fit(catalogue, disabled)
    settings = {one.name: effective(one, _taken(one, (given or {}).get(one.name, {}))) for one in
                catalogue.analyzers}  # fmt: skip
    prints = fingerprints(catalogue, registry, settings, digests)
    known = offered(catalogue)
    return Recipe(
        catalogue, disabled, registry, left_out, settings, prints,
        {name: known[name] for name in registry if name in known}, dict(digests or {}),
    )  # fmt: skip


def offered(catalogue: Catalogue) -> dict[str, str]:
    """What each analyzer is, with nothing set and no plugin switched off: equal at two places if they find the same."""
    registry, _ = fit(catalogue)
    return fingerprints(catalogue, registry, {one.name: effective(one, {}) for one in registry.values()})


def _taken(analyzer: AnalyzerInfo, given: Mapping[str, Any]) -> dict[str, Any]:
    declared = {one.name: one for one in analyzer.parameters}
    return {
        name: value
        for name, value in given.items()
        if name in declared and not objection(declared[name], value)
    }


def _read(db: Database) -> tuple[frozenset[str], dict[str, dict[str, Any]]]:
    return frozenset(plugins.disabled(db)), plugins.settings(db)
