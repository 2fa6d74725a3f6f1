"""Sound files made for tests, true ones and lies, and what is heard of them."""

import struct

import av
import numpy as np

from samplemind_daemon.analysis.sound import open_sound
from samplemind_sdk import RATE

LEVEL, HERTZ = 0.5, 441.0


def sine(seconds, rate=RATE, channels=2):
    """A sine of known level and pitch in every channel, shape (samples, channels)."""
    wave = LEVEL * np.sin(2 * np.pi * HERTZ * np.arange(int(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def format_chunk(tag=1, channels=1, rate=RATE, bits=16, frame=None):
    """The fmt chunk of a WAV file, true or not."""
    frame = channels * bits // 8 if frame is None else frame
    fields = (16, tag, channels, rate, rate * frame & 0xFFFFFFFF, frame & 0xFFFF, bits)
    return b"fmt " + struct.pack("<IHHIIHH", *fields)


def wave_file(data, claimed=None, head=None, before=b"", after=b""):
    """The bytes of a WAV file that claims to hold `claimed` bytes of sound."""
    size = struct.pack("<I", len(data) if claimed is None else claimed)
    body = b"WAVE" + before + (head or format_chunk()) + b"data" + size + data + after
    return b"RIFF" + struct.pack("<I", len(body)) + body


def encode(path, sound, rate, container, codec, layout="stereo"):
    """Write a file with FFmpeg's libraries."""
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.codec_context.frame_size)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", layout)
        frame.sample_rate = rate
        for one in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(one))
        out.mux([packet for packet in stream.encode(None) if packet.size])


def hear(path, **how):
    """All of a file: its media, and its sound at RATE, shape (channels, samples)."""
    with open_sound(path, **how) as sound:
        samples = np.concatenate([block.samples for block in sound.blocks()], axis=1)
        return sound.media, samples
