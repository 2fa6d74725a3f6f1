"""What the daemon asks of the place where bytes are kept, be it a disk or a bucket."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, ParamSpec, Protocol, TypeVar

from samplemind_daemon.store.blobs.staging import Staging

PART = 1 << 20  # bytes read at a time
GRACE = timedelta(days=1)  # that bytes stay which nobody has any more

P = ParamSpec("P")
Answer = TypeVar("Answer")


class Copy(NamedTuple):
    """Kept bytes: the digest that they are to have, and where they lie."""

    sha256: str
    place: str
    size: int
    is_spare: bool = False  # there is a later one of the same content


class Blobs(Protocol):
    """Kept bytes by their digest. All that waits for a disk or a network blocks: `run` is for callers on a loop."""

    staging: Staging
    look_seconds: float  # between two looks at what shall leave
    sweep_seconds: float  # between two sweeps of all that is kept

    async def run(self, deed: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer:
        """What `deed` answers, from a thread that may wait for the place where bytes are kept."""

    def close(self) -> None:
        """Begin nothing more."""

    def path(self, sha256: str) -> Path | None:
        """Where the file with these bytes lies, if they are kept; None where bytes are not kept as files here."""

    def has(self, sha256: str) -> bool:
        """Whether these bytes are kept."""

    def is_near(self, sha256: str, size: int) -> bool:
        """Whether `holding` takes no more than a moment for a content that has so many bytes."""

    def doubt(self, sha256: str) -> None:
        """Note that a file that was held had other bytes: if there are others elsewhere, they are got again."""

    def url(self, sha256: str, seconds: float) -> str | None:
        """An address to get the bytes at, for so long; None where there is none."""

    def keep(self, upload: str, sha256: str) -> None:
        """Make an upload's staged bytes, which have this digest, lasting. To do it again does no harm."""

    def take_in(self, sha256: str, pieces: Iterable[bytes]) -> bool:
        """Keep bytes that come from elsewhere, unless they have another digest; whether they have this one."""

    def holding(self, sha256: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, which stays meanwhile; NotFound if they are not kept."""

    def pieces(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes from an offset on, unchecked; NotFound if they are not kept."""

    def retire(self, sha256: str) -> None:
        """Note that nobody has these bytes any more: their grace begins."""

    def let_leave(self, sha256s: Iterable[str]) -> None:
        """Note, for whoever comes by, that these bytes shall go without any grace, unless somebody has them."""

    def leaving(self) -> dict[str, list[Copy]]:
        """All digests of bytes that shall go without any grace, and what is kept of each."""

    def strike(self, sha256: str) -> None:
        """Note that bytes have gone, or stay because somebody has them."""

    def folders(self) -> list[str]:
        """The parts that all that is kept falls into, to be looked through one by one."""

    def kept(self, folder: str) -> list[Copy]:
        """What is kept in a folder."""

    def old(self, folder: str, moment: datetime) -> list[Copy]:
        """What was kept or retired in a folder before this moment, and what was begun then and never kept."""

    def drop(self, copy: Copy, moment: datetime) -> bool:
        """Remove a copy, unless it was kept anew or retired since that moment; whether it was removed."""

    def begun(self) -> list[Path]:
        """Files that somebody began to keep: nothing lasting is one."""

    def wrong(self, copy: Copy, size: int | None, deep: bool) -> str:
        """What is wrong with kept bytes, that should be so many; nothing if all is well."""

    def set_aside(self, copy: Copy, home: Path) -> str:
        """Put what is wrong where it harms nobody, and say where."""
