"""A sound in words: tags and a description, out of what all the others found."""

from samplemind_sdk import Analyzer, hookimpl

from .description import Description
from .tags import Tags


@hookimpl
def analyzers() -> list[type[Analyzer]]:
    """What this plugin offers."""
    return [Tags, Description]
