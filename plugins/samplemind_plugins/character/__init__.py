"""What a piece feels like, by rules of thumb: how energetic, danceable, pleasant and exciting it is."""

from samplemind_sdk import Analyzer, hookimpl

from .danceability import Danceability
from .energy import Energy
from .feeling import Arousal, Valence


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Energy, Danceability, Valence, Arousal]
