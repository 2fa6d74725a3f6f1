"""A full disk, said as what it is."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from samplemind_daemon.refusals import Exhausted

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def needing_room() -> Iterator[None]:
    """Raise Exhausted where what is done inside fails because the disk is full."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in _FULL:
            raise
        raise no_room() from None


def no_room() -> Exhausted:
    """The refusal of whatever would take more room than the disk has."""
    return Exhausted("DISK_FULL", "The daemon's disk is full.", retry_seconds=60)
