"""Where live sound comes from: standard input, a file, or a microphone."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from samplemind_client.errors import SampleMindError

if TYPE_CHECKING:
    from samplemind_client.values.live import Stream

PIECE_SECONDS = 0.02
PCM = {2: "s16le", 3: "s24le"}  # formats by bytes of a sample, as the wave module reads them


@dataclass(frozen=True)
class Source:
    """Samples that come as they are played."""

    stream: "Stream"
    name: str
    pieces: Callable[[], AsyncGenerator[bytes, None]]


def open_source(file: str, format: str, rate: int, channels: int, in_time: bool) -> Source:
    """Standard input for "-", the microphone for none, or a file, played in time or as fast as it is heard."""
    from samplemind_client.values.live import WIDTHS, Stream

    if format not in WIDTHS:
        raise _misused("INVALID_FORMAT", f"--format is one of {', '.join(WIDTHS)}, not {format!r}")
    stream = Stream(format, rate, channels)
    if file == "-":
        return Source(stream, "live.wav", lambda: _aside(_read(sys.stdin.buffer.fileno())))
    if not file:
        return _microphone(rate, channels)
    if not os.path.isfile(file):
        raise _misused("NOT_FOUND", f"there is no file {file!r}")
    return _wave(file, in_time) or _decoded(file, rate, channels, in_time)


def _wave(file: str, in_time: bool) -> Source | None:
    """A WAV file of whole numbers; None for any other file."""
    try:
        with wave.open(file, "rb") as opened:
            width, stored = opened.getsampwidth(), opened.getparams()
    except (wave.Error, EOFError):
        return None
    if width not in PCM:
        return None
    from samplemind_client.values.live import Stream

    stream = Stream(PCM[width], stored.framerate, stored.nchannels)

    def pieces() -> Iterator[bytes]:
        with wave.open(file, "rb") as opened:
            while data := opened.readframes(int(PIECE_SECONDS * stream.rate)):
                yield data

    return Source(stream, Path(file).name, lambda: _in_time(pieces(), stream, in_time))


def _decoded(file: str, rate: int, channels: int, in_time: bool) -> Source:
    """Any other file, by ffmpeg."""
    if shutil.which("ffmpeg") is None:
        raise _misused("NO_FFMPEG", f"{file!r} is no WAV file of whole numbers: to play it takes ffmpeg")
    from samplemind_client.values.live import Stream

    stream = Stream("f32le", rate, channels)
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", file, "-f", "f32le", "-ar", str(rate)]
    command += ["-ac", str(channels), "-"]

    def pieces() -> Iterator[bytes]:
        with subprocess.Popen(command, stdout=subprocess.PIPE) as decoding:
            assert decoding.stdout is not None
            yield from _read(decoding.stdout.fileno())
            if decoding.wait():
                raise _misused("UNDECODABLE", f"ffmpeg cannot play {file!r}")

    return Source(stream, Path(file).name, lambda: _in_time(pieces(), stream, in_time))


def _microphone(rate: int, channels: int) -> Source:
    try:
        import sounddevice
    except (ModuleNotFoundError, OSError) as error:
        why = f"the microphone takes sounddevice and PortAudio: pip install 'samplemind[live]' ({error})"
        raise _misused("EXTRA_MISSING", why) from None
    from samplemind_client.values.live import Stream

    stream = Stream("f32le", rate, channels)

    def pieces() -> Iterator[bytes]:
        try:
            with sounddevice.RawInputStream(rate, 0, channels=channels, dtype="float32") as microphone:
                while True:
                    yield bytes(microphone.read(int(PIECE_SECONDS * rate))[0])
        except sounddevice.PortAudioError as error:
            raise _misused("NO_MICROPHONE", f"no microphone can be heard: {error}") from None

    return Source(stream, "microphone.wav", lambda: _aside(pieces()))


async def _in_time(pieces: Iterator[bytes], stream: "Stream", in_time: bool) -> AsyncGenerator[bytes, None]:
    began, frames = time.monotonic(), 0
    async for piece in _aside(pieces):
        frames += len(piece) // stream.frame_bytes
        if in_time:  # a piece is there once its last frame was played
            await asyncio.sleep(began + frames / stream.rate - time.monotonic())
        yield piece


def _aside(pieces: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    from samplemind_client.playing import aside

    return aside(pieces)


def _read(handle: int) -> Iterator[bytes]:
    while data := os.read(handle, 1 << 14):
        yield data


def _misused(reason: str, why: str) -> SampleMindError:
    return SampleMindError("INVALID_ARGUMENT", reason, f"{why[:1].upper()}{why[1:]}.")
