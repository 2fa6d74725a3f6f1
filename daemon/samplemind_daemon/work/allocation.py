"""What becomes of memory that a worker frees: it is kept for the next stretch of sound."""

import ctypes
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # <malloc.h> of glibc
KEPT_BYTES = 64 * 2**20  # that may lie free before any is given back
LARGE_BYTES = 16 * 2**20  # from here on an array is memory of its own, which goes back at once


def keep_freed_memory() -> None:
    """Give memory back to the system only in large pieces.

    Every block of sound takes the same megabytes anew; to give them back after each and to have them
    cleared again takes a tenth of the time that hearing takes. Libraries of C other than glibc are left as they are.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
            libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
