"""What becomes of memory that is freed: a worker keeps it for the next stretch of sound, the daemon gives it back."""

import ctypes
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # <malloc.h> of glibc
KEPT_BYTES = 64 * 2**20  # that may lie free before any is given back
LARGE_BYTES = 16 * 2**20  # from here on an array is memory of its own, which goes back at once
REPLY_BYTES = 64 * 2**10  # ... and in the daemon, where hundreds of replies may wait at a time


def keep_freed_memory() -> None:
    """Give memory back to the system only in large pieces.

    Every block of sound takes the same megabytes anew; to give them back after each and to have them
    cleared again takes a tenth of the time that hearing takes. Libraries of C other than glibc are left as they are.
    """
    _set(KEPT_BYTES, LARGE_BYTES)


def give_freed_memory_back() -> None:
    """Give memory back to the system soon: what a crowd of callers took is not the daemon's for good.

    Left alone, glibc raises its own bound as large pieces are freed, and keeps ever more of them.
    """
    _set(2 * REPLY_BYTES, REPLY_BYTES)


def _set(kept: int, large: int) -> None:
    if sys.platform == "linux":
        with suppress(AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(M_TRIM_THRESHOLD, kept)
            libc.mallopt(M_MMAP_THRESHOLD, large)
