"""Finding plugins, for a worker: the only file of the daemon that knows pluggy."""

import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy

from samplemind_daemon.analysis.catalogue import analyzer_info
from samplemind_daemon.model import AnalyzerInfo, Catalogue, PluginInfo
from samplemind_sdk import Analyzer, File, features, hooks

GROUP = "samplemind"
RESERVED = frozenset({"file", "user"})  # makers of descriptors that are no analyzers

Analyzers = dict[str, type[Analyzer]]


@dataclass(frozen=True)
class Candidate:
    """A plugin that may be loaded; `load` imports it, with all that this may bring."""

    name: str
    origin: str
    load: Callable[[], Any]


@dataclass(frozen=True)
class Found:
    """The analyzers of this process, by name, and the catalogue that describes them."""

    analyzers: Analyzers
    catalogue: Catalogue


def find(
    folder: Path | None = None,
    left_out: Iterable[PluginInfo] = (),
    announce: Callable[[str, str], None] = lambda name, origin: None,
) -> Found:
    """Load every installed plugin, then each .py file of the folder; a broken one is left out, with a reason.

    `left_out` are known to do harm and are not touched; `announce` hears the name and the origin of
    each of the others before it is imported.
    """
    harmful = {(one.name, one.origin): one.problem for one in left_out}
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hooks)
    plugins: list[PluginInfo] = []
    infos: list[AnalyzerInfo] = []
    analyzers: Analyzers = {}
    for one in _candidates(folder):
        problem = harmful.get((one.name, one.origin), "")
        if not problem:
            announce(one.name, one.origin)
            offered, described, problem = _load(manager, one, analyzers)
            analyzers |= offered
            infos += described
        plugins.append(PluginInfo(one.name, one.origin, problem))
    return Found(analyzers, Catalogue(tuple(plugins), tuple(infos), features.VERSION))


def _candidates(folder: Path | None) -> Iterator[Candidate]:
    for entry in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        yield Candidate(entry.name, _distribution(entry), entry.load)
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.py")):
            if not path.name.startswith((".", "_")):
                yield Candidate(_printable(path.stem), _printable(str(path)), partial(_module_at, path))


def _load(
    manager: pluggy.PluginManager, candidate: Candidate, taken: Analyzers
) -> tuple[Analyzers, list[AnalyzerInfo], str]:
    """What a plugin offers, with its description, or nothing and the reason why it cannot be used."""
    try:
        plugin = candidate.load()
        manager.register(plugin, candidate.name)
    except (Exception, SystemExit) as error:
        return {}, [], _sentence(error)
    try:
        offered = _offered(manager, plugin)
        _check(offered, taken)
        infos = [analyzer_info(kind, candidate.name) for kind in offered]
    except (Exception, SystemExit) as error:
        manager.unregister(plugin)
        return {}, [], _sentence(error)
    return {kind.name: kind for kind in offered}, infos, ""


def _offered(manager: pluggy.PluginManager, plugin: Any) -> list[type[Analyzer]]:
    others = manager.get_plugins() - {plugin}
    answers = manager.subset_hook_caller("analyzers", others)()
    if not answers:
        raise ValueError("it does not answer the hook analyzers()")
    return list(answers[0])


def _check(offered: Iterable[Any], taken: Analyzers) -> None:
    names = set(taken)
    for kind in offered:
        if not (inspect.isclass(kind) and issubclass(kind, Analyzer)):
            raise ValueError(f"{kind!r} is not an Analyzer")
        name = getattr(kind, "name", None)
        if not (isinstance(name, str) and name.isidentifier() and name.islower() and len(name) <= 64):
            raise ValueError(f"an analyzer's name is lower-case letters, digits and _, not {name!r}")
        if name in RESERVED:
            raise ValueError(f"{name}.… is what files say of themselves; no analyzer can be called so")
        if name in names:
            raise ValueError(f"there is already an analyzer called {name}")
        if type(kind.version) is not int or kind.version < 1:
            raise ValueError(f"the version of {name} is a whole number from 1, not {kind.version!r}")
        if not kind.outputs:
            raise ValueError(f"{name} has no outputs")
        for parameter in kind.parameters.values():
            if type(parameter.default) not in (float, int, str, bool, File):
                raise ValueError(f"{name}.{parameter.name} is no number and no word: {parameter.default!r}")
        kind()
        names.add(name)


def _module_at(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"samplemind_dropped_in.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _sentence(error: BaseException) -> str:
    return _printable(f"{type(error).__name__}: {error}")[:1_000]


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
