"""What stands in the way of watching a folder: said once in the log, and in its health while it lasts."""

import os
from collections.abc import Collection

import structlog

log = structlog.get_logger(__name__)

MOST = 20


class Problems:
    """Sentences by what they are about, the newest first."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._known: dict[object, str] = {}

    def note(self, about: object, sentence: str) -> None:
        """Something is in the way."""
        if self._known.get(about) == sentence:
            return
        if about not in self._known and len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))
        self._known.pop(about, None)
        self._known[about] = sentence
        log.warning(sentence, folder=self._folder)

    def settle(self, about: object) -> None:
        """It is no longer in the way."""
        self._known.pop(about, None)

    def keep_only(self, kind: str, abouts: Collection[object]) -> None:
        """Of those about (kind, …), only these are still in the way."""
        for about in [one for one in self._known if isinstance(one, tuple) and one[0] == kind]:
            if about not in abouts:
                self.settle(about)

    def sentences(self) -> tuple[str, ...]:
        """All of them, the newest first."""
        return tuple(reversed(self._known.values()))


def shown(path: bytes) -> str:
    """A path as text, for people."""
    return os.fsdecode(path).encode("utf-8", "replace").decode()
