"""The first decoder: libsndfile, fast and exact for what it knows."""

import os
from collections.abc import Iterator

import numpy as np
import soundfile

from samplemind_sdk import Samples

from .cannot import CannotDecode
from .file import File

SIXTEEN_BITS = np.float32(2**-15)  # of full scale
PIECE = 2**16  # frames that are decoded at once, for 8 channels or fewer


class Libsndfile:
    """One file, decoded by libsndfile; raises CannotDecode if it will not."""

    def __init__(self, file: File) -> None:
        self._descriptor, self._size = file.descriptor(), file.size
        try:
            self._sound = soundfile.SoundFile(self._descriptor, closefd=True)
        except (soundfile.SoundFileError, OverflowError) as error:
            raise CannotDecode("UNDECODABLE", f"the file cannot be decoded: {_why(error)}") from error
        self.rate, self.channels = self._sound.samplerate, self._sound.channels
        self.codec = self._sound.subtype.lower()
        # Elsewhere our own reading of the header tells; here it counts from the first to the last page.
        self.frames = self._sound.frames if self.codec in ("vorbis", "opus") else None
        self.slack = 0  # frames
        self.warnings: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Samples]:
        """The sound from the start, in pieces of shape (frames, channels), full scale 1.0."""
        size, heard = max(1, PIECE * 8 // max(8, self.channels)), 0
        while True:
            try:
                piece = self._read(size)
            except soundfile.SoundFileError as error:
                raise self._damaged(heard, error) from error
            if not len(piece):
                return
            heard += len(piece)
            yield piece

    def _read(self, frames: int) -> Samples:
        """The next frames; 16-bit numbers become the same fractions here, in a third of libsndfile's time."""
        if self.codec != "pcm_16":
            piece: Samples = self._sound.read(frames, dtype="float32", always_2d=True)
        else:
            piece = np.multiply(self._sound.read(frames, dtype="int16", always_2d=True), SIXTEEN_BITS)
        return piece

    def _damaged(self, heard: int, error: soundfile.SoundFileError) -> CannotDecode:
        when = f"after {heard / self.rate:.2f} s"
        if os.lseek(self._descriptor, 0, os.SEEK_CUR) >= self._size:
            return CannotDecode("TRUNCATED", f"the file ends early, soon {when} of sound")
        return CannotDecode("UNDECODABLE", f"the sound is damaged {when}: {_why(error)}")

    def reaches(self, frame: int) -> bool:
        """Whether there is sound at and after this frame. Afterwards pieces() are of no use."""
        try:
            self._sound.seek(frame)
            return len(self._sound.read(PIECE, dtype="float32")) == PIECE
        except soundfile.SoundFileError:
            return False

    def close(self) -> None:
        """Let go of the file."""
        self._sound.close()


def _why(error: Exception) -> str:
    """libsndfile's own words, without what it calls the file."""
    return str(getattr(error, "error_string", error)).removeprefix("Error : ")
