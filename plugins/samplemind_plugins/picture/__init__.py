"""What a sound looks like: its waveform and its spectrum, small enough to be drawn at once."""

from samplemind_sdk import Analyzer, hookimpl

from .spectrum import Spectrum
from .waveform import Waveform


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Waveform, Spectrum]
