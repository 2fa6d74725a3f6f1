"""Plugins, and what they offer, without their code."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Declared:
    """A parameter or an output as its analyzer declares it."""

    name: str
    type: str  # "float", "int", "str", "bool", "File" or "Label"
    many: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    default: Any = None


@dataclass(frozen=True)
class AnalyzerInfo:
    """An analyzer as the daemon knows it, without its code."""

    name: str
    plugin: str
    version: int
    description: str
    listens: bool
    parameters: tuple[Declared, ...]
    inputs: tuple[tuple[str, bool], ...]  # ("tempo.bpm", optional)
    outputs: tuple[Declared, ...]  # names without the analyzer's


@dataclass(frozen=True)
class PluginInfo:
    """A plugin as it was found: `problem` says why it cannot be used, if so."""

    name: str
    origin: str
    problem: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Every plugin that was found, and what they offer together."""

    plugins: tuple[PluginInfo, ...]
    analyzers: tuple[AnalyzerInfo, ...]
    features_version: int
