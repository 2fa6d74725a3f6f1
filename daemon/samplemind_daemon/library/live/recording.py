"""A stream as it is kept: a WAV file that grows beside it."""

import hashlib
import struct
from pathlib import Path
from typing import BinaryIO

from samplemind_daemon.model import LiveConfig

PCM, FLOAT = 1, 3  # WAVE_FORMAT_PCM and WAVE_FORMAT_IEEE_FLOAT of mmreg.h
HEADER = 44  # bytes


class Recording:
    """Writes frames to a file, with silence where some never came; for threads."""

    def __init__(self, path: Path, config: LiveConfig, most_bytes: int) -> None:
        self.path, self._config, self._most = path, config, most_bytes
        path.parent.mkdir(exist_ok=True, mode=0o700)
        self._file: BinaryIO = path.open("xb")
        self._file.write(bytes(HEADER))
        self._frames = 0
        self.is_full = False  # whether it would have become larger than a sound may be

    def write(self, frame: int, data: bytes) -> None:
        """Write what of a piece is new."""
        width = self._config.frame_bytes
        known = max(self._frames - frame, 0)
        gap, fresh = max(frame - self._frames, 0), data[known * width :]
        size = self._file.tell() + gap * width + len(fresh)
        if self.is_full or size > self._most:
            self.is_full = True
            return
        self._file.write(bytes(gap * width) + fresh)
        self._frames += gap + len(fresh) // width

    def finish(self) -> tuple[int, str]:
        """Write the header; the size of the file in bytes, and its SHA-256."""
        size = self._file.tell()
        self._file.seek(0)
        self._file.write(self._header(size - HEADER))
        self._file.close()
        with self.path.open("rb") as file:
            return size, hashlib.file_digest(file, "sha256").hexdigest()

    def drop(self) -> None:
        """Have the file gone."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _header(self, size: int) -> bytes:
        config, width = self._config, self._config.frame_bytes
        kind = FLOAT if config.format == "f32le" else PCM
        bits = 8 * width // config.channels
        about = struct.pack("<HHIIHH", kind, config.channels, config.rate, width * config.rate, width, bits)
        return b"RIFF" + struct.pack("<I", size + HEADER - 8) + b"WAVEfmt " + struct.pack("<I", 16) + about + (
            b"data" + struct.pack("<I", size)
        )  # fmt: skip
