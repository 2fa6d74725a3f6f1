"""What sort of music a sound is: its genre, and the mood that its measurements suggest."""

from samplemind_sdk import Analyzer, hookimpl

from .genre import Genre
from .mood import Mood


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Genre, Mood]
