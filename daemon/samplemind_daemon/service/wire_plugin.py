"""Plugins, from the model to the wire."""

import json
from typing import Any

from samplemind.v1 import plugin_pb2 as pb
from samplemind_daemon.library.plugins import Offered, Plugin
from samplemind_daemon.model import Declared
from samplemind_daemon.service.wire_sound import text


def plugin(known: Plugin) -> pb.Plugin:
    """A plugin and what it offers."""
    return pb.Plugin(
        name=text(known.info.name),
        origin=text(known.info.origin),
        enabled=known.enabled,
        problem=text(known.info.problem),
        analyzers=map(_analyzer, known.analyzers),
    )


def _analyzer(known: Offered) -> pb.Analyzer:
    info = known.info
    return pb.Analyzer(
        name=info.name,
        version=min(info.version, 2**31 - 1),
        description=text(info.description),
        parameters=[_parameter(one, known.settings[one.name]) for one in info.parameters],
        inputs=[text(source) for source, _ in info.inputs],
        outputs=[_output(info.name, one) for one in info.outputs],
        problem=text(known.problem),
    )


def _parameter(declared: Declared, value: Any) -> pb.Parameter:
    default_json, value_json = json.dumps(declared.default), json.dumps(value)
    return pb.Parameter(
        name=declared.name, type=declared.type, default_json=default_json, value_json=value_json,
        **_range(declared),
    )  # fmt: skip


def _output(analyzer: str, declared: Declared) -> pb.Output:
    name = f"{analyzer}.{declared.name}"
    return pb.Output(name=name, type=declared.type, many=declared.many, **_range(declared))


def _range(declared: Declared) -> dict[str, Any]:
    """What parameters and outputs say alike."""
    return {
        "unit": text(declared.unit),
        "low": declared.low,
        "high": declared.high,
        "choices": map(text, declared.choices),
        "help": text(declared.help),
    }
