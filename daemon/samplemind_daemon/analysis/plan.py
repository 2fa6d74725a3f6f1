"""Which analyzers must run, in what order, and what makes a stored result stale."""

import json
from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from typing import Any

from samplemind_daemon.model import AnalyzerInfo, Catalogue

RECIPE = 1  # raise it when the recipe of a fingerprint changes its form: every stored result becomes stale

Registry = Mapping[str, AnalyzerInfo]
Settings = Mapping[str, Mapping[str, Any]]  # by analyzer and parameter


class CannotPlan(Exception):
    """Something was asked for that no plugin offers."""


def fit(
    catalogue: Catalogue, disabled: Collection[str] = ()
) -> tuple[dict[str, AnalyzerInfo], dict[str, str]]:
    """The analyzers that can work together, by name, and for each of the others why it cannot.

    `disabled` are the names of plugins that are switched off.
    """
    reasons = {
        one.name: f"its plugin {one.plugin} is switched off"
        for one in catalogue.analyzers
        if one.plugin in disabled
    }
    fitting = {one.name: one for one in catalogue.analyzers if one.name not in reasons}
    while misfits := _misfits(fitting):
        reasons |= misfits
        fitting = {name: one for name, one in fitting.items() if name not in misfits}
    return fitting, reasons


def plan(wanted: Iterable[str], registry: Registry, fresh: Collection[str] = ()) -> tuple[str, ...]:
    """The wanted analyzers and those they build upon, each after its sources; what is fresh is left out."""
    graph: dict[str, list[str]] = {}
    todo = sorted(set(wanted) - set(fresh), reverse=True)
    while todo:
        name = todo.pop()
        if name not in registry:
            raise CannotPlan(f"there is no analyzer called {name}")
        if name not in graph:
            graph[name] = [source for source in sources(name, registry) if source not in fresh]
            todo += graph[name]
    return tuple(TopologicalSorter(graph).static_order())


def sources(name: str, registry: Registry) -> list[str]:
    """The analyzers on offer whose outputs this one takes in, by name."""
    taken = [source for source, _ in registry[name].inputs if _is_offered(source, registry)]
    return sorted({source.partition(".")[0] for source in taken})


def fingerprints(
    catalogue: Catalogue, registry: Registry, settings: Settings, digests: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Each analyzer's recipe: equal for two results exactly when nothing that made them differs.

    Of a file that a parameter names only what is in it counts: `digests` has that by path.
    """
    prints: dict[str, str] = {}
    for name in plan(registry, registry):
        recipe = [
            RECIPE,
            name,
            registry[name].version,
            _contents(registry[name], settings.get(name, {}), digests or {}),
            catalogue.features_version if registry[name].listens else None,
            [prints[source] for source in sources(name, registry)],
        ]
        prints[name] = sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:32]
    return prints


def effective(analyzer: AnalyzerInfo, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every parameter; what was set for parameters that are no longer there is passed over."""
    return {one.name: _cast(one.default, given.get(one.name, one.default)) for one in analyzer.parameters}


def files(analyzer: AnalyzerInfo, given: Mapping[str, Any]) -> dict[str, str]:
    """The paths of the files that parameters name, by parameter."""
    named = {one.name for one in analyzer.parameters if one.type == "File"}
    return {name: value for name, value in effective(analyzer, given).items() if name in named and value}


def attachments(registry: Registry, settings: Settings) -> tuple[str, ...]:
    """The paths of all files that these settings name, and of the labels beside them."""
    named = {path for name, given in settings.items() for path in files(registry[name], given).values()}
    if not named:
        return ()
    from samplemind_sdk import File  # only now: it brings numpy and scipy

    return tuple(sorted({*named, *(str(File(path).labels) for path in named)}))


def _contents(analyzer: AnalyzerInfo, given: Mapping[str, Any], digests: Mapping[str, str]) -> dict[str, Any]:
    """The value of every parameter, with a digest of its content in place of each file's path."""
    contents = {name: ["file", digests.get(path, "")] for name, path in files(analyzer, given).items()}
    return {**effective(analyzer, given), **contents}


def _cast(default: Any, value: Any) -> Any:
    return type(default)(value)


def _is_offered(source: str, registry: Registry) -> bool:
    name, _, output = source.partition(".")
    return name in registry and any(one.name == output for one in registry[name].outputs)


def _misfits(registry: Registry) -> dict[str, str]:
    lacking = {
        name: f"{source}, which it needs, is not offered"
        for name, analyzer in registry.items()
        for source, optional in analyzer.inputs
        if not optional and not _is_offered(source, registry)
    }
    try:
        TopologicalSorter({name: sources(name, registry) for name in registry}).prepare()
    except CycleError as error:
        circle = error.args[1]
        return lacking | dict.fromkeys(circle, f"these wait for each other: {' -> '.join(circle)}")
    return lacking
