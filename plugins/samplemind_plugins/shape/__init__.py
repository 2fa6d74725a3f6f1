"""How a sound goes: when something begins in it, how it moves in level, and of what colour it is."""

from samplemind_sdk import Analyzer, hookimpl

from .dynamics import Dynamics
from .onsets import Onsets
from .timbre import Timbre


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Onsets, Dynamics, Timbre]
