"""What a user is shown of what was found: a feature that is switched off for him leaves its descriptors out."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from samplemind_daemon.library.analyses import Analysis, Update
from samplemind_daemon.model import Result

U = TypeVar("U", bound=Update)


def without(update: U, hidden: Collection[str]) -> U:
    """What happens to a sound or is known of it, without descriptors whose names begin with a hidden part."""
    if not hidden:
        return update
    if isinstance(update, Result):
        shown = tuple(one for one in update.descriptors if one.name.partition(".")[0] not in hidden)
        return replace(update, descriptors=shown)
    if isinstance(update, Analysis):
        return replace(update, results=tuple(without(one, hidden) for one in update.results))
    return update
