"""The one hook of SampleMind: a plugin is anything that answers it."""

import pluggy

from .analyzer import Analyzer

hookspec = pluggy.HookspecMarker("samplemind")
hookimpl = pluggy.HookimplMarker("samplemind")


@hookspec
def analyzers() -> list[type[Analyzer]]:  # type: ignore[empty-body]
    """The analyzers that this plugin offers."""
