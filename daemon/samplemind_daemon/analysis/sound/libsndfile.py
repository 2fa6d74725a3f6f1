"""The first decoder: libsndfile, fast and exact for what it knows."""

from collections.abc import Iterator
from types import MappingProxyType

import soundfile

from samplemind_sdk import Samples

from .cannot import CannotDecode
from .file import File

PIECE = 2**16  # frames that are decoded at once, for 8 channels or fewer
_CODECS = MappingProxyType({"MPEG_LAYER_I": "mp1", "MPEG_LAYER_II": "mp2", "MPEG_LAYER_III": "mp3"})


class Libsndfile:
    """One file, decoded by libsndfile; raises CannotDecode if it will not."""

    def __init__(self, file: File) -> None:
        descriptor = file.descriptor()
        try:
            self._sound = soundfile.SoundFile(descriptor, closefd=True)
        except (soundfile.SoundFileError, OverflowError) as error:
            raise CannotDecode("UNDECODABLE", f"the file cannot be decoded: {error}") from error
        self.rate, self.channels = self._sound.samplerate, self._sound.channels
        self.codec = _CODECS.get(self._sound.subtype, self._sound.subtype.lower())
        self.frames: int | None = None  # our own reading of the header tells
        self.slack = 0  # frames
        self.warnings: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Samples]:
        """The sound from the start, in pieces of shape (frames, channels), full scale 1.0."""
        size, heard = max(1, PIECE * 8 // max(8, self.channels)), 0
        while True:
            try:
                piece = self._sound.read(size, dtype="float32", always_2d=True)
            except soundfile.SoundFileError as error:
                when = f"after {heard / self.rate:.2f} s"
                raise CannotDecode("UNDECODABLE", f"the sound is damaged {when}: {error}") from error
            if not len(piece):
                return
            heard += len(piece)
            yield piece

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
