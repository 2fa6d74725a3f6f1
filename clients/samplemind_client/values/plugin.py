"""A plugin of the daemon, and the analyzers it offers."""

import json
from dataclasses import dataclass
from typing import Any

from samplemind.v1 import plugin_pb2 as pb


@dataclass(frozen=True)
class Parameter:
    """A setting of an analyzer."""

    name: str
    type: str  # "float", "int", "str" or "bool"
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    help: str
    default: Any
    value: Any


@dataclass(frozen=True)
class Output:
    """Something that an analyzer finds out."""

    name: str  # "tempo.bpm"
    type: str
    many: bool
    unit: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True)
class Analyzer:
    """An analyzer of a plugin; `problem` says why it is left out, if it is."""

    name: str
    version: int
    description: str
    parameters: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    problem: str


@dataclass(frozen=True)
class Plugin:
    """A plugin as it was found; `problem` says why it cannot be used, if so."""

    name: str
    origin: str
    enabled: bool
    problem: str
    analyzers: tuple[Analyzer, ...]


def read_plugin(message: pb.Plugin) -> Plugin:
    """The plugin in a message."""
    return Plugin(
        name=message.name,
        origin=message.origin,
        enabled=message.enabled,
        problem=message.problem,
        analyzers=tuple(_read_analyzer(one) for one in message.analyzers),
    )


def _read_analyzer(message: pb.Analyzer) -> Analyzer:
    return Analyzer(
        name=message.name,
        version=message.version,
        description=message.description,
        parameters=tuple(_read_parameter(one) for one in message.parameters),
        inputs=tuple(message.inputs),
        outputs=tuple(_read_output(one) for one in message.outputs),
        problem=message.problem,
    )


def _read_parameter(message: pb.Parameter) -> Parameter:
    return Parameter(
        name=message.name,
        type=message.type,
        unit=message.unit,
        low=message.low if message.HasField("low") else None,
        high=message.high if message.HasField("high") else None,
        choices=tuple(message.choices),
        help=message.help,
        default=json.loads(message.default_json or "null"),
        value=json.loads(message.value_json or "null"),
    )


def _read_output(message: pb.Output) -> Output:
    return Output(
        name=message.name,
        type=message.type,
        many=message.many,
        unit=message.unit,
        low=message.low if message.HasField("low") else None,
        high=message.high if message.HasField("high") else None,
        choices=tuple(message.choices),
        help=message.help,
    )
