"""The second decoder: FFmpeg's libraries through PyAV, told what to expect and kept from looking elsewhere."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NoReturn

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from samplemind_sdk import Samples

from .cannot import CannotDecode
from .file import File

_CODECS = (
    "aac", "aac_latm", "ac3", "eac3", "alac", "ape", "flac", "mp1float", "mp2float", "mp3float",
    "mp1", "mp2", "mp3", "mpc7", "mpc8", "opus", "libopus", "speex", "libspeex", "tak", "tta", "vorbis",
    "libvorbis", "wavpack", "wmav1", "wmav2", "wmapro", "wmalossless",
    "pcm_alaw", "pcm_mulaw", "pcm_s8", "pcm_u8", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s24le",
    "pcm_s32be", "pcm_s32le", "pcm_f32be", "pcm_f32le", "pcm_f64be", "pcm_f64le",
)  # fmt: skip
_SURE = "mov wv ape tak tta mpc8 matroska flac caf".split()  # containers that store their length
_SLACK_SECONDS = 0.25  # that encoder, decoder and a container's rounding may take off the claim
_DAMAGE = 0.1  # of the packets may be broken, each a glitch, before it is no longer that sound
_LONGEST_GAP_SECONDS = 1.0  # that one broken packet may claim to have held
_BUFFER = 2**18  # bytes read at once
_OTHER_WORDS: dict[type[Exception], str] = {  # for errors whose own words are not about the file
    av.error.PatchWelcomeError: "it is of a variety that its decoder does not know",
    av.error.PermissionError: "it claims what cannot be",  # how some of FFmpeg's readers refuse a header
    av.error.EOFError: "it breaks off in its header",
}


class Libav:
    """One file, decoded by libav from the named container; raises CannotDecode if it will not."""

    def __init__(self, file: File, container: str, start: int = 0) -> None:
        self.frames: int | None = None
        self.slack = 0  # frames
        self.warnings: tuple[str, ...] = ()
        self._heard = 0  # frames
        try:
            self._container: InputContainer = av.open(
                _Reader(file, start),
                "r",
                format=container,
                metadata_errors="replace",
                buffer_size=_BUFFER,
                io_open=_nothing_else,
                container_options={"codec_whitelist": ",".join(_CODECS), "protocol_whitelist": "none"},
            )
            self._open(container)
        except (av.FFmpegError, ValueError, RuntimeError) as error:
            self.close()
            raise CannotDecode("UNDECODABLE", f"the file cannot be decoded: {_why(error)}") from error
        except CannotDecode:
            self.close()
            raise

    def _open(self, container: str) -> None:
        if not self._container.streams.audio:
            kinds = ", ".join(sorted({stream.type for stream in self._container.streams})) or "nothing"
            raise CannotDecode("UNSUPPORTED_FORMAT", f"the file holds no sound, only {kinds}")
        self._audio = self._container.streams.audio[0]
        context = self._audio.codec_context
        if context is None:
            raise CannotDecode("UNSUPPORTED_FORMAT", "the sound is compressed in an unknown way")
        self.codec = context.codec.canonical_name
        if context.name not in _CODECS:
            raise CannotDecode("UNSUPPORTED_FORMAT", f"sound compressed as {self.codec} is not decoded here")
        self.rate, self.channels = context.sample_rate, context.channels
        length, base = self._audio.duration, self._audio.time_base
        if container in _SURE and length and base and self.rate:
            self.frames = round(length * base * self.rate)
        self.slack = round(_SLACK_SECONDS * self.rate)

    def pieces(self) -> Iterator[Samples]:
        """The sound from the start, in pieces of shape (frames, channels), full scale 1.0."""
        good = bad = 0
        for packet in self._packets():
            try:
                frames = packet.decode()
                good += 1
            except av.FFmpegError:
                bad += 1
                if self._heard:
                    gap = self._gap(packet.duration, packet.time_base)
                    self._heard += len(gap)
                    yield gap
                continue
            for frame in frames:
                self._same(frame)
                self._heard += frame.samples
                yield _floats(frame)
        if bad > _DAMAGE * (good + bad):
            raise CannotDecode("UNDECODABLE", f"{bad:,} of {good + bad:,} packets of sound are damaged")
        if bad:
            what = f"{bad:,} of {good + bad:,} packets of sound are damaged and were heard as silence"
            self.warnings = (*self.warnings, what)

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        """The packets of the sound; raises CannotDecode where the container breaks off before its end."""
        packets = self._container.demux(self._audio)
        while True:
            try:
                yield next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                if self.frames and self._heard >= self.frames:
                    self.warnings = (
                        *self.warnings,
                        "something that is not sound follows the end of the sound",
                    )
                    return
                when = f"after {self._heard / self.rate:.2f} s" if self._heard else "at its start"
                raise CannotDecode("UNDECODABLE", f"the sound is damaged {when}: {_why(error)}") from error

    def reaches(self, frame: int) -> bool:
        """Never sure before it is decoded."""
        return False

    def close(self) -> None:
        """Let go of the file."""
        if hasattr(self, "_container"):
            self._container.close()

    def _gap(self, duration: int | None, base: Fraction | None) -> Samples:
        """Silence as long as a packet that cannot be decoded, so that what follows keeps its time."""
        seconds = float(duration * base) if duration and base else 0.0
        return np.zeros((round(min(seconds, _LONGEST_GAP_SECONDS) * self.rate), self.channels), np.float32)

    def _same(self, frame: AudioFrame) -> None:
        now = (frame.sample_rate, frame.layout.nb_channels)
        if now == (self.rate, self.channels):
            return
        if self._heard:
            claim = f"the sound changes from {self.channels} channels at {self.rate} Hz to {now[1]} at {now[0]} Hz"
            after = f"after {self._heard / self.rate:.2f} s"
            raise CannotDecode("UNSUPPORTED_FORMAT", f"{claim} {after}")
        self.rate, self.channels = now


class _Reader:
    """A file from byte `start` on, as libav reads it: what cannot be sought is answered, not raised."""

    def __init__(self, file: File, start: int) -> None:
        self._file, self._start, self._position = file, start, 0

    def read(self, count: int) -> bytes:
        """Up to `count` bytes from the present position."""
        found = self._file.at(self._start + self._position, count)
        self._position += len(found)
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go elsewhere; -1 if there is no such place."""
        origin = (0, self._position, self._file.size - self._start)[whence]
        if origin + offset < 0:
            return -1
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        """The present position."""
        return self._position


def _floats(frame: AudioFrame) -> Samples:
    """The samples of a frame, shape (frames, channels), full scale 1.0."""
    raw: Any = frame.to_ndarray()
    raw = raw.T if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels)
    sound: Samples = raw.astype(np.float32, copy=False)
    if raw.dtype == np.uint8:
        sound -= 128
        sound /= 128
    elif raw.dtype.kind == "i":
        sound *= np.float32(2.0 ** (1 - 8 * raw.dtype.itemsize))
    return sound


def _nothing_else(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError(f"a sound file may not open another: {url}")


def _why(error: Exception) -> str:
    """FFmpeg's own words, without a path or a number, where they are about the file."""
    for kind, words in _OTHER_WORDS.items():
        if isinstance(error, kind):
            return words
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
