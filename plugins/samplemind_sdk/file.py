"""Files that parameters name."""

import os
import stat
from io import BufferedReader
from pathlib import Path

MOST_BYTES = 256 * 2**20


class File(str):
    """A parameter's value that is the full path of a file on the daemon's machine, or "" for none.

    What is in the file belongs to the recipe of a result, and so does what is in its `labels`: when
    either changes, results become stale.
    """

    __slots__ = ()

    @property
    def labels(self) -> "File":
        """The file beside it that names what is in it: mood.labels.txt beside mood.onnx."""
        return File(Path(self).with_suffix(".labels.txt"))

    def open(self) -> BufferedReader:
        """The file, to be read; ValueError, with a sentence, where it is no plain file or has over MOST_BYTES."""
        if not os.path.isabs(self):
            raise ValueError(f"{str(self)!r} is not a full path, which begins with /")
        try:
            opened = os.fdopen(os.open(self, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
        except (OSError, ValueError) as error:
            raise ValueError(f"{str(self)!r} cannot be read: {_why(error)}") from None
        about = os.fstat(opened.fileno())
        if stat.S_ISREG(about.st_mode) and about.st_size <= MOST_BYTES:
            return opened
        opened.close()
        if not stat.S_ISREG(about.st_mode):
            raise ValueError(f"{str(self)!r} is no plain file")
        raise ValueError(f"{str(self)!r} has {about.st_size:,} bytes, and {MOST_BYTES:,} are the most")


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
