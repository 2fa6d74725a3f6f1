"""What becomes of memory that is freed: a worker keeps it for the next stretch of sound, the daemon gives it back."""

import ctypes
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # <malloc.h> of glibc
KEPT_BYTES = 64 * 2**20  # that may lie free before any is given back
LARGE_BYTES = 16 * 2**20  # from here on an array is memory of its own, which goes back at once
REPLY_BYTES = 64 * 2**10  # ... and in the daemon, where hundreds of replies may wait at a time
ARENAS = 2  # that the daemon's threads take from: they wait for each other at Python's lock, not here


def keep_freed_memory() -> None:
    """Give memory back to the system only in large pieces.

    Every block of sound takes the same megabytes anew; to give them back after each and to have them
    cleared again takes a tenth of the time that hearing takes. Libraries of C other than glibc are left as they are.
    """
    _set(KEPT_BYTES, LARGE_BYTES)


def give_freed_memory_back() -> None:
    """Give memory back to the system soon: what a crowd of callers took is not the daemon's for good.

    Left alone, glibc raises its own bound as large pieces are freed, and keeps ever more of them; and it lets each
    of two dozen threads hold on to holes of its own, in which nobody else can put anything. To be called before
    there are threads.
    """
    _set(2 * REPLY_BYTES, REPLY_BYTES, ARENAS)


def give_holes_back() -> None:
    """Give back what lies free between things in use, too; it takes some milliseconds."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _set(kept: int, large: int, arenas: int = 0) -> None:
    if sys.platform == "linux":
        with suppress(AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(M_TRIM_THRESHOLD, kept)
            libc.mallopt(M_MMAP_THRESHOLD, large)
            if arenas:
                libc.mallopt(M_ARENA_MAX, arenas)
