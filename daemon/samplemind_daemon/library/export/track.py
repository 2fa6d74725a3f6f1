"""A sound as an exported file tells of it, and what such a file is."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from samplemind_daemon.library.analyses import Analysis
from samplemind_daemon.model import Audio, Descriptor


@dataclass(frozen=True)
class Track:
    """A sound, its number from 1 on, and where its file lies: empty for an upload."""

    number: int
    analysis: Analysis
    path: bytes  # absolute

    @property
    def audio(self) -> Audio:
        """The sound."""
        return self.analysis.audio

    @property
    def seconds(self) -> float | None:
        """How long it is, once that is known."""
        return self.audio.media.seconds if self.audio.media else None

    @cached_property
    def found(self) -> Mapping[str, Descriptor]:
        """What is known of it, by name."""
        return {one.name: one for result in self.analysis.results for one in result.descriptors}

    def value(self, name: str) -> Any:
        """The value of a descriptor; None where there is none."""
        one = self.found.get(name)
        return one.value if one else None

    def sure(self, name: str) -> Any:
        """The value of a descriptor that nothing speaks against; None where there is none, or a doubt about it."""
        one = self.found.get(name)
        return one.value if one and one.status == "ok" else None


class Form(Protocol):
    """A kind of file, told piece by piece."""

    @property
    def names(self) -> Collection[str]:
        """The descriptors that it needs."""

    @property
    def counts(self) -> bool:
        """Whether it says at its beginning how many tracks there are."""

    def head(self, total: int) -> str:
        """What comes before the tracks."""

    def track(self, one: Track) -> str:
        """What it says of one."""

    def tail(self, total: int) -> Iterator[str]:
        """What comes after the tracks."""


def place(audio: Audio, folders: Mapping[str, bytes]) -> bytes:
    """Where the sound's file lies, if its watch folder is among these; empty otherwise."""
    root = folders.get(audio.folder or "")
    return os.path.join(root, audio.path) if root is not None and audio.path is not None else b""


def named(found: Any, least: float = 0.5) -> list[str]:
    """The names among labels that are at least as probable as not, or words as they are."""
    return [one[0] if isinstance(one, tuple) else str(one) for one in found or () if _is_likely(one, least)]


def _is_likely(one: Any, least: float) -> bool:
    return not isinstance(one, tuple) or one[1] >= least
