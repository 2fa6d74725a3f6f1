"""What plugins offer, as plain values that travel between processes."""

import inspect
import math
from collections.abc import Iterable, Mapping
from typing import Any

from samplemind_daemon.model import AnalyzerInfo, Catalogue, Declared, PluginInfo


def declared(about: Any, kind: type, default: Any = None, many: bool = False) -> Declared:
    """A parameter or an output as plain values; a range without an end has None there."""
    return Declared(
        name=str(about.name),
        type=kind.__name__,
        many=many,
        unit=str(about.unit),
        low=_end(about.low),
        high=_end(about.high),
        choices=tuple(map(str, about.choices)),
        help=str(about.help),
        default=default,
    )


def analyzer_info(kind: Any, plugin: str) -> AnalyzerInfo:
    """An analyzer class as the daemon knows it, without its code."""
    parameters = [declared(one, type(one.default), one.default) for one in kind.parameters.values()]
    outputs = [declared(one, one.kind, many=one.many) for one in kind.outputs.values()]
    inputs = sorted({(one.source, bool(one.optional)) for one in kind.inputs.values()})
    return AnalyzerInfo(
        name=kind.name,
        plugin=plugin,
        version=kind.version,
        description=inspect.cleandoc(kind.__doc__ or ""),
        listens=kind.listens(),
        parameters=tuple(parameters),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
    )


def from_json(fields: Mapping[str, Any]) -> Catalogue:
    """The catalogue that was written as JSON; KeyError, TypeError or ValueError if it is not one."""
    return Catalogue(
        plugins=tuple(PluginInfo(**one) for one in fields["plugins"]),
        analyzers=tuple(_analyzer(one) for one in fields["analyzers"]),
        features_version=int(fields["features_version"]),
    )


def _analyzer(fields: Mapping[str, Any]) -> AnalyzerInfo:
    inputs = tuple((str(source), bool(optional)) for source, optional in fields["inputs"])
    lists = {"parameters": _all(fields["parameters"]), "inputs": inputs, "outputs": _all(fields["outputs"])}
    return AnalyzerInfo(**{**fields, **lists})


def _all(many: Iterable[Mapping[str, Any]]) -> tuple[Declared, ...]:
    return tuple(Declared(**{**one, "choices": tuple(one["choices"])}) for one in many)


def _end(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
